import type { Overrides } from "@sortition/core";
import type { EppoAttributes } from "@sortition/core/eppo";
import {
  fieldNames,
  isJsonObject,
  type JsonObject,
  member,
  optionalObjectField,
  refuseUnknownFields,
  stringField,
  unexpected,
} from "../../evaluate/request.js";

/** The types of request that name a typed getter, and the getter. */
export const GETTERS = {
  boolean: "getBooleanAssignmentDetails",
  integer: "getIntegerAssignmentDetails",
  numeric: "getNumericAssignmentDetails",
  string: "getStringAssignmentDetails",
  json: "getJSONAssignmentDetails",
} as const;

export type Getter = (typeof GETTERS)[keyof typeof GETTERS];

export interface AssignmentRequest {
  readonly getter: Getter;
  readonly flag: string;
  readonly subjectKey: string;
  /** `undefined`: not given. */
  readonly subjectAttributes: EppoAttributes | null | undefined;
  /** Of any type, also of another than the getter's. */
  readonly defaultValue: unknown;
  readonly overrides: Overrides | undefined;
}

const FIELDS = fieldNames(
  ...["type", "flag", "subjectKey", "default", "subjectAttributes", "overrides"],
);

/** @throws RequestError that names the field. */
export function readAssignmentRequest(
  type: keyof typeof GETTERS,
  fields: JsonObject,
): AssignmentRequest {
  refuseUnknownFields(fields, FIELDS);
  return {
    getter: GETTERS[type],
    flag: stringField(fields, "flag"),
    subjectKey: stringField(fields, "subjectKey"),
    subjectAttributes: readAttributes(fields),
    defaultValue: fields["default"] ?? null,
    overrides: readOverrides(fields),
  };
}

/** The vendor takes `null` for `{}`, and values of any kind. */
export function readAttributes(fields: JsonObject): EppoAttributes | null | undefined {
  if (fields["subjectAttributes"] === null) return null;
  return optionalObjectField(fields, "subjectAttributes") as EppoAttributes | undefined;
}

/** @throws RequestError that names the override which is not `{ key, value }`. */
export function readOverrides(fields: JsonObject): Overrides | undefined {
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
