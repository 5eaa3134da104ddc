import { expect, it } from "vitest";
import { evaluate } from "../src/cli/cells.js";

it("asks the built command, and refuses answers that lack or are all alike", async () => {
  const [{ prepare } = { prepare: null }] = evaluate.participants;
  const task = await prepare?.();
  const { values = [] } = task?.answers ?? {};
  expect(evaluate.findFault({ values })).toBeNull();
  expect(evaluate.findFault({ values: values.slice(1) })).toMatch("999 of 1000 lines");
  expect(evaluate.findFault({ values: values.map(() => "null") })).toMatch("too few");
  // More than the lines that differ, and not a multiple of them.
  expect(await task?.run(10_001)).toBe(10_001);
});
