import { expect, it } from "vitest";
import { BodyMemory } from "./body-memory.js";

it("holds bodies up to its limit, and has room again after some are released", () => {
  const memory = new BodyMemory(100);
  expect([memory.hold(60), memory.hold(40), memory.hold(1)]).toEqual([true, true, false]);
  memory.release(40);
  expect([memory.hold(41), memory.hold(40)]).toEqual([false, true]);
});
