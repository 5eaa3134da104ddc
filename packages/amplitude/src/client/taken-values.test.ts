import { MAX_DELAY_MS } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { TakenValues } from "./taken-values.js";

const { NaN: INVALID, POSITIVE_INFINITY: ENDLESS } = Number;
const LATE = MAX_DELAY_MS + 1;

type Take = (taken: TakenValues, value: unknown) => unknown;
const delay: Take = (taken, value) => taken.delayMs("it", value, 30);
const delayOr1: Take = (taken, value) => taken.delayMs("it", value, 30, 1);
const timeout: Take = (taken, value) => taken.timeoutMs("it", value, 30);
const count: Take = (taken, value) => taken.count("it", value, 8);
const number: Take = (taken, value) => taken.number("it", value, 1.5);
const flag: Take = (taken, value) => taken.flag("it", value);
const text: Take = (taken, value) => taken.text("it", value);
const zone: Take = (taken, value) => taken.zone(value);

/** Values of options, and the values that are used, which the vendor's SDK uses, too. */
const ROWS: readonly (readonly [name: string, take: Take, given: unknown[], used: unknown[]])[] = [
  ["delay", delay, [undefined, 500, 1.5, 1, 0, -1, INVALID], [30, 500, 1, 1, 30, 30, 30]],
  ["delay", delay, [MAX_DELAY_MS, LATE, "500", null], [MAX_DELAY_MS, 30, 30, 30]],
  ["delay that ends at once", delayOr1, [undefined, 0, INVALID, "5"], [30, 1, 1, 30]],
  ["timeout", timeout, [undefined, 1.5, 0.5, 0, -1, INVALID, ENDLESS], [30, 1, 1, 0, 0, 0, 0]],
  ["timeout", timeout, [LATE, "5", null], [MAX_DELAY_MS, 30, 30]],
  ["count", count, [undefined, 0, -1, 1.5, INVALID, "3"], [8, 0, 0, 2, 0, 8]],
  ["number", number, [undefined, -1, INVALID, "2", null], [1.5, -1, INVALID, 1.5, 1.5]],
  ["flag", flag, [undefined, true, "true", 0, null], [false, true, false, false, false]],
  ["text", text, ["key", 5, null, undefined], ["key", "5", "null", "undefined"]],
  ["zone", zone, ["EU", "us", "", 5, "mars"], ["EU", "us", "", 5, "mars"]],
];

/** Returns the value that is used, and what is reported about it. */
function taken(take: Take, value: unknown) {
  const reports: string[] = [];
  const used = take(new TakenValues({ mistake: (line) => void reports.push(line) }), value);
  return { used, reports };
}

describe("TakenValues", () => {
  it.each(ROWS)(
    "uses the vendor's value of a %s, and reports another one",
    (name, take, values, used) => {
      for (const [i, value] of values.entries()) {
        const { reports, ...rest } = taken(take, value);
        expect({ value, ...rest }).toEqual({ value, used: used[i] });
        const isReported =
          name === "text" ? value !== "key" : value !== undefined && !Object.is(value, used[i]);
        expect({ value, reports: reports.length }).toEqual({
          value,
          reports: isReported || value === "mars" ? 1 : 0,
        });
      }
    },
  );

  it.each([
    { take: delay, value: 0, report: " has an unusual value: using 30" },
    { take: delay, value: "500", report: ": expected a number, got string; using 30" },
    { take: delay, value: null, report: " has an unusual value: using 30" },
    { take: flag, value: "false", report: ": expected a boolean, got string; using false" },
    { take: text, value: 5, report: ": expected a string, got number; using a string" },
    { take: text, value: null, report: " is null: is the environment variable that holds it set?" },
  ])("reports $value as '$report'", ({ report, take, value }) => {
    expect(taken(take, value).reports).toEqual([`[Experiment] option it${report}`]);
  });
});
