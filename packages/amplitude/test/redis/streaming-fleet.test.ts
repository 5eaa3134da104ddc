import { createClient } from "@sortition/core";
import { redis } from "@sortition/redis";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { amplitude } from "../../src/dialect.js";
import { amplitudeOrigin } from "../../src/source.js";
import { flagOf } from "../client/local/flags.js";
import { StreamServer } from "../client/local/stream-server.js";
import { cohortFlag } from "../source/cohort-server.js";

const WORKERS = 3;
const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
const SYNC = { apiKey: "api", secretKey: "secret" };

// Without a redis-server, the test run reports and counts the skipped tests.
describe.skipIf(!hasRedis)("workers over Redis", () => {
  it("share one stream of flags, and one download of the cohorts per change", async () => {
    const [server, store] = await Promise.all([StreamServer.start(), startRedis()]);
    server.flags = [flagOf("plain", "a")];
    const facts = { groupType: "User", groupTypeId: 0, lastComputed: 1, lastModified: 1, size: 1 };
    server.cohorts.set("c1", { cohortId: "c1", ...facts, memberIds: ["alice"] });
    const fleets = Array.from({ length: WORKERS }, () =>
      redis({
        redis: store.url,
        namespace: "test",
        origin: amplitudeOrigin({
          deploymentKey: "key",
          serverUrl: server.url,
          streamServerUrl: server.url,
          streamUpdates: true,
          cohortSync: { ...SYNC, cohortServerUrl: server.url },
        }),
      }),
    );
    const clients = fleets.map((source) =>
      createClient({ dialect: amplitude(), source, assignmentLogger: null, diagnostics }),
    );
    const seen = (flag: string): readonly string[] =>
      clients.map((it) => it.getStringAssignment(flag, "alice", {}, "none"));
    try {
      await Promise.all(clients.map((it) => it.waitForInitialization({ timeoutMs: 20_000 })));
      expect(seen("plain")).toEqual(["a", "a", "a"]);
      server.flags = [flagOf("plain", "b"), cohortFlag("flag", "c1")];
      server.sendFlags();
      await expect.poll(() => seen("flag")).toEqual(["on", "on", "on"]);
      expect(seen("plain")).toEqual(["b", "b", "b"]);
      expect([server.connections.length, server.polls, server.downloads]).toEqual([1, 0, ["c1"]]);
    } finally {
      for (const it of clients) await it.close();
      for (const it of fleets) await it.close();
      await Promise.all([server.close(), store.close()]);
    }
  });
});
