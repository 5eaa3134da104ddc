import { describe, expect, it, vi } from "vitest";
import { type IClientConfig, init } from "../../src/index.js";
import { type NamedSdk, OURS, VENDOR } from "../sdks.js";
import { config, FLAGS, howMany } from "./plan.js";
import { OBSERVED_MS, observed, open } from "./scene.js";

/** Returns how many requests `init` and then polling send. */
const requestsBy = (sdk: NamedSdk, options: object): Promise<unknown> =>
  observed(
    () => JSON.stringify(FLAGS),
    async (requests) => {
      const client = await open(sdk, { ...config(), ...options });
      const first = requests.length;
      const value = client.getBooleanAssignment("a", "alice", {}, false);
      await vi.advanceTimersByTimeAsync(OBSERVED_MS);
      client.stopPolling();
      return { value, first: howMany(first), polls: howMany(requests.length - first) };
    },
  );

describe("an unusual number has the same effect as in the vendor's SDK", () => {
  it.each([
    { pollingIntervalMs: 0 },
    { pollingIntervalMs: -1 },
    { pollingIntervalMs: 1_000.5 },
    { numInitialRequestRetries: 0 },
    { numInitialRequestRetries: 1.5 },
    { numInitialRequestRetries: Number.NaN },
    { numPollRequestRetries: Number.NaN },
    { requestTimeoutMs: 0 },
  ])("%o", async (options) => {
    expect(await requestsBy(OURS, options)).toEqual(await requestsBy(VENDOR, options));
  });

  it("except that an interval that is not a number of milliseconds is the default", async () => {
    for (const pollingIntervalMs of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(await requestsBy(OURS, { pollingIntervalMs })).toMatchObject({ polls: 0 });
    }
  });
});

describe("a value of another type", () => {
  it.each([
    { options: { pollingIntervalMs: "500" }, used: 30_000 },
    { options: { numInitialRequestRetries: "3" }, used: 1 },
    { options: { pollAfterFailedInitialization: "false" }, used: false },
  ])("is reported once, and replaced with the default: $options", async ({ options, used }) => {
    const warn = vi.fn();
    const diagnostics = { debug() {}, info() {}, warn, error() {} };
    await observed(
      () => JSON.stringify(FLAGS),
      async () => {
        const given: object = { ...config(), ...options, diagnostics };
        const client = await init(given as IClientConfig);
        client.stopPolling();
      },
    );
    expect(warn.mock.calls).toEqual([
      ["an option has an unusual value", { option: Object.keys(options)[0], used }],
    ]);
  });
});
