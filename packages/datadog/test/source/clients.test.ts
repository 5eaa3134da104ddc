import { createClient } from "@sortition/core";
import { edgeClient } from "@sortition/edge";
import { redis } from "@sortition/redis";
import { type Reply, startTestServer } from "@sortition/test-kit";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { datadog } from "../../src/dialect.js";
import { datadogOrigin } from "../../src/source.js";
import { payloadOf } from "./payload.js";

const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

describe("edgeClient over Datadog's dialect", () => {
  it("requests the environment from its site", async () => {
    const requests: string[] = [];
    const flags = edgeClient({
      dialect: datadog({ env: "production", site: "datadoghq.eu" }),
      apiKey: "key",
      fetch: async (url) => {
        requests.push(String(url));
        return new Response(payloadOf("blue"));
      },
      send: async () => {},
      diagnostics,
    });
    const client = await flags.forRequest({ waitUntil() {} });
    expect(client.getStringAssignment("colour", "alice", {}, "none")).toBe("blue");
    expect(requests).toEqual([
      "https://ufc-server.ff-cdn.datadoghq.eu/api/v2/feature-flagging/config/rules-based/server?dd_env=production",
    ]);
  });
});

// Without a redis-server, the test run reports and counts the skipped tests.
describe.skipIf(!hasRedis)("workers over Redis", () => {
  it("share one poll of Datadog's flags", async () => {
    let reply: Reply = { kind: "answer", headers: { etag: '"1"' }, body: payloadOf("blue") };
    const [server, store] = await Promise.all([startTestServer(() => reply), startRedis()]);
    const fleets = Array.from({ length: 3 }, () =>
      redis({
        redis: store.url,
        namespace: "test",
        origin: datadogOrigin({ apiKey: "key", env: "production", baseUrl: server.url }),
      }),
    );
    const clients = fleets.map((source) =>
      createClient({ dialect: datadog(), source, assignmentLogger: null, diagnostics }),
    );
    const colours = (): readonly string[] =>
      clients.map((it) => it.getStringAssignment("colour", "alice", {}, "none"));
    try {
      await Promise.all(clients.map((it) => it.waitForInitialization({ timeoutMs: 20_000 })));
      expect(colours()).toEqual(["blue", "blue", "blue"]);
      expect(server.requests).toHaveLength(1);
      reply = { kind: "answer", headers: { etag: '"2"' }, body: payloadOf("red") };
      await clients[0]?.refresh();
      await expect.poll(colours).toEqual(["red", "red", "red"]);
    } finally {
      for (const it of clients) await it.close();
      for (const it of fleets) await it.close();
      await Promise.all([server.close(), store.close()]);
    }
  });
});
