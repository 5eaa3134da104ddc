import { expect, it } from "vitest";
import type { Reading } from "../src/cells/cell.js";
import { diff, evaluate, replay } from "../src/cli/cells.js";

it("asks the built command, and refuses answers that lack or are all alike", async () => {
  const [{ prepare } = { prepare: null }] = evaluate.participants;
  const task = await prepare?.();
  const { values = [] } = task?.answers ?? {};
  expect(evaluate.findFault({ values })).toBeNull();
  expect(evaluate.findFault({ values: values.slice(1) })).toMatch("999 of 1000 lines");
  expect(evaluate.findFault({ values: values.map(() => "null") })).toMatch("too few");
  // More than the lines that differ, and not a multiple of them.
  expect(await task?.run(10_001)).toMatchObject({
    figure: expect.any(Number),
    checksum: 10_001,
  });
});

it("compares two configurations for the subjects, and refuses a change that moves nobody or all", async () => {
  const [w21, memory] = diff;
  const [task, other] = await Promise.all(
    [w21, memory].map(async (cell) => await cell?.participants[1]?.prepare()),
  );
  const { values = [] } = task?.answers ?? {};
  expect(values).toHaveLength(20);
  expect(w21?.findFault({ values })).toBeNull();
  expect(w21?.findFault({ values: values.map(() => 0) })).toMatch("nobody moves");
  expect(w21?.findFault({ values: values.map(() => 1_000) })).toMatch("or all");
  // Of the command, with all of its threads.
  expect(await task?.run(500)).toMatchObject({
    also: { "sortition, two threads, processor time": expect.any(Number) },
  });
  const reading = (await other?.run(500)) as Reading | undefined;
  expect(reading?.figure).toBeGreaterThan(20_000_000);
  expect(reading?.figure).toBeLessThan(1_000_000_000);
});

it("judges events that our client logged, and refuses one that is wrong", async () => {
  const [w22] = replay;
  const task = await w22?.participants[0]?.prepare();
  const { values = [] } = task?.answers ?? {};
  expect(w22?.findFault({ values })).toBeNull();
  expect(w22?.findFault({ values: [...values, -1] })).toMatch("999 of 1000 events are right");
});
