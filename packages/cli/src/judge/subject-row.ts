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

/** Reads a subject of the form that all dialects take. */
export function plainSubject(row: JsonObject): JudgedSubject {
  return {
    key: stringField(row, "subjectKey"),
    // CSV has an empty cell where there are none.
    attributes:
      row["subjectAttributes"] === null
        ? {}
        : (optionalObjectField(row, "subjectAttributes") ?? {}),
  };
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
