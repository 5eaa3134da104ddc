import { concatenable } from "../hash/hash.js";
import { malformed } from "../malformed.js";
import { safeText } from "../safe-text.js";
import { type ConditionCompiler, isMet, type Test } from "./compiled.js";
import { compileFoldedMembership, compileMembership, SHORT } from "./membership.js";
import { isOperatorObject } from "./operator-object.js";
import { paddedVersionString } from "./padded-version.js";
import { compilePattern } from "./pattern.js";
import { plainVersion } from "./plain-version.js";

const never: Test = () => false;

export function compileOperator(
  operator: string,
  operand: unknown,
  path: string,
  compiler: ConditionCompiler,
): Test {
  switch (operator) {
    case "$eq":
      return (value) => value === operand;
    case "$ne":
      return (value) => value !== operand;
    case "$lt":
      return (value) => (value as number) < (operand as number);
    case "$lte":
      return (value) => (value as number) <= (operand as number);
    case "$gt":
      return (value) => (value as number) > (operand as number);
    case "$gte":
      return (value) => (value as number) >= (operand as number);
    case "$exists":
      return operand
        ? (value) => value !== null && value !== undefined
        : (value) => value === null || value === undefined;
    case "$in":
      return Array.isArray(operand) ? compileMembership(operand) : never;
    case "$nin":
      return Array.isArray(operand) ? not(compileMembership(operand)) : never;
    case "$ini":
      return Array.isArray(operand) ? compileFoldedMembership(operand) : never;
    case "$nini":
      return Array.isArray(operand) ? not(compileFoldedMembership(operand)) : never;
    case "$inGroup": {
      const id = safeText(operand);
      return (value, { savedGroups }) => savedGroups.membership(id)?.(value) ?? false;
    }
    case "$notInGroup": {
      const id = safeText(operand);
      return (value, { savedGroups }) => {
        const isMember = savedGroups.membership(id);
        return isMember !== null && !isMember(value);
      };
    }
    case "$all":
    case "$alli":
      return Array.isArray(operand)
        ? compileAll(operand, operator === "$alli", path, compiler)
        : never;
    case "$size": {
      const test = compiler.test(operand, path);
      return (value, context) => Array.isArray(value) && test(value.length, context);
    }
    case "$elemMatch":
      return compileElemMatch(operand, path, compiler);
    case "$type":
      return (value) => typeName(value) === operand;
    case "$regex":
    case "$regexi":
      return compilePattern(operand, operator === "$regexi", path, compiler.options);
    case "$not": {
      return not(compiler.test(operand, path));
    }
    default:
      return compileVersionOperator(operator, operand) ?? unknownOperator(operator, path, compiler);
  }
}

function unknownOperator(operator: string, path: string, { options }: ConditionCompiler): Test {
  options.report(path, `${operator} is not an operator, so it never matches`, "unknown-operator");
  return never;
}

/** The version that an operator compares with. */
interface VersionOperand {
  /** The result of {@link plainVersion}. */
  readonly plain: number;
  readonly padded: string;
}

function compileVersionOperator(operator: string, operand: unknown): Test | null {
  const version: VersionOperand = {
    plain: typeof operand === "string" ? plainVersion(operand) : -1,
    padded: paddedVersionString(operand),
  };
  switch (operator) {
    case "$veq":
      return (value) => orderOf(value, version) === 0;
    case "$vne":
      return (value) => orderOf(value, version) !== 0;
    case "$vgt":
      return (value) => orderOf(value, version) > 0;
    case "$vgte":
      return (value) => orderOf(value, version) >= 0;
    case "$vlt":
      return (value) => orderOf(value, version) < 0;
    case "$vlte":
      return (value) => orderOf(value, version) <= 0;
    default:
      return null;
  }
}

/** Returns a negative number if a value is a lower version than the operand, and a positive one if it is higher. */
function orderOf(value: unknown, { padded, plain }: VersionOperand): number {
  // Most versions are plain and can be compared without creating strings.
  const key = plain >= 0 && typeof value === "string" ? plainVersion(value) : -1;
  if (key >= 0) return key - plain;
  const other = paddedVersionString(value);
  return other === padded ? 0 : other < padded ? -1 : 1;
}

function not(test: Test): Test {
  return (value, context) => !test(value, context);
}

/** Each element of the operand must match an element of the value. Elements may be literals or operators. */
function compileAll(
  operand: readonly unknown[],
  isFolded: boolean,
  path: string,
  compiler: ConditionCompiler,
): Test {
  const tests = operand.map((element, i): Test => {
    if (isFolded && typeof element === "string") {
      const folded = element.toLowerCase();
      return (value) => String(value).toLowerCase() === folded;
    }
    return compiler.test(element, `${path}[${i}]`);
  });
  const each: Test = (value, context) =>
    Array.isArray(value) && tests.every((test) => hasMatch(value, test, context));
  return operand.length > SHORT && operand.every((it) => typeof it === "string")
    ? compileAllTexts(operand, isFolded, each)
    : each;
}

/** Tests holes, too, which `some` would skip. */
function hasMatch(list: readonly unknown[], test: Test, context: Parameters<Test>[1]): boolean {
  for (const element of list) if (test(element, context)) return true;
  return false;
}

/** Compares a list with many strings in one pass over both. */
function compileAllTexts(operand: readonly string[], isFolded: boolean, each: Test): Test {
  const texts = isFolded ? operand.map((it) => it.toLowerCase()) : operand;
  const textOf = isFolded
    ? (element: unknown) => String(element).toLowerCase()
    : (element: unknown) => (typeof element === "string" ? element : concatenable(element));
  return (value, context) => {
    if (!Array.isArray(value)) return false;
    let elements: ReadonlySet<string>;
    try {
      elements = new Set(Array.from(value, textOf));
    } catch {
      return each(value, context); // an element without a string form only fails when it is reached
    }
    return texts.every((text) => elements.has(text));
  };
}

/** At least one element must match. `null` elements are skipped. */
function compileElemMatch(operand: unknown, path: string, compiler: ConditionCompiler): Test {
  if (operand === null || operand === undefined) {
    const error = malformed(path, "expected a condition, got nothing", compiler.options);
    return (value) => {
      if (Array.isArray(value)) throw error;
      return false;
    };
  }
  if (isOperatorObject(operand)) {
    const test = compiler.test(operand, path);
    return (value, context) =>
      Array.isArray(value) &&
      value.some((element) => element !== null && element !== undefined && test(element, context));
  }
  const condition = compiler.condition(operand, path);
  return (value, context) =>
    Array.isArray(value) &&
    value.some(
      (element) => element !== null && element !== undefined && isMet(condition, element, context),
    );
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const type = typeof value;
  switch (type) {
    case "string":
    case "number":
    case "boolean":
    case "object":
    case "undefined":
      return type;
    default:
      return "unknown";
  }
}
