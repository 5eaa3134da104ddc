import { expect, it } from "vitest";
import { evaluate, w21, w22 } from "../src/cli/cells.js";

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

it("compares two configurations for the subjects, and refuses a change that moves nobody or all", async () => {
  const task = await w21.participants[0]?.prepare();
  const { values = [] } = task?.answers ?? {};
  expect(values).toHaveLength(20);
  expect(w21.findFault({ values })).toBeNull();
  expect(w21.findFault({ values: values.map(() => 0) })).toMatch("nobody moves");
  expect(w21.findFault({ values: values.map(() => 1_000) })).toMatch("or all");
});

it("judges events that our client logged, and refuses one that is wrong", async () => {
  const task = await w22.participants[0]?.prepare();
  const { values = [] } = task?.answers ?? {};
  expect(w22.findFault({ values })).toBeNull();
  expect(w22.findFault({ values: [...values, -1] })).toMatch("999 of 1000 events are right");
});
