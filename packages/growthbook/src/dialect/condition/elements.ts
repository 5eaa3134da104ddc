import type { ConditionCompiler, Entry, Test } from "./compiled.js";
import { readMember } from "./path.js";
import { compileTest } from "./value-test.js";

/**
 * Compiles a list that is used as a condition. It matches if each element matches the attribute that is named after the
 * element's index.
 *
 * Quirk: the vendor reads the list as an object (growthbook). A payload may have millions of elements, so only objects
 * are compiled. Other elements are compared when an evaluation reaches them.
 */
export function elementsByIndex(
  wire: readonly unknown[],
  path: string,
  compiler: ConditionCompiler,
): Entry {
  const tests = new Map<number, Test>();
  for (let i = 0; i < wire.length; i++) {
    const element = wire[i];
    if (typeof element !== "object" || element === null) continue;
    tests.set(i, compiler.test(element, `${path}["${i}"]`));
  }
  return (root, context) => {
    for (let i = 0; i < wire.length; i++) {
      const test = tests.get(i) ?? compileTest(wire[i], path, compiler);
      if (!test(readMember(root, `${i}`, context), context)) return false;
    }
    return true;
  };
}
