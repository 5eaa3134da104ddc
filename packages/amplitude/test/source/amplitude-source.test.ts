import { type Client, createClient } from "@sortition/core";
import { createClient as createNodeClient } from "@sortition/node";
import { createFakeClock } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { amplitude } from "../../src/dialect.js";
import { type AmplitudeSourceOptions, amplitudeOrigin, amplitudeSource } from "../../src/source.js";
import { flagOf } from "../client/local/flags.js";
import { StreamServer } from "../client/local/stream-server.js";
import { cohortFlag } from "./cohort-server.js";

const SYNC = { apiKey: "analytics-key", secretKey: "analytics-secret" };

function cohortOf(cohortId: string, lastModified: number, ...memberIds: string[]): object {
  const size = memberIds.length;
  const facts = { groupType: "User", groupTypeId: 0, lastComputed: 1, lastModified, size };
  return { cohortId, ...facts, memberIds };
}

describe("amplitudeSource", () => {
  let server: StreamServer;
  let client: Client | null = null;
  /** The warnings of the client. */
  let said: string[] = [];

  beforeEach(async () => {
    said = [];
    server = await StreamServer.start();
    server.flags = [flagOf("flag", "a")];
  });

  afterEach(async () => {
    await client?.close();
    await server.close();
  });

  it("warns once that a shorter interval of cohorts is raised", async () => {
    const source = sourceOf({ cohortSync: { ...SYNC, cohortPollingIntervalMs: 5_000 } });
    const warn = (message: string): void => void said.push(message);
    const diagnostics = { debug() {}, info() {}, warn, error() {} };
    const options = { dialect: amplitude(), source, assignmentLogger: null, diagnostics };
    const clients = [createClient(options), createClient(options)];
    await Promise.all(clients.map((it) => it.close()));
    expect(said.filter((it) => it.includes("Interval"))).toEqual([
      "cohortSync.cohortPollingIntervalMs is 5000, so the minimum of 60000 is used: write 60_000 or more, in milliseconds",
    ]);
  });

  const sourceOf = (options: Partial<AmplitudeSourceOptions>) =>
    amplitudeSource({
      deploymentKey: "deployment-key",
      serverUrl: server.url,
      streamServerUrl: `${server.url}/`,
      ...options,
    });

  async function start(
    options: Partial<AmplitudeSourceOptions>,
    clock?: ReturnType<typeof createFakeClock>,
  ): Promise<Client> {
    const source = sourceOf({ clock, ...options });
    const warn = (message: string, facts: Readonly<Record<string, unknown>> = {}): void =>
      void said.push(`${message}: ${facts["reason"]}`);
    client = createClient({
      dialect: amplitude(),
      source,
      clock,
      assignmentLogger: null,
      diagnostics: { debug() {}, info() {}, warn, error() {} },
    }) as Client;
    await client.waitForInitialization();
    return client;
  }

  const variantOf = (it: Client, key = "flag", user = "alice"): string =>
    it.getStringAssignment(key, user, {}, "none");

  it("waits 5 s for the flags of a silent server, although cohorts may take a minute", async () => {
    const silent = await startTestServer({ kind: "hang" });
    const clock = createFakeClock();
    const starting = start({ serverUrl: silent.url }, clock);
    await silent.request(1);
    await clock.advance(4_999);
    expect(said).toEqual([]);
    await clock.advance(1);
    await expect.poll(() => said).toEqual([expect.stringContaining("5000 ms")]);
    await client?.close();
    await starting;
    await silent.close();
  });

  it("polls by default", async () => {
    const it = await start({});
    expect([variantOf(it), it.status.stream]).toEqual(["a", null]);
    expect([server.polls, server.connections]).toEqual([1, []]);
  });

  it("serves changes from the stream without a request", async () => {
    const it = await start({ streamUpdates: true, headers: { "X-Team": "shop" } });
    expect(variantOf(it)).toBe("a");
    expect(server.connections).toMatchObject([
      {
        authorization: "Api-Key deployment-key",
        "x-team": "shop",
        accept: "text/event-stream",
        "x-amp-exp-library": expect.stringMatching(/^sortition-amplitude\/\d/),
      },
    ]);
    server.flags = [flagOf("flag", "b")];
    server.sendFlags();
    await expect.poll(() => variantOf(it)).toBe("b");
    expect(await it.refresh()).toMatchObject({ outcome: "unchanged" });
    expect([server.polls, it.status.stream]).toMatchObject([0, { isUp: true, opened: 1, lost: 0 }]);
    await it.close();
    await expect.poll(() => server.open).toBe(0);
  });

  it("downloads the cohorts of streamed flags immediately, and known ones at their interval", async () => {
    const clock = createFakeClock();
    server.flags = [cohortFlag("flag", "c1")];
    server.cohorts.set("c1", cohortOf("c1", 1, "alice"));
    server.cohorts.set("c2", cohortOf("c2", 1, "bob"));
    const cohortSync = { ...SYNC, cohortServerUrl: server.url };
    // Without jitter, attempts are due at 30 and 60 s. The cohorts are due with the second.
    const it = await start({ streamUpdates: true, cohortSync, pollJitterMs: 0 }, clock);
    const seen = (): string[] => ["alice", "bob"].map((user) => variantOf(it, "flag", user));
    const passHalfMinute = async (): Promise<void> => {
      for (let part = 0; part < 2; part++) {
        const before = it.status.stream?.events ?? 0;
        server.send(" ");
        await expect.poll(() => it.status.stream?.events).toBeGreaterThan(before);
        await clock.advance(15_000);
      }
    };
    expect([seen(), server.downloads]).toEqual([["on", "none"], ["c1"]]);

    server.flags = [cohortFlag("flag", "c1", "c2")];
    server.sendFlags();
    await expect.poll(seen).toEqual(["on", "on"]);
    expect(server.downloads).toEqual(["c1", "c2"]);

    server.cohorts.set("c1", cohortOf("c1", 2));
    // A refresh also schedules the next attempt, so no request is in flight while the clock advances.
    await it.refresh();
    await passHalfMinute();
    await it.refresh();
    expect(server.downloads).toEqual(["c1", "c2"]);
    await passHalfMinute();
    await expect.poll(seen).toEqual(["none", "on"]);
    expect(server.polls).toBe(0);
  });

  it("serves flags whose cohort cannot be downloaded, and retries with the next attempt", async () => {
    server.flags = [flagOf("plain", "a"), cohortFlag("flag", "c1")];
    const it = await start({
      streamUpdates: true,
      cohortSync: { ...SYNC, cohortServerUrl: server.url },
    });
    expect([variantOf(it, "plain"), variantOf(it)]).toEqual(["a", "none"]);
    server.cohorts.set("c1", cohortOf("c1", 1, "alice"));
    expect(await it.refresh()).toMatchObject({ outcome: "updated" });
    expect([variantOf(it), server.polls]).toEqual(["on", 0]);
  });

  it("opens one stream for all its clients", async () => {
    const source = sourceOf({ streamUpdates: true });
    const clients = [1, 2].map(() =>
      createClient({ dialect: amplitude(), source, assignmentLogger: null }),
    );
    try {
      await Promise.all(clients.map((it) => it.waitForInitialization()));
      server.flags = [flagOf("flag", "b")];
      server.sendFlags();
      for (const it of clients) await expect.poll(() => variantOf(it as Client)).toBe("b");
      expect([server.connections.length, server.polls]).toEqual([1, 0]);
    } finally {
      for (const it of clients) await it.close();
    }
  });

  it("requests flags when the stream's first ones are late, and keeps trying", async () => {
    server.sendsFirst = false;
    const it = await start({ streamUpdates: true, streamFlagConnTimeoutMs: 50 });
    expect([variantOf(it), server.polls, it.status.stream?.isUp]).toEqual(["a", 1, false]);
    expect(said).toEqual([
      `stream lost, polling: request took longer than 50 ms; no configuration from the stream of ${server.url}`,
    ]);
  });

  it("names the server of a stream with an unusable event", async () => {
    await start({ streamUpdates: true });
    server.send("[{");
    await expect.poll(() => said).toEqual([expect.stringMatching(/^configuration rejected: /)]);
    expect(said[0]).toContain(`, from the stream of ${server.url}: is the event whole?`);
    server.send("<html>");
    const reason = `the stream of ${server.url} has an event that is not a list of flags`;
    await expect.poll(() => said[1]).toBe(`stream lost, polling: ${reason}`);
  });
});

describe("amplitudeSource's options", () => {
  const base = { deploymentKey: "key" };

  it.each<{ options: object; message: string }>([
    { options: { deploymentKey: " " }, message: "deploymentKey: is missing: is the" },
    { options: { deploymentKey: '"key"' }, message: "deploymentKey: is in quotes" },
    {
      options: { cohortSync: { apiKey: "k ", secretKey: "s" } },
      message: "cohortSync.apiKey: has spaces",
    },
    { options: { streamUpdates: "yes" }, message: "streamUpdates" },
    { options: { streamServerUrl: "ftp://x" }, message: "streamServerUrl: expected an http:" },
    { options: { streamFlagConnTimeoutMs: 0 }, message: "streamFlagConnTimeoutMs" },
    { options: { streaming: true }, message: "streaming" },
    { options: { pollIntervalMs: 1 }, message: "pollIntervalMs" },
  ])("are refused: $options", ({ message, options }) => {
    expect(() => amplitudeSource({ ...base, ...options })).toThrow(message);
  });

  it("cause an error for a client without the dialect, which they do not load", () => {
    expect(() => createNodeClient({ source: amplitudeSource(base) })).toThrow(
      "dialect: is missing: the source only knows the addresses of amplitude, so pass dialect: amplitude()",
    );
  });

  it("name the same caches with and without a stream", () => {
    const origin = amplitudeOrigin({ ...base, streamUpdates: true });
    const polled = amplitudeOrigin(base);
    expect(origin.scope).toBe(polled.scope);
    expect([typeof origin.follow, polled.follow]).toEqual(["function", undefined]);
  });
});
