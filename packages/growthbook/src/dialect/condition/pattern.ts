import { riskOf } from "@sortition/core/dialect";
import type { CompileOptions } from "../malformed.js";
import type { Test } from "./compiled.js";

/** Compiles a regular expression that is searched in the string form of a value. An invalid one never matches. */
export function compilePattern(
  operand: unknown,
  isFolded: boolean,
  path: string,
  options: CompileOptions,
): Test {
  const pattern = regExpOf(operand, isFolded);
  if (pattern === null) {
    options.report(path, "not a regular expression: it matches nobody", "malformed");
    return () => false;
  }
  const risk = riskOf(pattern);
  if (risk !== null) {
    options.report(path, risk, "risky-pattern");
    if (options.refuseRiskyPatterns) return () => false;
  }
  return (value) => {
    try {
      return pattern.test(value as string);
    } catch {
      return false; // a value without a string form
    }
  };
}

function regExpOf(operand: unknown, isFolded: boolean): RegExp | null {
  if (typeof operand !== "string") return null;
  try {
    return new RegExp(operand.replace(/([^\\])\//g, "$1\\/"), isFolded ? "i" : undefined);
  } catch {
    return null;
  }
}
