// Short and long lists of `$all` take different paths.
import * as vendor from "@growthbook/growthbook";
import { expect, it } from "vitest";
import { evalCondition } from "../../src/dialect/condition/eval-condition.js";

const ODD: readonly unknown[] = ["a", "A", "", "1", "null", "true", 1, 0, true, false, null, ["a"]];
const FILLERS = Array.from({ length: 9 }, (_, i) => `filler-${i}`);
/** An element without a string form. */
const UNREADABLE = { toString: null, valueOf: null };
const OPERANDS: readonly (readonly unknown[])[] = [
  ...[[], FILLERS, ODD, [...FILLERS, ...ODD]],
  ...ODD.map((it) => [it]),
  ...ODD.map((it) => [...FILLERS, it]),
  [...FILLERS, { $in: ["a"] }],
  [...FILLERS, "object"],
];
const VALUES: readonly unknown[] = [
  ...[undefined, null, "a", [], FILLERS, FILLERS.slice(1), ODD],
  ...ODD.map((it) => [...FILLERS, it]),
  ...ODD.map((it) => [it]),
  FILLERS.map((it) => it.toUpperCase()),
  [...FILLERS, UNREADABLE],
  [UNREADABLE, ...FILLERS],
  // biome-ignore lint/suspicious/noSparseArray: a hole is an element
  [...FILLERS, , "undefined"],
  Object.assign([...FILLERS], { length: 12 }),
  [[["a"]], ...FILLERS],
];

it.each(["$all", "$alli", "$in", "$nin", "$ini", "$nini"])(
  "%s has the vendor's result for short and long lists",
  (operator) => {
    const found: unknown[] = [];
    for (const operand of OPERANDS) {
      for (const x of VALUES) {
        const ask = (evaluate: (obj: never, condition: never) => boolean): boolean | string => {
          try {
            return evaluate({ x } as never, { x: { [operator]: operand } } as never);
          } catch {
            return "throws";
          }
        };
        const [ours, expected] = [
          ask(evalCondition),
          ask((obj, condition) => vendor.evalCondition(obj, condition, {})),
        ];
        if (ours !== expected) found.push({ operand, x, ours, expected });
      }
    }
    expect(found).toEqual([]);
  },
);
