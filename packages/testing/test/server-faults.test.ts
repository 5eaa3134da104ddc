import { setImmediate as nextTurn } from "node:timers/promises";
import { type Client, type ClientOptions, createClient, eppo } from "@sortition/node";
import { ifWhole, isInPart } from "@sortition/test-kit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fakeClock, type TestFlags, testFlags } from "../src/index.js";
import { type FlagServer, type FlagServerOptions, flagServer } from "../src/server.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const HOUR_MS = 3_600_000;

/** A flag server, and a client whose time the test controls. */
interface Stage {
  readonly flags: TestFlags;
  readonly server: FlagServer;
  readonly clock: ReturnType<typeof fakeClock>;
  /**
   * Starts the client. If it polls, the clock waits for its requests, so no time passes during a
   * request.
   */
  start(options?: ClientOptions): Client;
}

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function stage(
  flags: TestFlags = testFlags(),
  options: Partial<FlagServerOptions> = {},
): Promise<Stage> {
  flags.string("checkout").variations("old", "new").otherwise("old");
  const server = await flagServer({ flags, ...options });
  ends.push(() => server.close());
  let client: Client | null = null;
  const clock = fakeClock({
    async settle() {
      while (client?.status.nextAttemptInMs === null) await nextTurn();
    },
  });
  return { flags, server, clock, start };

  function start(more: ClientOptions = {}): Client {
    const own = createClient({
      apiKey: "key",
      baseUrl: server.url,
      assignmentLogger: null,
      diagnostics: SILENT,
      clock,
      random: () => 1,
      ...more,
    });
    if (more.pollIntervalMs !== null) client = own;
    ends.push(() => {
      client = null;
      return own.close();
    });
    return own;
  }
}

const checkoutOf = (client: Client): string =>
  client.getStringAssignment("checkout", "user-1", {}, "none");

describe("a flag server and a test clock can simulate", () => {
  it("lifecycle §7 fault 1: 500 from the start, and 200 later", async () => {
    const { clock, server, start } = await stage();
    server.fail(500);
    const client = start();
    const waiting = client.waitForInitialization();
    await clock.advance(5_000);
    expect(await waiting).toMatchObject({
      ready: false,
      reason: "timeout",
      error: { code: "SORTITION_HTTP_STATUS" },
      elapsedMs: 5_000,
    });
    await clock.advance(238_500);
    expect(client.status.state).toBe("error");
    expect(server.requests).toHaveLength(11); // at 0, 0.5, 1.5, 3.5, …, finally once per minute
    server.recover();
    await clock.advance(60_000);
    expect(client.status.state).toBe("ready");
    expect(checkoutOf(client)).toBe("old");
  });

  it.each(["hang", "hang-in-body", "drip"] as const)(
    "lifecycle §7 fault 2: a server with the fault %s, whose request is aborted after 5 s",
    async (fault) => {
      const { clock, server, start } = await stage();
      server.fail(fault);
      const client = start({ pollIntervalMs: null });
      const refreshing = client.refresh({ timeoutMs: 60_000 });
      const { connectionClosed } = await server.request(1);
      await clock.advance(4_999);
      expect(client.status.lastError).toBeNull();
      await clock.advance(1);
      expect(await refreshing).toMatchObject({
        outcome: "failed",
        error: { code: "SORTITION_TIMEOUT", timeoutMs: 5_000 },
      });
      await connectionClosed;
    },
  );

  it.each(["cut", "cut-chunked", "reset", "refused"] as const)(
    "lifecycle §7 fault 3: a connection that is %s",
    async (fault) => {
      const { flags, server, start } = await stage();
      const client = start({ pollIntervalMs: null });
      await client.refresh();
      flags.string("checkout").otherwise("new");
      if (fault === "refused") await server.close();
      else server.fail(fault, { times: 1 });
      expect(await client.refresh()).toMatchObject({
        outcome: "failed",
        error: { code: "SORTITION_NETWORK", cause: { code: expect.any(String) } },
      });
      expect(checkoutOf(client)).toBe("old");
      if (fault === "refused") return;
      expect(await client.refresh()).toMatchObject({ outcome: "updated" });
      expect(etags(server).at(-1)).toBe(etags(server).at(-2));
      expect(checkoutOf(client)).toBe("new");
    },
  );

  it.each(["<html>", "[]", "{}", '{"flags":[]}'])(
    "lifecycle §7 fault 4: 200 with %s and the etag of the next good body",
    async (body) => {
      const { flags, server, start } = await stage();
      const client = start({ pollIntervalMs: null });
      await client.refresh();
      flags.string("checkout").otherwise("new");
      server.fail("garbage", { body, times: 1 });
      expect(await client.refresh()).toMatchObject({
        outcome: "failed",
        error: { code: "SORTITION_DECODE", path: expect.stringMatching(/^\$/) },
      });
      expect(await client.refresh()).toMatchObject({ outcome: "updated" });
      expect(etags(server).at(-1)).toBe(etags(server).at(-2));
      expect(checkoutOf(client)).toBe("new");
    },
  );

  it("lifecycle §7 fault 3: an unknown host name", async () => {
    const { server, start } = await stage();
    const started = start({ pollIntervalMs: null });
    await started.refresh();
    const former = started.getConfiguration() ?? undefined;
    const client = start({
      baseUrl: "http://nobody.invalid",
      initialConfiguration: former,
      pollIntervalMs: null,
    });
    expect(await client.refresh({ timeoutMs: 60_000 })).toMatchObject({
      outcome: "failed",
      error: { code: "SORTITION_NETWORK", cause: { code: expect.stringMatching(/^E/) } },
    });
    expect(client.getConfiguration()).toBe(former);
    expect(former?.payloads[0]?.etag).toMatch(/^"/);
    expect(checkoutOf(client)).toBe("old");
    expect(server.requests).toHaveLength(1);
  });

  const counts = [22, 10_000].filter((_, i) => isInPart(i));
  it.each(counts)("lifecycle §7 fault 5: one malformed flag among %d", async (count) => {
    const { flags, server, start } = await stage();
    const payload = JSON.parse(flags.payload()) as { flags: Record<string, object> };
    const { checkout = {} } = payload.flags;
    for (let i = 2; i < count; i++) payload.flags[`flag-${i}`] = { ...checkout, key: `flag-${i}` };
    flags.set(payload).boolean("broken").malformed();
    const client = start({ pollIntervalMs: null });
    expect(await client.refresh({ timeoutMs: 60_000 })).toMatchObject({ outcome: "updated" });
    expect(server.requests).toHaveLength(1);
    for (const key of ["checkout", `flag-${count - 1}`]) {
      expect(client.getStringAssignment(key, "user-1", {}, "none")).toBe("old");
    }
    const { errorCode } = client.getBooleanAssignmentDetails("broken", "user-1", {}, false);
    expect(errorCode).toBe("SORTITION_DECODE");
    expect(client.getConfiguration()?.issues).toMatchObject([{ flagKey: "broken" }]);
  });

  it.each([401, 403, 404])(
    "lifecycle §7 fault 9: %d at the start, and 200 later",
    async (status) => {
      const { clock, server, start } = await stage();
      server.fail(status);
      const client = start();
      const waiting = client.waitForInitialization();
      await clock.advance(0);
      expect(await waiting).toMatchObject({ ready: false, elapsedMs: 0 });
      await clock.advance(18_000);
      expect(server.requests).toHaveLength(3); // two more, 6 to 9 s apart
      await clock.advance(200_000);
      expect(server.requests).toHaveLength(3);
      await clock.advance(130_000);
      expect(server.requests).toHaveLength(4); // 270 to 330 s later
      server.recover();
      await clock.advance(330_000);
      expect(client.status.state).toBe("ready");
    },
  );

  it.each([403, 404])("lifecycle §7 fault 9: a single %d", async (status) => {
    const { clock, server, start } = await stage();
    server.fail(status, { times: 1 });
    const client = start();
    await clock.advance(0);
    expect(client.status.state).toBe("error");
    await clock.advance(9_000);
    expect(client.status.state).toBe("ready");
  });

  it("lifecycle §7 fault 10: 401 for three hours after a good start", async () => {
    const { clock, flags, server, start } = await stage();
    const client = start();
    await clock.advance(0);
    server.fail(401);
    await clock.advance(94_999);
    expect(client.status.state).toBe("ready");
    await clock.advance(1);
    expect(client.status.state).toBe("stale");
    await clock.advance(3 * HOUR_MS);
    expect(checkoutOf(client)).toBe("old");
    flags.string("checkout").otherwise("new");
    server.recover();
    await clock.advance(330_000);
    expect(client.status).toMatchObject({ state: "ready", lastError: null });
    expect(checkoutOf(client)).toBe("new");
  });

  ifWhole(it)("lifecycle §7 fault 11: 500 for ten hours", async () => {
    const { clock, server, start } = await stage();
    server.fail(500);
    const client = start();
    await clock.advance(10 * HOUR_MS);
    expect(server.requests.length).toBeGreaterThan(500);
    expect(server.requests.length).toBeLessThanOrEqual(1_400);
    server.recover();
    await clock.advance(60_000);
    expect(client.status.state).toBe("ready");
  });

  describe("lifecycle §7 fault 12: Retry-After", () => {
    it.each([
      { what: "120 s", retryAfter: () => 120, min: 120_000, max: 125_000 },
      // The test's clock differs from the server's by months, and the server's continues in the
      // meantime.
      { what: "a date", retryAfter: () => dateIn(120_000), min: 90_000, max: 125_000 },
      { what: "1e9 s", retryAfter: () => 1_000_000_000, min: 600_000, max: 605_000 },
    ])("of $what", async ({ max, min, retryAfter }) => {
      const { clock, server, start } = await stage();
      const client = start();
      await clock.advance(0);
      server.fail(503, { retryAfter: retryAfter(), times: 1 });
      await clock.advance(client.status.nextAttemptInMs ?? 0);
      const { nextAttemptInMs } = client.status;
      expect(nextAttemptInMs).toBeGreaterThanOrEqual(min);
      expect(nextAttemptInMs).toBeLessThanOrEqual(max);
      await clock.advance((nextAttemptInMs ?? 0) - 1);
      expect(server.requests).toHaveLength(2);
      await clock.advance(1);
      expect(server.requests).toHaveLength(3);
      expect(client.status.consecutiveFailures).toBe(0);
    });

    it("of 60 s at the start", async () => {
      const { clock, server, start } = await stage();
      server.fail(503, { retryAfter: 60, times: 1 });
      const client = start();
      const waiting = client.waitForInitialization();
      await clock.advance(0);
      expect(await waiting).toMatchObject({ ready: false, reason: "rate-limited", elapsedMs: 0 });
      await clock.advance(65_000);
      expect(client.status.state).toBe("ready");
    });
  });

  it("lifecycle §7 fault 15: an attempt that takes longer than the interval", async () => {
    const { server } = await stage();
    const clock = fakeClock(); // time passes during the request
    server.fail("hang");
    const client = createClient({
      ...{ apiKey: "key", baseUrl: server.url, assignmentLogger: null, diagnostics: SILENT },
      ...{ clock, pollIntervalMs: 1_000, requestTimeoutMs: 600_000 },
    });
    ends.push(() => client.close());
    await server.request(1);
    await clock.advance(20_000);
    const refreshing = client.refresh({ timeoutMs: 60_000 });
    await clock.advance(20_000);
    expect(server.requests).toHaveLength(1);
    server.recover();
    expect(await refreshing).toMatchObject({ outcome: "updated" });
    expect(server.requests).toHaveLength(1);
    expect(checkoutOf(client)).toBe("old");
  });

  it("lifecycle §7 fault 16: equal bytes without an etag, ten times", async () => {
    const { clock, server, start } = await stage(testFlags(), { hasEtags: false });
    const dialect = eppo();
    const compile = vi.spyOn(dialect, "compileInSteps");
    let changes = 0;
    const client = start({ dialect });
    client.on("configuration-changed", () => {
      changes += 1;
    });
    await clock.advance(0);
    while (server.requests.length < 10) {
      expect(client.status.ageMs).toBe(0);
      await clock.advance(client.status.nextAttemptInMs ?? 0);
    }
    expect(etags(server)).toEqual(Array.from({ length: 10 }, () => undefined));
    expect(compile).toHaveBeenCalledTimes(1);
    expect(changes).toBe(1);
  });
});

/** Returns the etag of each request. */
function etags({ requests }: FlagServer): readonly (string | undefined)[] {
  return requests.map(({ headers }) => headers["if-none-match"]);
}

const dateIn = (ms: number): string => new Date(Date.now() + ms).toUTCString();
