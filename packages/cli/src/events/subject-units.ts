import type { Configuration } from "@sortition/core";
import type { HashedUnit } from "@sortition/core/dialect";
import type { CliDialect } from "../dialects/dialect.js";
import { readsOfAll } from "../judge/flag-reads.js";
import { madeOnce } from "../made-once.js";
import type { ExposureRow } from "./exposure-row.js";

/** Returns a function that adds the attribute that flags hash to a row whose column of subjects has its name, such as `company_id`. */
export function unitsFrom(
  configuration: Configuration,
  dialect: CliDialect,
): (row: ExposureRow, flags: readonly string[]) => ExposureRow {
  const known = new Map<string, readonly HashedUnit[]>();
  const unitsOf = (flag: string, column: string): readonly HashedUnit[] => {
    const all = readsOfAll(flag, configuration, dialect).units;
    return all.filter((it) => it.attributes.length > 0 && isNamedAs(it, column));
  };
  const { unitOf, withUnit } = dialect.explainer;
  return (row, flags) => {
    const { count, subject: key, subjectColumn: column } = row;
    if (column === undefined || count !== null) return row;
    let { attributes } = row;
    for (const flag of flags) {
      for (const unit of madeOnce(known, `${column}\0${flag}`, () => unitsOf(flag, column))) {
        const subject = { key, attributes };
        if (unitOf(unit, subject) === null) attributes = withUnit(unit, subject, key);
      }
    }
    return attributes === row.attributes ? row : { ...row, attributes };
  };
}

/** Whether a column of subjects has the name of a unit or of its attribute. */
export function isNamedAs({ attributes, name }: HashedUnit, column: string): boolean {
  const paths = attributes.flatMap((it) => [it, it.slice(it.lastIndexOf(".") + 1)]);
  // Names may differ in their spelling: `user_id`, `userId`.
  const plain = (it: string): string => it.replaceAll("_", "").toLowerCase();
  return [name, ...paths].some((it) => plain(it) === plain(column));
}
