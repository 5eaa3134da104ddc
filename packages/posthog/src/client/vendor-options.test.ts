import { MAX_DELAY_MS } from "@sortition/core/internal";
import { describe, expect, it, vi } from "vitest";
import { vendorOptions } from "./vendor-options.js";

const { NaN: INVALID, POSITIVE_INFINITY: ENDLESS } = Number;
const DEFAULT = undefined;
const DAY_MS = 86_400_000;
const OBJECT = {};
const LATE = MAX_DELAY_MS + 1;

/** Values of options, and the values that are used. */
const ROWS: readonly (readonly [option: string, given: unknown[], used: unknown[]])[] = [
  ["flushAt", [0, -1, 1.5, ENDLESS, null], [DEFAULT, 1, 2, ENDLESS, DEFAULT]],
  ["flushInterval", [0, INVALID, 0.5, 1.5, ENDLESS, "3000"], [0, 0, 1, 1, 1, DEFAULT]],
  ["maxBatchSize", [0, 1.5, INVALID], [1, 1, DEFAULT]],
  ["maxQueueSize", [0, 1.5], [1, 2]],
  ["maxCacheSize", [0, 0.5, 1.5], [DEFAULT, 1, 1]],
  ["fetchRetryCount", [0, -1, 1.5, INVALID], [0, 0, 2, DEFAULT]],
  ["fetchRetryDelay", [0, -1, INVALID, MAX_DELAY_MS, LATE], [0, 1, 1, MAX_DELAY_MS, 1]],
  ["requestTimeout", [0, 0.5, 1_500.5, INVALID, "5"], [DEFAULT, 1, 1_500, DEFAULT, DEFAULT]],
  ["requestTimeout", [MAX_DELAY_MS, LATE], [MAX_DELAY_MS, DEFAULT]],
  ["waitUntilMaxWaitMs", [INVALID, -1, 0, 1.5], [MAX_DELAY_MS, 0, 0, 1]],
  [
    "featureFlagsPollingInterval",
    [0, 100.4, ENDLESS, "1", null],
    [100, 100, DAY_MS, DEFAULT, null],
  ],
  ["exceptionRateLimiterBucketSize", [100.5, 100, -1, "5"], [100, 100, 0, DEFAULT]],
  ["disabled", ["false", false, undefined], [DEFAULT, false, DEFAULT]],
  ["fetch", [OBJECT, structuredClone], [DEFAULT, structuredClone]],
  ["evaluationContexts", ["shop"], [DEFAULT]],
  ["host", [42, "", null], [DEFAULT, "", null]],
  ["flagDefinitionCacheProvider", ["", OBJECT], [DEFAULT, OBJECT]],
  ["readPostHogCookie", [true, false, OBJECT, "yes"], [true, DEFAULT, OBJECT, DEFAULT]],
  ["onEvaluation", [5], [5]],
];

/** Returns the value that is used, and the reports. */
function read(option: string, value: unknown) {
  const warn = vi.fn();
  const options = vendorOptions({ [option]: value }, { debug() {}, info() {}, warn, error() {} });
  return { used: options[option as keyof typeof options], reports: warn.mock.calls };
}

describe("vendorOptions", () => {
  it.each(ROWS)(
    "uses the vendor's value of %s, and reports that it does",
    (option, values, used) => {
      const message = "this option is used with another value";
      for (const [i, value] of values.entries()) {
        const isShown = typeof used[i] === "number" || typeof used[i] === "boolean";
        const facts = { option, used: isShown ? used[i] : "default" };
        const reports = Object.is(value, used[i]) ? [] : [[message, facts]];
        expect({ value, ...read(option, value) }).toEqual({ value, used: used[i], reports });
      }
    },
  );

  it.each([null, "host"])("uses no options if they are not an object: %s", (given) => {
    expect(vendorOptions(given, { debug() {}, info() {}, warn() {}, error() {} })).toEqual({});
  });
});
