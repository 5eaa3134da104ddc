import type { Override } from "@sortition/core";
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

/** The typed getter for each type of request. */
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
  /** The default value, which may have another type than the getter. */
  readonly defaultValue: unknown;
  readonly overrides: Readonly<Record<string, Override>> | undefined;
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

/** Reads the attributes. As in the vendor's SDK, `null` is allowed and values may have any type. */
export function readAttributes(fields: JsonObject): EppoAttributes | null | undefined {
  if (fields["subjectAttributes"] === null) return null;
  return optionalObjectField(fields, "subjectAttributes") as EppoAttributes | undefined;
}

/** @throws RequestError that names an override other than `{ key, value }`. */
export function readOverrides(fields: JsonObject): Readonly<Record<string, Override>> | undefined {
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
  return overrides as unknown as Readonly<Record<string, Override>>; // just checked
}
