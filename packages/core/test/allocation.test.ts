import { ifWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { Configuration, createClient } from "./eppo-client.js";

const CALLS = 2_000;
const ROUNDS = 101;

/**
 * Returns the number of bytes that one call allocates, as the median of several rounds. Rounds with a garbage
 * collection have negative results, which the median ignores. Each round is compared with a round without calls,
 * because reading the heap size allocates as well.
 */
function bytesPerCall(work: (calls: number) => void): number {
  const grownBy = (calls: number): number => {
    const before = process.memoryUsage().heapUsed;
    work(calls);
    return process.memoryUsage().heapUsed - before;
  };
  const rounds = Array.from({ length: ROUNDS }, () => (grownBy(CALLS) - grownBy(0)) / CALLS);
  return rounds.sort((a, b) => a - b)[(ROUNDS - 1) / 2]!; // the array has this many elements
}

describe("an evaluation whose exposure was logged before", () => {
  const half = (variationKey: string, start: number) => ({
    variationKey,
    shards: [{ salt: "s", ranges: [{ start, end: start + 5_000 }] }],
  });
  const flag = {
    key: "f",
    enabled: true,
    variationType: "BOOLEAN",
    totalShards: 10_000,
    variations: { on: { key: "on", value: true }, off: { key: "off", value: false } },
    allocations: [{ key: "halves", splits: [half("on", 0), half("off", 5_000)], doLog: true }],
  };
  const client = createClient({
    initialConfiguration: Configuration.from({
      flagsConfiguration: JSON.stringify({ flags: { f: flag } }),
    }),
    assignmentLogger: { logAssignment() {} },
  });
  const subjects = Array.from({ length: 100 }, (_, i) => `user-${i}`);
  const attributes = {};
  const evaluate = (calls: number, each: (isOn: boolean) => void = () => {}): void => {
    for (let i = 0; i < calls; i++) {
      each(client.getBooleanAssignment("f", subjects[i % 100]!, attributes, false));
    }
  };

  it("allocates nothing once it is compiled", () => {
    // V8 compiles in the background, which takes longer on a busy machine.
    let bytes = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 20 && bytes >= 1; tries++) {
      evaluate(600_000);
      bytes = bytesPerCall(evaluate);
    }
    expect(bytes).toBeLessThan(1);
  });

  ifWhole(it)("is detected if it allocates one small object", () => {
    const kept: object[] = new Array(16);
    let i = 0;
    const allocate = (isOn: boolean): void => {
      kept[i++ & 15] = { isOn, i };
    };
    expect(bytesPerCall((calls) => evaluate(calls, allocate))).toBeGreaterThan(16);
  });
});
