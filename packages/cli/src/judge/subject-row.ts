import { objectIn } from "../evaluate/object-cell.js";
import {
  type JsonObject,
  RequestError,
  ShapeError,
  stringField,
  unexpected,
} from "../evaluate/request.js";
import type { JudgedSubject } from "./flag-judge.js";

/** Members of a row that belong to requests of `sortition evaluate` and are not attributes. */
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
 * Reads a subject in the format that all dialects accept.
 *
 * @throws RequestError, also for a row with other members instead of `subjectAttributes`, because they would be
 *   ignored.
 */
export function plainSubject(row: JsonObject): JudgedSubject {
  const hasKey = Object.hasOwn(row, "subjectKey");
  const isLogged = Object.hasOwn(row, "subject") && !hasKey;
  if (!hasKey && !isLogged) {
    const columns = Object.keys(row).join(", ");
    throw new ShapeError(
      `no column for the subject (subjectKey, subject); the row has ${columns}. Name the column with --map subject=COLUMN,attributes.NAME=COLUMN, or write a header line if there is none`,
    );
  }
  const key = stringField(row, isLogged ? "subject" : "subjectKey");
  if (isLogged && isEvent(row)) return { key, attributes: eventAttributes(row) };
  if (Object.hasOwn(row, "subjectAttributes")) {
    return { key, attributes: objectField(row, "subjectAttributes") };
  }
  const other = Object.keys(row).find((name) => !FIELDS.has(name));
  if (other === undefined) return { key, attributes: {} };
  const map = `subject=${isLogged ? "subject" : "subjectKey"},attributes.${other}=${other}`;
  throw new RequestError(
    other,
    `unknown member. Attributes belong in subjectAttributes, or name the columns with --map ${map}`,
  );
}

/** Whether a row is an event of our loggers, whose other members are not attributes. */
function isEvent(row: JsonObject): boolean {
  return Object.hasOwn(row, "featureFlag") || Object.hasOwn(row, "banditKey");
}

/** Merges the attributes of bandit events, which are split into numeric and categorical ones. */
function eventAttributes(row: JsonObject): JsonObject {
  return {
    ...objectField(row, "subjectNumericAttributes"),
    ...objectField(row, "subjectCategoricalAttributes"),
    ...objectField(row, "subjectAttributes"),
  };
}

/** Reads a member with an object or its JSON. In CSV, an empty cell means that there is none. */
function objectField(row: JsonObject, name: string): JsonObject {
  const value = row[name];
  if (value === undefined || value === null || value === "") return {};
  const object = objectIn(value);
  if (object !== null) return object;
  throw unexpected(name, "an object", value);
}
