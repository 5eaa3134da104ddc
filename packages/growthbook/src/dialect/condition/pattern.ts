import type { CompileOptions } from "../malformed.js";
import type { Test } from "./compiled.js";

/** Compiles a regular expression that is matched against the string form of a value. An invalid one never matches. */
export function compilePattern(
  operand: unknown,
  isFolded: boolean,
  path: string,
  options: CompileOptions,
): Test {
  const pattern = regExpOf(operand, isFolded);
  if (pattern === null) {
    options.report(path, "not a regular expression, so it never matches", "malformed");
    return () => false;
  }
  const test = options.guard(pattern, path);
  if (test === null) return () => false;
  return (value) => {
    try {
      return test.test(value as string) === true;
    } catch {
      return false; // the value has no string form
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
