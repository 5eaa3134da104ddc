import type { Attributes, Overrides } from "@sortition/core";
import {
  isJsonObject,
  type JsonObject,
  member,
  optionalObjectField,
  RequestError,
  refuseUnknownFields,
  stringField,
  unexpected,
} from "./request.js";

/** The types of request that name a typed getter, and the getter. */
export const GETTERS = {
  boolean: "getBooleanAssignmentDetails",
  integer: "getIntegerAssignmentDetails",
  numeric: "getNumericAssignmentDetails",
  string: "getStringAssignmentDetails",
  json: "getJSONAssignmentDetails",
} as const;

/** A typed getter of the client. */
export type Getter = (typeof GETTERS)[keyof typeof GETTERS];

/** A call of a typed getter. */
export interface AssignmentRequest {
  readonly getter: Getter;
  readonly flag: string;
  readonly subjectKey: string;
  /** `undefined`: not given. */
  readonly subjectAttributes: Attributes | null | undefined;
  /** Of any type, whatever the getter's is. */
  readonly defaultValue: unknown;
  readonly overrides: Overrides | undefined;
}

/** Types of this dialect that are yet to come. */
const LATER_TYPES: readonly unknown[] = ["bandit", "best-action", "precomputed"];

const FIELDS: ReadonlySet<string> = new Set([
  "id",
  "now",
  "type",
  "flag",
  "subjectKey",
  "default",
  "subjectAttributes",
  "overrides",
]);

/** @throws RequestError that names the field. */
export function readAssignmentRequest(fields: JsonObject): AssignmentRequest {
  const getter = readGetter(fields["type"]);
  refuseUnknownFields(fields, FIELDS);
  return {
    getter,
    flag: stringField(fields, "flag"),
    subjectKey: stringField(fields, "subjectKey"),
    subjectAttributes: readAttributes(fields),
    defaultValue: fields["default"] ?? null,
    overrides: readOverrides(fields),
  };
}

function readGetter(type: unknown): Getter {
  if (typeof type === "string" && Object.hasOwn(GETTERS, type)) {
    return GETTERS[type as keyof typeof GETTERS]; // just looked up
  }
  const types = Object.keys(GETTERS).join(", ");
  if (LATER_TYPES.includes(type)) {
    throw new RequestError(
      "type",
      `${JSON.stringify(type)} is not supported yet; there is ${types}`,
    );
  }
  throw unexpected("type", `one of ${types}`, type);
}

/** The vendor takes `null` for `{}`, and values of any kind. */
function readAttributes(fields: JsonObject): Attributes | null | undefined {
  if (fields["subjectAttributes"] === null) return null;
  return optionalObjectField(fields, "subjectAttributes") as Attributes | undefined;
}

function readOverrides(fields: JsonObject): Overrides | undefined {
  const overrides = optionalObjectField(fields, "overrides");
  if (overrides === undefined) return undefined;
  for (const [flagKey, override] of Object.entries(overrides)) {
    const path = member("overrides", flagKey);
    if (!isJsonObject(override)) throw unexpected(path, "an object", override);
    if (typeof override["key"] !== "string") {
      throw unexpected(`${path}.key`, "a string", override["key"]);
    }
    if (override["value"] === undefined) throw unexpected(`${path}.value`, "a value", undefined);
  }
  return overrides as Overrides; // just checked
}
