import { afterEach, describe, expect, it, vi } from "vitest";
import { PostHog } from "../../src/index.js";
import { FlagServer } from "../client/flag-server.js";

const flag = (payload: unknown) => ({
  ...{ id: 1, key: "f", active: true },
  filters: { groups: [{}], payloads: { true: payload } },
});

function clientOf(server: FlagServer): PostHog {
  return new PostHog("phc_key", {
    fetch: server.fetch,
    personalApiKey: "phx_key",
    featureFlagsPollingInterval: 1_000_000,
    disableCompression: true,
  });
}

afterEach(() => void vi.useRealTimers());

describe("reloadFeatureFlags", () => {
  it("sends a request directly after the first load", async () => {
    const server = new FlagServer({ definitions: { flags: [flag("1")] } });
    const client = clientOf(server);
    await client.waitForLocalEvaluationReady(1_000);
    await client.reloadFeatureFlags();
    expect(server.definitionsRequests).toBe(2);
    await client.shutdown();
  });

  it("resolves under fake timers", async () => {
    vi.useFakeTimers();
    const server = new FlagServer({ definitions: { flags: [flag("1")] } });
    const client = clientOf(server);
    await client.waitForLocalEvaluationReady(1_000);
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
    ]);
  });
});
