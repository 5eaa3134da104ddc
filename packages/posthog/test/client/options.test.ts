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
const OF_EXPRESS: readonly string[] = ["readPostHogCookie"];

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
const batches = (): readonly Members[] =>
  server.requests.flatMap(({ body, path }) => (path === "/batch/" ? [body as Members] : []));
const sizes = (): readonly number[] =>
  batches().map(({ batch }) => (batch as readonly unknown[]).length);
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

/** Runs a request through the Express middleware. */
function handle(headers: Record<string, string>, next: () => void): void {
  const added: unknown[] = [];
  const app = { use: (it: unknown) => added.push(it) };
  setupExpressRequestContext(client, app, { deviceIdHeader: "x-device" });
  const request = { headers, method: "GET", url: "/a#b", path: "/a#b" };
  const response = Object.assign(new EventEmitter(), { statusCode: 200, headersSent: true });
  const [middleware] = added as ((...parts: unknown[]) => void)[];
  middleware?.(request, response, next);
}

/** Returns the properties of an event that is captured during a request. */
async function visit(headers: Record<string, string>): Promise<Members> {
  handle(headers, () => client.capture({ event: "visited" }));
  await client.flush();
  return server.events.at(-1)?.["properties"] as Members;
}

const EFFECTS: Readonly<Record<string, () => Promise<void>>> = {
  async flushAt() {
    create({ flushAt: 3 });
    capture(3);
    await vi.waitFor(() => expect(sizes()).toEqual([3]));
  },
  async flushInterval() {
    create({ flushInterval: 20 });
    capture();
    await vi.waitFor(() => expect(sizes()).toEqual([1]));
  },
  async maxBatchSize() {
    create({ flushAt: 1, maxBatchSize: 2 });
    client.register({});
    capture(5);
    await client.flush();
    expect(Math.max(...sizes())).toBeLessThanOrEqual(2);
    expect(server.events).toHaveLength(5);
  },
  async maxQueueSize() {
    create({ flushAt: 2, maxQueueSize: 2, fetch: hanging, requestTimeout: 60_000 });
    capture(10);
    await new Promise(setImmediate);
    expect(client.stats().dropped.overflow).toBeGreaterThan(0);
    expect(client.stats().queued).toBeLessThanOrEqual(2);
  },
  async fetch() {
    const fetch = vi.fn(server.fetch);
    create({ fetch });
    capture();
    await client.flush();
    expect(fetch).toHaveBeenCalledTimes(1);
  },
  async fetchRetryCount() {
    create({ fetchRetryCount: 1, fetch: failing(2) });
    capture();
    await expect(client.flush()).rejects.toThrow();
    expect(client.stats()).toMatchObject({ queued: 1, delivered: 0 });
    await client.flush();
    expect(client.stats()).toMatchObject({ queued: 0, delivered: 1 });
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
  async disableCompression() {
    const bodies: unknown[] = [];
    create({
      disableCompression: false,
      fetch: async (_, { body }) => {
        bodies.push(body);
        return new Response("{}");
      },
    });
    capture();
    await client.flush();
    expect([...Buffer.from(bodies[0] as Uint8Array).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  },
  async historicalMigration() {
    create({ historicalMigration: true });
    capture();
    await client.flush();
    expect(batches()).toMatchObject([{ historical_migration: true }]);
  },
  async disabled() {
    create({ ...LOCAL, disabled: true });
    capture();
    expect(await client.getFeatureFlag("on", "anna")).toBeUndefined();
    await client.flush();
    expect([client.isDisabled, server.requests]).toEqual([true, []]);
  },
  async defaultOptIn() {
    create({ defaultOptIn: false });
    capture();
    await client.flush();
    expect([client.optedOut, server.events]).toEqual([true, []]);
    await client.optIn();
    capture();
    await client.flush();
    expect(server.events).toHaveLength(1);
  },
  async before_send() {
    create({
      before_send: [
        (event) => (event.event === "e0" ? null : event),
        (event) => ({ ...event, properties: { second: true } }),
      ],
    });
    capture(2);
    await client.flush();
    expect(server.events).toMatchObject([{ event: "e1", properties: { second: true } }]);
  },
  async waitUntil() {
    const promises: Promise<unknown>[] = [];
    create({ waitUntil: (promise) => void promises.push(promise) });
    capture(5);
    await vi.waitFor(() => expect(promises).toHaveLength(1));
    await Promise.all(promises);
    expect(sizes()).toEqual([5]);
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
  async disable_capture_url_hashes() {
    create({ disable_capture_url_hashes: true });
    expect(JSON.stringify(await visit({}))).not.toContain("#b");
    create({ disable_capture_url_hashes: false });
    expect(JSON.stringify(await visit({}))).toContain("#b");
  },
  async custom_blocked_useragents() {
    create({ custom_blocked_useragents: ["shopbot"], __preview_capture_bot_pageviews: true });
    const properties = { $raw_user_agent: "ShopBot/1.0" };
    client.capture({ distinctId: "anna", event: "$pageview", properties });
    await client.flush();
    expect(server.events).toMatchObject([{ event: "$bot_pageview" }]);
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
  async strictLocalEvaluation() {
    create({ ...LOCAL, strictLocalEvaluation: true });
    expect(await client.getFeatureFlag("nope", "anna")).toBeUndefined();
    expect(asked()).toBe(0);
  },
  async evaluationContexts() {
    expect(await keysFor({ evaluationContexts: ["shop"] })).toEqual(["on", "odd", "shop"]);
  },
  async evaluationEnvironments() {
    expect(await keysFor({ evaluationEnvironments: ["blog"] })).toEqual(["on", "odd", "blog"]);
  },
  async featureFlagsRequestTimeoutMs() {
    create({ fetch: hanging, featureFlagsRequestTimeoutMs: 31, featureFlagsRequestMaxRetries: 0 });
    expect(await delaysOf(() => client.getFeatureFlag("on", "anna"))).toContain(31);
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
  async onEvaluation() {
    const seen: string[] = [];
    create({ onEvaluation: ({ flagKey }) => void seen.push(flagKey) });
    await client.isFeatureEnabled("on", "anna");
    expect(seen).toEqual(["on"]);
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
    const tested = [...Object.keys(EFFECTS), ...BY_SETTING, ...OF_TRANSPORT, ...OF_EXPRESS].sort();
    expect(tested).toEqual([...OPTION_NAMES].sort());
  });

  it.each(Object.entries(EFFECTS))("%s", async (_, effect) => effect());

  it("and the Express middleware reads the device from the configured header", async () => {
    settings.defaultClient = create();
    await new Promise<void>((resolve) => {
      handle({ "x-device": "d-1" }, () => {
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
