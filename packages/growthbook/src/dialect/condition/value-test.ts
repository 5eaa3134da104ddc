import { concatenable } from "../hash/hash.js";
import type { ConditionCompiler, Test } from "./compiled.js";
import { isOperatorObject } from "./operator-object.js";
import { compileOperator } from "./operators.js";

/** Compiles a comparison: a literal, or an object of operators that must all match. */
export function compileTest(wire: unknown, path: string, compiler: ConditionCompiler): Test {
  const literal = literalTest(wire);
  if (literal !== null) return literal;
  if (!isOperatorObject(wire)) return compileJsonEquality(wire);
  const tests = Object.entries(wire).map(([operator, operand]) =>
    compileOperator(operator, operand, `${path}.${operator}`, compiler),
  );
  const [only] = tests;
  if (tests.length === 1 && only !== undefined) return only;
  return (value, context) => {
    for (let i = 0; i < tests.length; i++) {
      if (!(tests[i] as Test)(value, context)) return false; // i < length
    }
    return true;
  };
}

/** Compares with a string, a number, a boolean or `null`. Returns `null` for anything else. */
function literalTest(wire: unknown): Test | null {
  switch (typeof wire) {
    case "string":
      return (value) => (typeof value === "string" ? value : concatenable(value)) === wire;
    case "number":
      return (value) => (value as number) * 1 === wire;
    case "boolean":
      return (value) => value !== null && !!value === wire;
    default:
      return wire === null ? (value) => value === null : null;
  }
}

/** Compares JSON strings, so the order of keys matters. */
function compileJsonEquality(wire: unknown): Test {
  let text: string | undefined;
  let isKnown = false;
  return (value) => {
    const actual = JSON.stringify(value);
    // Serialized on first use, because a value that nests too deeply must throw when it is reached, not when it is
    // compiled.
    if (!isKnown) text = JSON.stringify(wire);
    isKnown = true;
    return actual === text;
  };
}
