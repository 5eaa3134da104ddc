import { createFakeClock } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis, startTcpProxy } from "@sortition/test-kit/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type FlagDefinitionCache,
  RedisFlagDefinitionCache,
} from "../../src/flag-definitions/flag-definition-cache.js";
import { createTestHost, type TestHost, type TestHostOptions } from "../support/fleet-services.js";

interface Definitions {
  readonly flags: readonly { readonly key: string }[];
  readonly cohorts: Readonly<Record<string, unknown>>;
}

/** Creates definitions of one flag. `padding` makes them large. */
function definitions(key: string, padding = 0): Definitions {
  return { flags: [{ key }], cohorts: { padding: "x".repeat(padding) } };
}

describe.skipIf(!hasRedis)("fleet.flagDefinitionCache", () => {
  let server: RedisServer;
  let hosts: TestHost[];
  const open = (
    url = server.url,
    { commandTimeoutMs, ...ports }: TestHostOptions = {},
  ): FlagDefinitionCache<Definitions> => {
    const host = createTestHost(url);
    hosts.push(host);
    const settings = { ...host.settings, ...(commandTimeoutMs && { commandTimeoutMs }) };
    return new RedisFlagDefinitionCache<Definitions>({ ...host, ...ports, settings });
  };
  const gateMs = async (): Promise<number> =>
    Number(await server.command("PTTL", "sortition:{test}:v1:definitions:gate"));

  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(() => {
    hosts = [];
  });
  afterEach(async () => {
    for (const { close } of hosts) close();
    await server.command("FLUSHALL");
  });
  afterAll(() => server.close());

  it("lets one process fetch per interval, and returns what it published to the others", async () => {
    const [one, two, three] = [open(), open(), open()];
    let claimedMs = performance.now();
    expect(await one.shouldFetchFlagDefinitions()).toBe(true);
    expect(await two.shouldFetchFlagDefinitions()).toBe(false);
    const [first, second] = [two.getFlagDefinitions(), three.getFlagDefinitions()];
    await one.onFlagDefinitionsReceived(definitions("a", 100_000));
    // Both calls wait until the first definitions are published.
    expect(await first).toEqual(definitions("a", 100_000));
    expect(await second).toEqual(definitions("a", 100_000));
    expect(await two.getFlagDefinitions()).toBe(await two.getFlagDefinitions());
    // The Redis key `gate` blocks further fetches for 0.9 intervals, even after "not modified".
    expect(await gateMs()).toBeGreaterThan(5_300 - (performance.now() - claimedMs));
    expect(await gateMs()).toBeLessThanOrEqual(5_400);
    await server.command("PEXPIRE", "sortition:{test}:v1:definitions:gate", 1);
    await vi.waitFor(async () => expect(await gateMs()).toBe(-2));
    claimedMs = performance.now();
    expect(await three.shouldFetchFlagDefinitions()).toBe(true);
    expect(await one.shouldFetchFlagDefinitions()).toBe(false);
    expect(await gateMs()).toBeGreaterThan(5_300 - (performance.now() - claimedMs));
  });

  it("does not replace newer definitions after a late fetch, and never publishes an empty set", async () => {
    const [late, prompt] = [open(), open()];
    expect(await late.shouldFetchFlagDefinitions()).toBe(true);
    await server.command("FLUSHALL");
    expect(await prompt.shouldFetchFlagDefinitions()).toBe(true);
    await prompt.onFlagDefinitionsReceived(definitions("new"));
    await late.onFlagDefinitionsReceived(definitions("old"));
    expect(hosts[0]?.reports).toEqual(["warn write fenced"]);
    expect(await late.getFlagDefinitions()).toEqual(definitions("new"));
    await server.command("DEL", "sortition:{test}:v1:definitions:gate");
    expect(await prompt.shouldFetchFlagDefinitions()).toBe(true);
    await prompt.onFlagDefinitionsReceived({ flags: [], cohorts: {} });
    expect(await open().getFlagDefinitions()).toEqual(definitions("new"));
  });

  it("waits for the first definitions for at most two seconds or two commands", async () => {
    const [dead, other] = [open(), open()];
    expect(await dead.shouldFetchFlagDefinitions()).toBe(true);
    const waitedMs = async (commandTimeoutMs: number): Promise<number> => {
      // Time stands still while Redis is read.
      const clock = createFakeClock();
      const waiting = open(server.url, { clock, commandTimeoutMs }).getFlagDefinitions();
      let isSettled = false;
      void waiting.finally(() => {
        isSettled = true;
      });
      const isTurn = (): boolean => isSettled || clock.pending.length > 0;
      while (!isSettled) {
        await expect.poll(isTurn, { interval: 1 }).toBe(true);
        await clock.advance(clock.pending[0]?.inMs ?? 0);
      }
      expect(await waiting).toBeUndefined();
      return clock.monotonicMs();
    };
    expect([await waitedMs(200), await waitedMs(1_400)]).toEqual([2_000, 2_800]);
    // If a process ends while it fetches, another one may fetch.
    expect(await other.shouldFetchFlagDefinitions()).toBe(false);
    await dead.shutdown();
    expect(await other.shouldFetchFlagDefinitions()).toBe(true);
  });

  it("keeps definitions in memory while Redis is down or empty, and restores them", async () => {
    const own = await startRedis();
    const [one, two] = [open(own.url), open(own.url)];
    expect(await one.shouldFetchFlagDefinitions()).toBe(true);
    await one.onFlagDefinitionsReceived(definitions("a"));
    expect(await two.getFlagDefinitions()).toEqual(definitions("a"));
    await own.kill();
    expect(await two.shouldFetchFlagDefinitions()).toBe(false);
    expect(await two.getFlagDefinitions()).toEqual(definitions("a"));
    const empty = open(own.url);
    await expect(empty.shouldFetchFlagDefinitions()).rejects.toThrow("redis");
    await expect(empty.getFlagDefinitions()).rejects.toThrow("redis");
    await own.start();
    await vi.waitFor(async () => {
      await two.shouldFetchFlagDefinitions();
      expect(hosts[1]?.reports).toContain("warn flag definitions reachable again");
    }, 200_000);
    const newcomer = open(own.url);
    expect(await newcomer.getFlagDefinitions()).toEqual(definitions("a"));
    await Promise.all([one, two, empty, newcomer].map((cache) => cache.shutdown()));
    await own.close();
  });

  /** Opens a cache that has "v1" from another process, and may fetch. */
  const openFetching = async (): Promise<FlagDefinitionCache<Definitions>> => {
    const [first, fetching] = [open(), open()];
    await first.shouldFetchFlagDefinitions();
    await first.onFlagDefinitionsReceived(definitions("v1"));
    expect(await fetching.getFlagDefinitions()).toEqual(definitions("v1"));
    await server.command("DEL", "sortition:{test}:v1:definitions:gate");
    return fetching;
  };

  it("redis §6 fault 51: never returns to older definitions when Redis is lost during a fetch", async () => {
    const own = await startRedis();
    const one = open(own.url);
    await one.shouldFetchFlagDefinitions();
    await one.onFlagDefinitionsReceived(definitions("v1"));
    await own.command("DEL", "sortition:{test}:v1:definitions:gate");
    expect(await one.shouldFetchFlagDefinitions()).toBe(true);
    await own.kill();
    await one.onFlagDefinitionsReceived(definitions("v2"));
    expect(await one.shouldFetchFlagDefinitions()).toBe(false);
    expect(await one.getFlagDefinitions()).toEqual(definitions("v2"));
    expect(hosts[0]?.reports).toEqual(["warn flag definitions unreachable"]);
    await own.start();
    await vi.waitFor(async () => {
      await one.shouldFetchFlagDefinitions();
      expect(hosts[0]?.reports).toContain("warn flag definitions reachable again");
    }, 200_000);
    expect(await open(own.url).getFlagDefinitions()).toEqual(definitions("v2"));
    for (const { close } of hosts) close();
    await own.close();
  });

  it("redis §6 fault 51: never returns to older definitions when Redis is full, and publishes the received ones when there is room", async () => {
    const one = await openFetching();
    expect(await one.shouldFetchFlagDefinitions()).toBe(true);
    await server.command("CONFIG", "SET", "maxmemory", "1");
    try {
      await one.onFlagDefinitionsReceived(definitions("v2"));
      expect(await one.getFlagDefinitions()).toEqual(definitions("v2"));
      expect(await open().getFlagDefinitions()).toEqual(definitions("v1"));
    } finally {
      await server.command("CONFIG", "SET", "maxmemory", "0");
    }
    // The vendor's next response is "not modified", which is not reported.
    await one.shouldFetchFlagDefinitions();
    expect(await open().getFlagDefinitions()).toEqual(definitions("v2"));
  });

  it("redis §6 fault 51: keeps definitions that were fetched without asking Redis, until newer ones are stored", async () => {
    const one = await openFetching();
    await one.onFlagDefinitionsReceived(definitions("v2"));
    expect(await one.getFlagDefinitions()).toEqual(definitions("v2"));
    const other = open();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await other.shouldFetchFlagDefinitions()).toBe(true);
    await other.onFlagDefinitionsReceived(definitions("v3"));
    // An age is read too high by the time until Redis answers, so a slow read returns "v2" once more.
    await expect.poll(() => one.getFlagDefinitions()).toEqual(definitions("v3"));
  });

  it("stores an age that is never too low over a slow connection, also when it restores them", async () => {
    const proxy = await startTcpProxy(server.port);
    proxy.delay(300);
    const slow = open(proxy.url);
    const okMs = async (): Promise<number> =>
      Number(await server.command("HGET", "sortition:{test}:v1:definitions:poll", "okAt"));
    expect(await slow.shouldFetchFlagDefinitions()).toBe(true);
    const fetchedMs = Date.now();
    await slow.onFlagDefinitionsReceived(definitions("a"));
    for (const repeat of [() => {}, () => slow.shouldFetchFlagDefinitions()]) {
      await repeat();
      expect(await okMs()).toBeGreaterThan(0);
      expect(await okMs()).toBeLessThanOrEqual(fetchedMs);
      await server.command("FLUSHALL");
    }
    await proxy.close();
  });

  it("ignores damaged definitions", async () => {
    const [one, two] = [open(), open()];
    await one.shouldFetchFlagDefinitions();
    await one.onFlagDefinitionsReceived(definitions("a"));
    const key = "sortition:{test}:v1:definitions:config";
    await server.command("HSET", key, "part:definitions", '{"flags":[]}');
    expect(await two.getFlagDefinitions()).toBeUndefined();
    expect(hosts[1]?.reports).toEqual(["error stored payload corrupt"]);
    expect(await one.getFlagDefinitions()).toEqual(definitions("a"));
  });
});
