import type { Configuration } from "@sortition/core";
import type { HashedUnit } from "@sortition/core/dialect";
import type { CliDialect } from "../dialects/dialect.js";
import type { JsonObject } from "../evaluate/request.js";
import { readsOfAll } from "../judge/flag-reads.js";

/** Finds the attributes that flags hash and that the column of the subjects contains, such as `company_id` for `company_id`. */
export class SubjectUnits {
  readonly #configuration: Configuration;
  readonly #dialect: CliDialect;
  readonly #units = new Map<string, readonly HashedUnit[]>();

  constructor(configuration: Configuration, dialect: CliDialect) {
    this.#configuration = configuration;
    this.#dialect = dialect;
  }

  /** Adds the subject's key as the attribute that a flag hashes, if the column has its name and the attribute is missing. */
  withSubject(flag: string, column: string, key: string, attributes: JsonObject): JsonObject {
    const { unitOf, withUnit } = this.#dialect.explainer;
    return this.#unitsIn(flag, column).reduce<JsonObject>((own, unit) => {
      const subject = { key, attributes: own };
      return unitOf(unit, subject) === null ? withUnit(unit, subject, key) : own;
    }, attributes);
  }

  #unitsIn(flag: string, column: string): readonly HashedUnit[] {
    const id = `${flag}\0${column}`;
    const known = this.#units.get(id);
    if (known !== undefined) return known;
    const { units } = readsOfAll(flag, this.#configuration, this.#dialect);
    const own = units.filter((it) => it.attributes.length > 0 && isNamedAs(it, column));
    this.#units.set(id, own);
    return own;
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
