import { EventEmitter } from "node:events";
import { OptionError } from "@sortition/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OPTION_NAMES } from "../../src/client/vendor-options.js";
import {
  getFeatureFlag,
  PostHog,
  type PostHogOptions,
  settings,
  setupExpressRequestContext,
} from "../../src/index.js";
import { FlagServer } from "./flag-server.js";

type Members = Readonly<Record<string, unknown>>;

/** The settings of the module functions are the same options. `test/module/settings.test.ts` tests their effects. */
const BY_SETTING: readonly string[] = [
  ...["host", "personalApiKey", "send", "syncMode", "onError", "beforeSend", "disableGeoip"],
  ...["isServer", "privacyMode", "logCapturedExceptions", "projectRoot", "inAppModules"],
  ...["captureExceptionCodeVariables", "codeVariablesMaskPatterns", "enableLocalEvaluation"],
  ...["codeVariablesIgnorePatterns", "enableExceptionAutocapture", "flagDefinitionCacheProvider"],
];
/** A URL, and an undici object. The tests of `@sortition/node` cover their effects. */
const OF_TRANSPORT: readonly string[] = ["proxy", "dispatcher"];
/** Covered by the tests of the Express functions. */
const OF_EXPRESS: readonly string[] = ["readPostHogCookie", "disable_capture_url_hashes"];
/** Set in the tests that compare the client with the vendor's, or in a file of their own. */
const ELSEWHERE: readonly string[] = [
  ...["flushAt", "maxBatchSize", "maxQueueSize", "fetch", "fetchRetryCount", "disableCompression"],
  ...["historicalMigration", "disabled", "defaultOptIn", "before_send", "waitUntil"],
  ...["custom_blocked_useragents", "strictLocalEvaluation", "featureFlagsRequestTimeoutMs"],
  "onEvaluation",
];

const flag = (key: string, more: object = {}): object => ({
  ...{ id: 1, key, active: true, filters: { groups: [{}] } },
  ...more,
});
const DEFINITIONS = {
  flags: [
    flag("on"),
    flag("odd", { evaluation_contexts: "docs" }), // not a list, so it has no context
    flag("shop", { evaluation_contexts: ["shop"] }),
    flag("blog", { evaluation_contexts: ["blog"] }),
  ],
};
const LOCAL: PostHogOptions = { secretKey: "phx_key", featureFlagsPollingInterval: null };

let server: FlagServer;
let client: PostHog;
let warnings: string[];

function create(options: PostHogOptions = {}): PostHog {
  client = new PostHog("phc_key", {
    ...{ fetch: server.fetch, disableCompression: true, flushAt: 1_000, flushInterval: 0 },
    ...{ fetchRetryDelay: 1, ...options },
  });
  client.on("error", () => {});
  return client;
}
const capture = (count = 1, properties: Members = {}): void => {
  for (let i = 0; i < count; i++) {
    client.capture({ distinctId: `p${i}`, event: `e${i}`, properties });
  }
};
const asked = (): number => server.requests.filter(({ path }) => path === "/flags/?v=2").length;
const keysFor = async (options: PostHogOptions): Promise<readonly string[]> => {
  create({ ...LOCAL, ...options });
  return Object.keys(await client.getAllFlags("anna", { onlyEvaluateLocally: true }));
};
/** Creates a `fetch` that fails this many times. */
const failing = (times: number): NonNullable<PostHogOptions["fetch"]> => {
  let left = times;
  return async (url, options) => {
    left -= 1;
    if (left >= 0) throw new TypeError("fetch failed");
    return server.fetch(url, options);
  };
};
const hanging: NonNullable<PostHogOptions["fetch"]> = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason));
  });

/** Returns the delays of the timers that the work starts. */
async function delaysOf(work: () => Promise<unknown>): Promise<readonly unknown[]> {
  const setTimer = vi.spyOn(globalThis, "setTimeout");
  try {
    await work();
    return setTimer.mock.calls.map(([, ms]) => ms);
  } finally {
    setTimer.mockRestore();
  }
}

const EFFECTS: Readonly<Record<string, () => Promise<void>>> = {
  async flushInterval() {
    create({ flushInterval: 20 });
    capture();
    await vi.waitFor(() => expect(server.events).toHaveLength(1));
  },
  async fetchRetryDelay() {
    create({ fetchRetryDelay: 61, fetch: failing(1) });
    capture();
    expect(await delaysOf(() => client.flush())).toContain(61);
  },
  async requestTimeout() {
    create({ requestTimeout: 30, fetchRetryCount: 0, fetch: hanging });
    capture();
    await expect(client.flush()).rejects.toThrow();
  },
  async waitUntilDebounceMs() {
    const promises: Promise<unknown>[] = [];
    const waitUntil = (promise: Promise<unknown>): void => void promises.push(promise);
    create({ waitUntil, waitUntilDebounceMs: 1 });
    capture();
    await vi.waitFor(() => expect(promises).toHaveLength(1));
    await Promise.all(promises);
    expect(server.events).toHaveLength(1);
  },
  async waitUntilMaxWaitMs() {
    const promises: Promise<unknown>[] = [];
    const waitUntil = (promise: Promise<unknown>): void => void promises.push(promise);
    create({ waitUntil, waitUntilDebounceMs: 60_000, waitUntilMaxWaitMs: 0 });
    capture();
    await vi.waitFor(() => expect(promises).toHaveLength(1));
    capture();
    await promises[0]; // without the end, it would wait for a minute
    expect(server.events.length).toBeGreaterThan(0);
  },
  async __preview_capture_bot_pageviews() {
    create({ __preview_capture_bot_pageviews: false });
    const properties = { $raw_user_agent: "Googlebot/2.1" };
    client.capture({ distinctId: "anna", event: "$pageview", properties });
    await client.flush();
    expect(server.events).toMatchObject([{ event: "$pageview" }]);
  },
  async exceptionRateLimiterBucketSize() {
    const emitted = await uncaught(5, { exceptionRateLimiterBucketSize: 2 });
    expect(emitted).toBe(2);
  },
  async exceptionRateLimiterRefillRate() {
    const emitted = await uncaught(3, { exceptionRateLimiterRefillRate: 1 });
    expect(emitted).toBe(3);
  },
  async secretKey() {
    expect(await keysFor({ secretKey: "phx_wins", personalApiKey: "phx_other" })).toContain("on");
    expect(() => create({ secretKey: "phc_project" })).toThrow("secretKey: ");
    expect(() => create({ personalApiKey: "phc_project" })).toThrow("personalApiKey: ");
  },
  async featureFlagsPollingInterval() {
    let polls = 0;
    create({
      secretKey: "phx_key",
      featureFlagsPollingInterval: 100,
      fetch: async (url, options) => {
        polls += url.includes("/definitions") ? 1 : 0;
        return server.fetch(url, options);
      },
    });
    await vi.waitFor(() => expect(polls).toBeGreaterThan(2));
  },
  async evaluationContexts() {
    expect(await keysFor({ evaluationContexts: ["shop"] })).toEqual(["on", "odd", "shop"]);
  },
  async evaluationEnvironments() {
    expect(await keysFor({ evaluationEnvironments: ["blog"] })).toEqual(["on", "odd", "blog"]);
  },
  async featureFlagsRequestMaxRetries() {
    create({ fetch: failing(3), featureFlagsRequestMaxRetries: 2 });
    await client.getFeatureFlag("on", "anna");
    expect(asked()).toBe(0);
    create({ fetch: failing(3), featureFlagsRequestMaxRetries: 3 });
    await client.getFeatureFlag("on", "anna");
    expect(asked()).toBe(1);
  },
  async sendFeatureFlagEvent() {
    create({ ...LOCAL, sendFeatureFlagEvent: false });
    await client.getFeatureFlag("on", "anna");
    await client.flush();
    expect(server.events).toEqual([]);
    await client.getFeatureFlag("on", "anna", { sendFeatureFlagEvents: true });
    await client.flush();
    expect(server.events).toHaveLength(1);
  },
  async maxCacheSize() {
    create({ ...LOCAL, maxCacheSize: 1 });
    // Only one person's calls are remembered, so the other's displace them.
    for (const who of ["anna", "anna", "ben", "anna"]) await client.getFeatureFlag("on", who);
    await client.flush();
    expect(server.events.map(({ distinct_id: who }) => who)).toEqual(["anna", "ben", "anna"]);
  },
  async featureFlagsLogWarnings() {
    create({ ...LOCAL, featureFlagsLogWarnings: true });
    (await client.evaluateFlags("anna")).only(["nope"]);
    const loud = warnings.length;
    create({ ...LOCAL, featureFlagsLogWarnings: false });
    (await client.evaluateFlags("anna")).only(["nope"]);
    expect([loud, warnings.length]).toEqual([1, 1]);
  },
};

/** Returns how many of these uncaught exceptions are captured. */
async function uncaught(times: number, options: PostHogOptions): Promise<number> {
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", () => {}); // keeps the application alive
  try {
    create({ enableExceptionAutocapture: true, ...options });
    for (let i = 0; i < times; i++) process.emit("uncaughtException", new Error("boom"));
    await client.flush();
    await client.shutdown(500);
    return server.events.length;
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const listener of others) process.on("uncaughtException", listener);
  }
}

beforeEach(() => {
  server = new FlagServer({ definitions: DEFINITIONS, flags: { flags: {} } });
  warnings = [];
  for (const level of ["warn", "error", "info"] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void warnings.push(String(line)));
  }
});
afterEach(async () => {
  await client.shutdown(50);
  vi.restoreAllMocks();
});

describe("each option of the class has its effect", () => {
  it("is covered by this test", () => {
    create();
    const others = [...BY_SETTING, ...OF_TRANSPORT, ...OF_EXPRESS, ...ELSEWHERE];
    expect([...Object.keys(EFFECTS), ...others].sort()).toEqual([...OPTION_NAMES].sort());
  });

  it.each(Object.entries(EFFECTS))("%s", async (_, effect) => effect());

  it("and the Express middleware reads the device from the configured header", async () => {
    settings.defaultClient = create();
    const added: unknown[] = [];
    const app = { use: (it: unknown) => added.push(it) };
    setupExpressRequestContext(client, app, { deviceIdHeader: "x-device" });
    const [middleware] = added as ((...parts: unknown[]) => void)[];
    const request = { headers: { "x-device": "d-1" }, method: "GET", url: "/a", path: "/a" };
    const response = Object.assign(new EventEmitter(), { statusCode: 200, headersSent: true });
    await new Promise<void>((resolve) => {
      middleware?.(request, response, () => {
        void getFeatureFlag("on", "anna").then(() => resolve());
      });
    });
    settings.defaultClient = null;
    const evaluation = server.requests.find(({ path }) => path === "/flags/?v=2");
    expect(evaluation?.body).toMatchObject({ $device_id: "d-1" });
  });
});

describe("an unsupported option causes one warning", () => {
  it.each([
    { option: "logs", what: "this option is not supported" },
    { option: "metrics", what: "only the service name of this option is used" },
    { option: "traces", what: "only the service name of this option is used" },
  ])("such as $option", ({ option, what }) => {
    create({ [option]: { serviceName: "shop" } });
    expect(warnings.map((it) => it.includes(what))).toEqual([true]);
  });
});

it("the value of an option is not printed, because a host may contain a password", () => {
  client = new PostHog("phc_key", { host: "postgres://me:secret@host" });
  expect(warnings).toHaveLength(1);
  expect(JSON.stringify(vi.mocked(console.warn).mock.calls)).not.toContain("secret");
});

it("every event is dropped if a hook is not a function, because hooks remove personal data", () => {
  create({ before_send: [{}] as never });
  expect(warnings).toEqual([expect.stringContaining("every event is dropped")]);
});

it.each(["send", "syncMode", "onError", "beforeSend", "dispatcher", "logCapturedExceptions"])(
  "an option that the vendor does not have throws if it has another type: %s",
  (name) => {
    expect(() => create({ [name]: 42 })).toThrow(OptionError);
  },
);
