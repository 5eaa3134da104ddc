import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "@sortition/core";
import { edgeClient } from "@sortition/edge";
import { redis } from "@sortition/redis";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { launchdarkly } from "../../src/dialect.js";
import { launchdarklyOrigin } from "../../src/source.js";
import { StreamServer } from "./server.js";

const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

/** A flag whose value is a colour, except for the members of `acme`. */
function flag(version: number, colour: string): object {
  const clause = { contextKind: "org", attribute: "key", op: "in", values: ["acme"] };
  return {
    ...{ key: "colour", version, on: true, salt: "s", variations: [colour, "acme's"] },
    rules: [{ id: "acme", variation: 1, clauses: [clause] }],
    fallthrough: { variation: 0 },
  };
}

const payloadOf = (colour: string): object => ({
  flags: { colour: flag(1, colour) },
  segments: {},
});

describe("edgeClient over LaunchDarkly's dialect", () => {
  it("requests the flags with the SDK key", async () => {
    const requests: unknown[] = [];
    const flags = edgeClient({
      dialect: launchdarkly(),
      apiKey: "sdk-key",
      fetch: async (url, init) => {
        const { headers } = init as { readonly headers: Record<string, string> };
        requests.push([String(url), new Headers(headers).get("authorization")]);
        return new Response(JSON.stringify(payloadOf("blue")));
      },
      send: async () => {},
      diagnostics,
    });
    const client = await flags.forRequest({ waitUntil() {} });
    expect(client.getStringAssignment("colour", "alice", {}, "none")).toBe("blue");
    expect(requests).toEqual([["https://sdk.launchdarkly.com/sdk/latest-all", "sdk-key"]]);
  });
});

// Without a redis-server, the test run reports and counts the skipped tests.
describe.skipIf(!hasRedis)("workers over Redis", () => {
  it("share one stream of LaunchDarkly's flags, and write its changes at most once a second", async () => {
    const server = new StreamServer();
    server.content.flags["colour"] = flag(1, "blue");
    const [address, store] = await Promise.all([server.start(), startRedis()]);
    const fleets = Array.from({ length: 3 }, () =>
      redis({
        redis: store.url,
        namespace: "test",
        origin: launchdarklyOrigin({ sdkKey: "sdk-key", baseUri: address }),
      }),
    );
    const clients = fleets.map((source) =>
      createClient({ dialect: launchdarkly(), source, assignmentLogger: null, diagnostics }),
    );
    const colours = (): readonly string[] =>
      clients.map((it) => it.getStringAssignment("colour", "alice", {}, "none"));
    try {
      await Promise.all(clients.map((it) => it.waitForInitialization({ timeoutMs: 20_000 })));
      expect(colours()).toEqual(["blue", "blue", "blue"]);
      expect(server.streamCount).toBe(1);
      server.send("patch", { path: "/flags/colour", data: flag(2, "red") });
      await expect.poll(colours).toEqual(["red", "red", "red"]);
      const writes = (): number =>
        fleets.reduce((sum, { status }) => sum + status.counters.publishes, 0);
      const before = writes();
      const startedAtMs = performance.now();
      for (let version = 3; version <= 60; version++) {
        server.send("patch", { path: "/flags/colour", data: flag(version, `v${version}`) });
        await delay(25);
      }
      await expect.poll(colours).toEqual(["v60", "v60", "v60"]);
      const seconds = (performance.now() - startedAtMs) / 1_000;
      expect(writes() - before).toBeGreaterThan(0);
      // One more, because the write of the red colour may be counted after its colour is read.
      expect(writes() - before).toBeLessThanOrEqual(Math.ceil(seconds) + 1);
    } finally {
      for (const it of clients) await it.close();
      for (const it of fleets) await it.close();
      server.close();
      await store.close();
    }
  });
});
