import { OptionError } from "@sortition/core";
import { PostHog as VendorPostHog } from "posthog-node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { vendorOptions } from "../../src/client/vendor-options.js";
import { PostHog } from "../../src/index.js";
import { type Fault, HOST, play, type SceneClient, type SceneFetch } from "./scene.js";

const FAULTS: readonly Fault[] = ["none", "refuses", "hangs"];

beforeEach(() => {
  for (const level of ["debug", "info", "warn", "error", "log"] as const) {
    vi.spyOn(console, level).mockImplementation(() => {});
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Plays all scenes with a client. */
async function scenesOf(Client: typeof PostHog | typeof VendorPostHog, options: object) {
  const scenes: unknown[] = [];
  for (const fault of FAULTS) {
    const shared = {
      host: HOST,
      secretKey: "phx_key",
      disableCompression: true,
    };
    // We send events of failed requests later, as the page documents.
    const quiet = fault === "none" ? {} : { flushInterval: 0 };
    const given = { ...shared, ...quiet, ...options };
    const create = (fetch: SceneFetch) =>
      new Client("phc_key", { ...given, fetch } as never) as unknown as SceneClient;
    scenes.push(await play(create, fault));
  }
  return scenes;
}

describe("an unusual number has the same effect as in the vendor's SDK", () => {
  it.each([
    { flushAt: 0 },
    { flushAt: -1 },
    { flushAt: 1.5 },
    { flushInterval: 0 },
    { flushInterval: Number.NaN },
    { flushInterval: Number.POSITIVE_INFINITY },
    { maxBatchSize: 0 },
    { maxBatchSize: 1.5 },
    { maxQueueSize: 0 },
    { fetchRetryCount: 0 },
    { fetchRetryCount: 1.5 },
    { fetchRetryDelay: 0 },
    { fetchRetryDelay: Number.NaN },
    { requestTimeout: 1_500.5 },
    { featureFlagsPollingInterval: 0 },
  ])("%o", async (options) => {
    expect(await scenesOf(PostHog, options)).toEqual(await scenesOf(VendorPostHog, options));
  });
});

/** Returns the value that is used, and the reports. */
function used(name: string, value: unknown) {
  const warn = vi.fn();
  const diagnostics = { debug() {}, info() {}, warn, error() {} };
  const options = vendorOptions({ [name]: value }, diagnostics);
  return { value: (options as Record<string, unknown>)[name], reports: warn.mock.calls };
}

describe("a value of an option", () => {
  it.each([
    ...[
      { name: "flushInterval", value: "3000" },
      { name: "disabled", value: "false" },
      { name: "fetch", value: {} },
      { name: "evaluationContexts", value: "shop" },
      { name: "host", value: 42 },
      { name: "requestTimeout", value: 0 },
      { name: "fetchRetryCount", value: Number.NaN },
    ].map((it) => ({ ...it, becomes: undefined })),
    { name: "featureFlagsPollingInterval", value: Number.POSITIVE_INFINITY, becomes: 86_400_000 },
    { name: "exceptionRateLimiterBucketSize", value: 1_000, becomes: 100 },
  ])(
    "is replaced with one warning: $name = $value becomes $becomes",
    ({ becomes, name, value }) => {
      const taken = used(name, value);
      expect(taken.value).toEqual(becomes);
      expect(taken.reports).toEqual([
        [expect.any(String), expect.objectContaining({ option: name })],
      ]);
    },
  );

  it.each([
    { name: "host", value: null },
    { name: "featureFlagsPollingInterval", value: null },
    { name: "flushAt", value: Number.POSITIVE_INFINITY },
    { name: "disabled", value: undefined },
  ])("is accepted without a warning if it is valid: $name = $value", ({ name, value }) => {
    expect(used(name, value)).toEqual({ value, reports: [] });
  });

  it("is not printed, because a host may contain a password", () => {
    const warn = vi.mocked(console.warn);
    new PostHog("phc_key", { host: "postgres://me:secret@host" });
    expect(warn).toHaveBeenCalledOnce();
    expect(JSON.stringify(warn.mock.calls)).not.toContain("secret");
  });

  it("makes every event be dropped if it is a hook that is not a function, because hooks remove personal data", () => {
    expect(used("before_send", [{}]).reports).toEqual([
      [expect.stringContaining("every event is dropped"), { option: "before_send" }],
    ]);
  });

  it.each(["send", "syncMode", "onError", "beforeSend", "dispatcher", "logCapturedExceptions"])(
    "that the vendor does not have is checked: %s",
    (name) => {
      expect(() => new PostHog("phc_key", { [name]: 42 })).toThrow(OptionError);
    },
  );
});
