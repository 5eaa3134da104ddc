import { PerformanceObserver } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Configuration } from "../src/configuration.js";
import { createClient } from "../src/create-client.js";

const CALLS = 1_500_000;

/** How often garbage was collected during some work. */
async function collectionsDuring(work: () => void): Promise<number> {
  let collections = 0;
  const observer = new PerformanceObserver((list) => {
    collections += list.getEntries().length;
  });
  observer.observe({ entryTypes: ["gc"] });
  work();
  await sleep(10); // entries come in a later turn
  observer.disconnect();
  return collections;
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

  it("allocates nothing", async () => {
    evaluate(600_000); // until it is compiled
    // What the test runner does meanwhile may fill the room of young objects once.
    expect(await collectionsDuring(() => evaluate(CALLS))).toBeLessThanOrEqual(1);
  });

  it("would be noticed if it allocated one small object", async () => {
    const kept: object[] = new Array(16);
    let i = 0;
    const allocate = (isOn: boolean): void => {
      kept[i++ & 15] = { isOn, i };
    };
    expect(await collectionsDuring(() => evaluate(CALLS, allocate))).toBeGreaterThan(1);
  });
});
