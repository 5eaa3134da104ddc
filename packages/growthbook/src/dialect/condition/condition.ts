import { throwing } from "@sortition/core/dialect";
import { type CompileOptions, MalformedError, malformed } from "../malformed.js";
import { anyCharacter, charactersByIndex, everyCharacter } from "./characters.js";
import { type CompiledCondition, type ConditionCompiler, type Entry, isMet } from "./compiled.js";
import { elementsByIndex } from "./elements.js";
import { compileGroupReference } from "./group-reference.js";
import { compilePath, readMember } from "./path.js";
import { compileTest } from "./value-test.js";

/** Compiles a condition. Features share the compiled form of a condition that has no problems and no patterns. */
export function compileCondition(
  wire: unknown,
  path: string,
  options: CompileOptions,
): CompiledCondition {
  const { interned } = options;
  if (interned === null) return compileAlone(wire, path, options);
  let isShared = true;
  const own: CompileOptions = {
    guard(pattern, at) {
      isShared = false;
      return options.guard(pattern, at);
    },
    report(...problem) {
      isShared = false;
      options.report(...problem);
    },
    errors: options.errors,
    isGiven: options.isGiven,
    interned: null,
  };
  return interned.of(
    "condition",
    wire,
    () => compileAlone(wire, path, own),
    () => isShared,
  );
}

function compileAlone(wire: unknown, path: string, options: CompileOptions): CompiledCondition {
  const compiler: ConditionCompiler = {
    options,
    condition: (nested, at) => compileEntries(nested, at, compiler),
    test: (nested, at) => compileTest(nested, at, compiler),
  };
  return compiler.condition(wire, path);
}

/** Quirk: any value except `null` and `undefined` is a condition, and a number has no entries (growthbook). */
function compileEntries(
  wire: unknown,
  path: string,
  compiler: ConditionCompiler,
): CompiledCondition {
  if (wire === null || wire === undefined) {
    const error = malformed(path, "expected a condition, got nothing", compiler.options);
    return { entries: [throwing(error)], wire };
  }
  if (typeof wire !== "object") compiler.options.report(path, "expected an object", "malformed");
  if (typeof wire === "string") return { entries: [charactersByIndex(wire)], wire };
  if (Array.isArray(wire)) {
    return { entries: wire.length === 0 ? [] : [elementsByIndex(wire, path, compiler)], wire };
  }
  const entries = Object.entries(wire).map(([key, value]) =>
    compileEntry(key, value, `${path}[${JSON.stringify(key)}]`, compiler),
  );
  return { entries, wire };
}

function compileEntry(
  key: string,
  value: unknown,
  path: string,
  compiler: ConditionCompiler,
): Entry {
  switch (key) {
    case "$or":
      return compileAnyOf(value, path, compiler);
    case "$nor": {
      const isAny = compileAnyOf(value, path, compiler);
      return (root, context) => !isAny(root, context);
    }
    case "$and":
      return compileAllOf(value, path, compiler);
    case "$not": {
      const condition = compiler.condition(value, path);
      return (root, context) => !isMet(condition, root, context);
    }
    case "$savedGroup":
      return compileGroupReference(value);
    default: {
      const test = compiler.test(value, path);
      // Saves a call for most conditions.
      if (!key.includes("."))
        return (root, context) => test(readMember(root, key, context), context);
      const read = compilePath(key);
      return (root, context) => test(read(root, context), context);
    }
  }
}

function compileAnyOf(wire: unknown, path: string, compiler: ConditionCompiler): Entry {
  const conditions = compileList(wire, path, compiler);
  return typeof wire === "string" ? anyCharacter(wire) : anyOf(conditions);
}

function compileAllOf(wire: unknown, path: string, compiler: ConditionCompiler): Entry {
  const conditions = compileList(wire, path, compiler);
  return typeof wire === "string" ? everyCharacter(wire) : allOf(conditions);
}

/**
 * Compiles a list of conditions. Quirk: a value that is not a list is treated as an empty one, and a missing element
 * throws when it is reached (growthbook).
 */
function compileList(
  wire: unknown,
  path: string,
  compiler: ConditionCompiler,
): readonly CompiledCondition[] | MalformedError {
  if (wire === null || wire === undefined) {
    return malformed(path, "expected a list, got nothing", compiler.options);
  }
  if (!Array.isArray(wire)) {
    compiler.options.report(path, "expected a list", "malformed");
    return [];
  }
  return Array.from({ length: wire.length }, (_, i) =>
    compiler.condition(wire[i], `${path}[${i}]`),
  );
}

function anyOf(conditions: readonly CompiledCondition[] | MalformedError): Entry {
  if (conditions instanceof MalformedError) return throwing(conditions);
  if (conditions.length === 0) return () => true;
  return (root, context) => {
    for (let i = 0; i < conditions.length; i++) {
      if (isMet(conditions[i] as CompiledCondition, root, context)) return true; // i < length
    }
    return false;
  };
}

function allOf(conditions: readonly CompiledCondition[] | MalformedError): Entry {
  if (conditions instanceof MalformedError) return throwing(conditions);
  return (root, context) => {
    for (let i = 0; i < conditions.length; i++) {
      if (!isMet(conditions[i] as CompiledCondition, root, context)) return false; // i < length
    }
    return true;
  };
}
