import {
  DecodeError,
  expectArray,
  expectObject,
  expectString,
  unexpected,
} from "@sortition/core/dialect";
import type { ConditionWire } from "@sortition/core/eppo";
import { isOrdering, isVersionOperator } from "./condition/operators.js";
import { compilePattern } from "./condition/pattern.js";
import { parseVersion } from "./condition/version.js";

/** @throws DecodeError if the operator is unknown or the value does not fit it. */
export function decodeCondition(value: unknown, path: string): ConditionWire {
  const condition = expectObject(value, path);
  const attribute = expectString(condition["attribute"], `${path}.attribute`);
  const operator = expectString(condition["operator"], `${path}.operator`);
  checkValue(operator, condition["value"], path);
  return { attribute, operator, value: condition["value"] };
}

function checkValue(operator: string, value: unknown, path: string): void {
  const at = `${path}.value`;
  if (isOrdering(operator)) {
    if (!Number.isFinite(value)) throw unexpected(at, "a number", value);
  } else if (isVersionOperator(operator)) {
    if (parseVersion(value) === null) throw unexpected(at, "a version", value);
  } else {
    checkOtherValue(operator, value, path);
  }
}

function checkOtherValue(operator: string, value: unknown, path: string): void {
  const at = `${path}.value`;
  switch (operator) {
    case "ONE_OF":
    case "NOT_ONE_OF":
      for (const [i, it] of expectArray(value, at).entries()) expectString(it, `${at}[${i}]`);
      return;
    case "IS_NULL":
      if (typeof value !== "boolean") throw unexpected(at, "a boolean", value);
      return;
    case "MATCHES":
    case "NOT_MATCHES":
      checkPattern(expectString(value, at), at);
      return;
    default:
      throw new DecodeError(`${path}.operator`, "unknown operator");
  }
}

function checkPattern(pattern: string, path: string): void {
  try {
    compilePattern(pattern);
  } catch (cause) {
    throw new DecodeError(path, "expected a regular expression", { cause });
  }
}
