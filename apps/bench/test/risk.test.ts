import { expect, it } from "vitest";
import { risk } from "../src/cells/risk.js";

it("checks a list of 195 codes with the built package, and refuses a check that finds all or nothing", async () => {
  const [{ prepare } = { prepare: null }] = risk.participants;
  const task = await prepare?.();
  const { list = [], twice = [] } = task?.answers ?? {};
  expect(risk.findFault({ list, twice })).toBeNull();
  expect(risk.findFault({ list: twice, twice })).toMatch("nothing, or too much");
  expect(risk.findFault({ list, twice: list })).toMatch("nothing, or too much");
  expect(await task?.run(3)).toBe(3);
});
