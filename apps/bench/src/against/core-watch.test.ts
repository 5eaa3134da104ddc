import { expect, it } from "vitest";
import { createCoreWatch } from "./core-watch.js";

it("counts the looks in which the clock jumped", () => {
  let nowMs = 0;
  const steps: number[] = [];
  const watch = createCoreWatch(() => {
    nowMs += steps.shift() ?? 0.01;
    return nowMs;
  });
  expect(watch.lostShare()).toBe(0);
  watch.look();
  watch.look();
  expect(watch.lostShare()).toBe(0);
  steps.push(0.01, 0.5, 4);
  watch.look();
  steps.push(0.01, 0.9);
  watch.look();
  expect(watch.lostShare()).toBe(1 / 4);
});
