import type { AssignmentDetails, Client } from "@sortition/core";
import type { ValueType } from "@sortition/core/dialect";
import type { DialectCall } from "./harness.js";

const PLAIN = {
  boolean: "getBooleanAssignment",
  integer: "getIntegerAssignment",
  numeric: "getNumericAssignment",
  string: "getStringAssignment",
  json: "getJSONAssignment",
} as const;

const DETAILED = {
  boolean: "getBooleanAssignmentDetails",
  integer: "getIntegerAssignmentDetails",
  numeric: "getNumericAssignmentDetails",
  string: "getStringAssignmentDetails",
  json: "getJSONAssignmentDetails",
} as const;

/** All types of getters. */
export const VALUE_TYPES: readonly ValueType[] = [
  "boolean",
  "integer",
  "numeric",
  "string",
  "json",
];

/** Returns each call with each type of getter. */
export function withEachType(calls: readonly DialectCall[]): readonly DialectCall[] {
  return calls.flatMap((call) => VALUE_TYPES.map((type) => ({ ...call, type })));
}

/** A default that cannot be the value of a flag. All getters return it unchanged. */
export const DEFAULT_VALUE: object = Object.freeze({ isDefault: true });

/** Calls a typed getter. */
export function askValue(client: Client, call: DialectCall): unknown {
  const { attributes, flagKey, subjectKey, type } = call;
  return client[PLAIN[type]](flagKey, subjectKey, attributes, DEFAULT_VALUE as never);
}

/** Calls a getter with details. */
export function askDetails(client: Client, call: DialectCall): AssignmentDetails<unknown, object> {
  const { attributes, flagKey, subjectKey, type } = call;
  return client[DETAILED[type]](flagKey, subjectKey, attributes, DEFAULT_VALUE as never);
}

/** Whether a getter of this type may return the value. */
export function fits(value: unknown, type: ValueType): boolean {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value);
    case "numeric":
      return typeof value === "number";
    case "json":
      return value !== undefined && typeof value !== "function" && typeof value !== "symbol";
  }
}
