import {
  type JsonObject,
  optionalObjectField,
  RequestError,
  stringField,
} from "../evaluate/request.js";
import type { JudgedSubject } from "./flag-judge.js";

/** The member of a row by which the dialect shows whose subjects these are. */
const SHOWN: ReadonlyMap<string, string> = new Map([
  ["subjectKey", "eppo"],
  ["context", "growthbook"],
  ["user", "amplitude"],
  ["distinctId", "posthog"],
]);

/** What a row of a subject may have besides its attributes: members of requests of `sortition evaluate`. */
const FIELDS: ReadonlySet<string> = new Set([
  ...["id", "now", "type", "flag", "flags", "subjectKey", "default", "overrides", "actions"],
  ...["banditActions", "salt"],
]);

/**
 * Reads a subject of the form that all dialects take.
 *
 * @throws RequestError also for a row with other members in place of attributes: these would not be evaluated.
 */
export function plainSubject(row: JsonObject): JudgedSubject {
  const key = stringField(row, "subjectKey");
  if (Object.hasOwn(row, "subjectAttributes")) {
    // CSV has an empty cell where there are none.
    const isEmpty = row["subjectAttributes"] === null;
    return {
      key,
      attributes: isEmpty ? {} : (optionalObjectField(row, "subjectAttributes") ?? {}),
    };
  }
  const other = Object.keys(row).find((name) => !FIELDS.has(name));
  if (other === undefined) return { key, attributes: {} };
  throw new RequestError(other, "unknown; attributes are members of subjectAttributes");
}

/** @throws RequestError if a row has subjects of another dialect only. */
export function refuseOtherDialect(row: JsonObject, dialect: string): void {
  if (Object.hasOwn(row, "subjectKey")) return;
  for (const [field, other] of SHOWN) {
    if (other === dialect || !Object.hasOwn(row, field)) continue;
    throw new RequestError(
      field,
      `a subject of ${other}, and the configurations are of ${dialect}`,
    );
  }
}
