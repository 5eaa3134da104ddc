import { PostHog as VendorPostHog } from "posthog-node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";
import { FlagServer } from "../client/flag-server.js";

const flag = (payload: unknown) => ({
  ...{ id: 1, key: "f", active: true },
  filters: { groups: [{}], payloads: { true: payload } },
});

const optionsOf = (fetch: NonNullable<PostHogOptions["fetch"]>): PostHogOptions => ({
  fetch,
  personalApiKey: "phx_key",
  featureFlagsPollingInterval: 1_000_000,
  disableCompression: true,
});

const clientOf = ({ fetch }: FlagServer): PostHog => new PostHog("phc_key", optionsOf(fetch));

/** Waits in real time, and then returns to fake timers. */
async function waitForPromises(): Promise<void> {
  vi.useRealTimers();
  const waited = new Promise((resolve) => setTimeout(resolve, 20));
  vi.useFakeTimers();
  await waited;
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe.each([
  {
    name: "posthog-node",
    create: (options: PostHogOptions): PostHog =>
      new VendorPostHog("phc_key", options as never) as never,
  },
  { name: "our class", create: (options: PostHogOptions) => new PostHog("phc_key", options) },
])("runOnlyPendingTimers(), which also runs deadlines, with $name", ({ create }) => {
  it("does not prevent a response from being used", async () => {
    vi.useFakeTimers();
    vi.spyOn(console, "error").mockImplementation(() => {}); // our class reports that it is not ready
    vi.spyOn(console, "warn").mockImplementation(() => {}); // the vendor's reports deprecated methods
    const server = new FlagServer({
      definitions: { flags: [flag("1")] },
      flags: { flags: { remote: { key: "remote", enabled: true } } },
    });
    const client = create({ ...optionsOf(server.fetch), flushAt: 1 });
    vi.runOnlyPendingTimers();
    await waitForPromises();
    expect([client.isLocalEvaluationReady(), server.definitionsRequests]).toEqual([true, 1]);

    const remote = client.getFeatureFlag("remote", "a", { sendFeatureFlagEvents: false });
    await null;
    vi.runOnlyPendingTimers();
    await waitForPromises();
    expect(await remote).toBe(true);

    client.capture({ distinctId: "a", event: "e" });
    vi.runOnlyPendingTimers();
    await waitForPromises();
    expect(server.events.map(({ event }) => event)).toEqual(["e"]);
    void client.shutdown();
  });

  it("aborts the signals of requests", async () => {
    vi.useFakeTimers();
    vi.spyOn(console, "error").mockImplementation(() => {}); // our class reports that it is not ready
    vi.spyOn(console, "warn").mockImplementation(() => {}); // and that the request failed
    const signals: (AbortSignal | undefined)[] = [];
    const client = create(
      optionsOf((_, { signal }) => {
        signals.push(signal);
        return new Promise((_, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
        });
      }),
    );
    vi.runOnlyPendingTimers();
    await waitForPromises();
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    void client.shutdown();
  });
});

describe("reloadFeatureFlags", () => {
  it("resolves under fake timers", async () => {
    vi.useFakeTimers();
    const server = new FlagServer({ definitions: { flags: [flag("1")] } });
    const client = clientOf(server);
    await client.waitForLocalEvaluationReady(1_000);
    await null; // in the same turn, a reload joins the first load
    await client.reloadFeatureFlags();
    await client.reloadFeatureFlags();
    expect(server.definitionsRequests).toBe(3);
    void client.shutdown();
  });
});

describe("a falsy payload", () => {
  it.each([
    { raw: "false", payload: false },
    { raw: "0", payload: 0 },
    { raw: '""', payload: "" },
    // The vendor's SDK drops these, too.
    { raw: "null", payload: undefined },
    { raw: "", payload: undefined },
    { raw: 0, payload: undefined },
    { raw: false, payload: undefined },
  ])("is returned by all methods if it is the text of JSON: $raw", async ({ raw, payload }) => {
    const client = clientOf(new FlagServer({ definitions: { flags: [flag(raw)] } }));
    await client.waitForLocalEvaluationReady(1_000);
    const all = await client.getAllFlagsAndPayloads("alice");
    expect({
      one: await client.getFeatureFlagPayload("f", "alice"),
      result: (await client.getFeatureFlagResult("f", "alice"))?.payload,
      all: all.featureFlagPayloads?.["f"],
      snapshot: (await client.evaluateFlags("alice")).getFlagPayload("f"),
    }).toEqual({ one: payload ?? null, result: payload, all: payload, snapshot: payload });
    await client.shutdown();
  });
});

describe("a connection that fails at every second request", () => {
  it("is reported once, and its first recovery", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    let requests = 0;
    const fetch = async () => {
      requests += 1;
      if (requests % 2 === 1) throw new TypeError("fetch failed");
      return { status: 200, text: async () => "", json: async () => ({}), headers: new Headers() };
    };
    const options = { fetch, flushAt: 1, fetchRetryCount: 0 };
    const client = new PostHog("phc_key", options as never);
    for (let i = 0; i < 20; i++) await client.captureImmediate({ distinctId: "a", event: "e" });
    await client.shutdown();
    const lines = warn.mock.calls.map(([line]) => String(line));
    warn.mockRestore();
    expect(requests).toBeGreaterThanOrEqual(20);
    expect(lines.map((line) => line.split(": ")[1])).toEqual([
      "delivery fails",
      "delivery works again",
      "events lost",
    ]);
  });
});
