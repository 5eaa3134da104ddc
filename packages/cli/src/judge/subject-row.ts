import { objectIn } from "../evaluate/object-cell.js";
import {
  type JsonObject,
  RequestError,
  ShapeError,
  stringField,
  unexpected,
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
  ...[
    "id",
    "now",
    "type",
    "flag",
    "flags",
    "subject",
    "subjectKey",
    "default",
    "overrides",
    "actions",
  ],
  ...["banditActions", "salt"],
]);

/**
 * Reads a subject of the form that all dialects take.
 *
 * @throws RequestError also for a row with other members in place of attributes: these would not be evaluated.
 */
export function plainSubject(row: JsonObject): JudgedSubject {
  const hasKey = Object.hasOwn(row, "subjectKey");
  const isLogged = Object.hasOwn(row, "subject") && !hasKey;
  if (!hasKey && !isLogged) {
    const columns = Object.keys(row).join(", ");
    throw new ShapeError(
      `no column is the subject (subjectKey, subject); the columns are ${columns}; say which one by --map subject=COLUMN`,
    );
  }
  const key = stringField(row, isLogged ? "subject" : "subjectKey");
  if (isLogged && isEvent(row)) return { key, attributes: eventAttributes(row) };
  if (Object.hasOwn(row, "subjectAttributes")) {
    return { key, attributes: objectField(row, "subjectAttributes") };
  }
  const other = Object.keys(row).find((name) => !FIELDS.has(name));
  if (other === undefined) return { key, attributes: {} };
  throw new RequestError(other, "unknown; attributes are members of subjectAttributes");
}

/** Whether it is an event of our loggers, whose other members are no attributes. */
function isEvent(row: JsonObject): boolean {
  return Object.hasOwn(row, "featureFlag") || Object.hasOwn(row, "banditKey");
}

/** Attributes of a bandit's action are split by kind. */
function eventAttributes(row: JsonObject): JsonObject {
  return {
    ...objectField(row, "subjectNumericAttributes"),
    ...objectField(row, "subjectCategoricalAttributes"),
    ...objectField(row, "subjectAttributes"),
  };
}

/** An object, or its JSON; CSV has an empty cell where there is none. */
function objectField(row: JsonObject, name: string): JsonObject {
  const value = row[name];
  if (value === undefined || value === null || value === "") return {};
  const object = objectIn(value);
  if (object !== null) return object;
  throw unexpected(name, "an object", value);
}

/** @throws RequestError if a row has subjects of another dialect only. */
export function refuseOtherDialect(row: JsonObject, dialect: string): void {
  if (Object.hasOwn(row, "subjectKey") || Object.hasOwn(row, "subject")) return;
  for (const [field, other] of SHOWN) {
    if (other === dialect || !Object.hasOwn(row, field)) continue;
    throw new RequestError(
      field,
      `a subject of ${other}, and the configurations are of ${dialect}`,
    );
  }
}
