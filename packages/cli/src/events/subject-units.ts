import type { Configuration } from "@sortition/core";
import type { HashedUnit } from "@sortition/core/dialect";
import type { CliDialect } from "../dialects/dialect.js";
import type { JsonObject } from "../evaluate/request.js";
import { readsOfAll } from "../judge/flag-reads.js";
import type { ExposureRow } from "./exposure-row.js";

/** Adds the attribute that a flag hashes to rows whose column of subjects has its name, such as `company_id`. */
export class SubjectUnits {
  readonly #configuration: Configuration;
  readonly #dialect: CliDialect;
  /** By column, then by the flag or the experiment. */
  readonly #units = new Map<string, Map<string, readonly HashedUnit[]>>();

  constructor(configuration: Configuration, dialect: CliDialect) {
    this.#configuration = configuration;
    this.#dialect = dialect;
  }

  /** @param flagsIn - returns the flags that a row may belong to. */
  addTo(
    row: ExposureRow,
    column: string,
    flagsIn: (row: ExposureRow) => readonly string[],
  ): ExposureRow {
    const known = this.#units.get(column) ?? new Map<string, readonly HashedUnit[]>();
    const name = row.flag ?? `${row.experiment}`;
    let units = known.get(name);
    if (units === undefined) {
      const flags = flagsIn(row);
      units = flags
        .flatMap((flag) => readsOfAll(flag, this.#configuration, this.#dialect).units)
        .filter((it) => it.attributes.length > 0 && isNamedAs(it, column));
      // Unknown names are not kept, because there may be any number of them.
      if (flags.length > 0) this.#units.set(column, known.set(name, units));
    }
    if (units.length === 0) return row;
    const { unitOf, withUnit } = this.#dialect.explainer;
    const { subject: key } = row;
    const attributes = units.reduce<JsonObject>((own, unit) => {
      const subject = { key, attributes: own };
      return unitOf(unit, subject) === null ? withUnit(unit, subject, key) : own;
    }, row.attributes);
    return { ...row, attributes };
  }
}

/** Whether a column of subjects has the name of a unit or of its attribute. */
export function isNamedAs({ attributes, name }: HashedUnit, column: string): boolean {
  const paths = attributes.flatMap((it) => [it, it.slice(it.lastIndexOf(".") + 1)]);
  return [name, ...paths].some((it) => isSameName(it, column));
}

/** Whether two names differ only in their spelling: `user_id`, `userId`. */
function isSameName(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.replaceAll("_", "").toLowerCase());
  return a === b;
}
