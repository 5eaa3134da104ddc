import {
  createFakeClock,
  startTestServer,
  type TestServer,
  waitInTurns,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { getInstance, type IClientConfig, init } from "../../src/index.js";

const BODY = JSON.stringify({ format: "SERVER", environment: { name: "Test" }, flags: {} });

let server: TestServer;

beforeEach(async () => {
  Reflect.deleteProperty(globalThis, Symbol.for("@sortition/eppo 0"));
  server = await startTestServer({ kind: "answer", body: BODY, headers: { etag: '"1"' } });
});
afterEach(() => server.close());

function setUp(config: Partial<IClientConfig> = {}) {
  const said: string[] = [];
  const say = (message: string, facts: object = {}): void =>
    void said.push(`${message} ${JSON.stringify(facts)}`);
  const diagnostics = { debug() {}, info() {}, warn: say, error: say };
  const all: IClientConfig = {
    apiKey: "key",
    baseUrl: `${server.url}/api`,
    assignmentLogger: { logAssignment() {} },
    diagnostics,
    ...config,
  };
  return { said, start: () => init(all) };
}

describe("a client", () => {
  it("is initialized without bandits, unlike the vendor's", async () => {
    const client = await setUp().start();
    expect(client.isInitialized()).toBe(true);
    await client.close();
  });

  it.each([
    { pollJitterMs: 1_000, pollingIntervalMs: 10_000, firstPollMs: 9_000 },
    { pollJitterMs: 1_000, pollingIntervalMs: 100, firstPollMs: 50 },
  ])(
    "keeps pollJitterMs with other request parameters: %j",
    async ({ firstPollMs, pollingIntervalMs, pollJitterMs }) => {
      const clock = createFakeClock();
      const client = await setUp({ clock, random: () => 0, pollJitterMs }).start();
      client.setConfigurationRequestParameters({
        apiKey: "key",
        baseUrl: `${server.url}/api`,
        sdkName: "name",
        sdkVersion: "1",
        pollingIntervalMs,
        pollAfterSuccessfulInitialization: true,
      });
      await client.fetchFlagConfigurations();
      expect(clock.pending.map(({ inMs }) => inMs)).toContain(firstPollMs);
      await client.close();
    },
  );

  it("warns of an unknown option and of an invalid interval, and suggests the nearest name", async () => {
    const options = {
      ...{ pollIntervalMs: 5, pollAfterSuccessfulInitialization: false, pollingIntervalMs: 0 },
    } as Partial<IClientConfig>;
    const { said, start } = setUp(options);
    const client = await start();
    expect(said).toEqual([
      'pollIntervalMs: unknown option, did you mean pollingIntervalMs? {"option":"pollIntervalMs"}',
      'pollAfterSuccessfulInitialization: unknown option; not needed: it always polls, see https://github.com/sortition/sortition/blob/main/docs/vendors/eppo.md {"option":"pollAfterSuccessfulInitialization"}',
      'an option has an unusual value {"option":"pollingIntervalMs","used":30000}',
    ]);
    await client.close();
  });

  it.each([
    { requestTimeoutMs: 0, used: 5_000 },
    { requestTimeoutMs: 900_000, used: 600_000 },
    { requestTimeoutMs: "4000", used: 5_000 },
    { pollingIntervalMs: "30000", used: 30_000 },
    { pollingIntervalMs: 1.5, used: 1 },
    { pollingIntervalMs: Number.POSITIVE_INFINITY, used: 30_000 },
    { numPollRequestRetries: -1, used: -1 },
    { numPollRequestRetries: null, used: 7 },
    { numInitialRequestRetries: "0", used: 1 },
    { throwOnFailedInitialization: "no", used: false },
  ])("uses $used, and reports it once: %j", async ({ used, ...given }) => {
    const { said, start } = setUp(given as Partial<IClientConfig>);
    const client = await start();
    const [option] = Object.keys(given);
    // A whole number within its range is not reported.
    const isSaid = !Object.values(given).includes(used as never);
    const line = `an option has an unusual value ${JSON.stringify({ option, used })}`;
    expect(said).toEqual(isSaid ? [line] : []);
    await client.close();
  });

  it.each([
    { option: "assignmentLogger", method: "logAssignment" },
    { option: "banditLogger", method: "logBanditAction" },
  ])("reports once that $option has no $method", async ({ method, option }) => {
    const { said, start } = setUp({ [option]: () => {} });
    const client = await start();
    expect(said).toEqual([
      `${option} has no function ${method}, so it receives nothing: pass { ${method}: (event) => … } {"option":"${option}"}`,
    ]);
    await client.close();
  });

  it("throws an OptionError for an invalid value of an option that the vendor does not have", async () => {
    const start = setUp({ pollJitterMs: -1 }).start();
    await expect(start).rejects.toMatchObject({ name: "OptionError", option: "pollJitterMs" });
  });
});

describe("a second init", () => {
  it("replaces the instance when it is ready, and ends the previous one's polling", async () => {
    const first = await setUp({ pollingIntervalMs: 30 }).start();
    const starting = setUp().start();
    expect(getInstance()).toBe(first);
    const second = await starting;
    expect(getInstance()).toBe(second);
    await waitInTurns(50); // the previous client's poll may be running
    const { length } = server.requests;
    await waitInTurns(100);
    expect(server.requests.length).toBe(length);
    await second.close();
  });

  /** Counts the requests with this key during the time of several polls, without one that is running now. */
  async function polls(apiKey: string): Promise<number> {
    await waitInTurns(50);
    const before = server.requests.length;
    await waitInTurns(100);
    const later = server.requests.slice(before);
    return later.filter(({ query }) => query.get("apiKey") === apiKey).length;
  }

  /** Resolves when two more requests with this key have been received. */
  async function pollsOn(apiKey: string): Promise<void> {
    const before = server.requests.length;
    const count = (): number =>
      server.requests.slice(before).filter(({ query }) => query.get("apiKey") === apiKey).length;
    await expect.poll(count).toBeGreaterThan(1);
  }

  /** Sends flags to the first client and failures to all others, until `recover`. */
  function failOthers(): { recover(): void } {
    let isDown = true;
    server.respond(({ query }) =>
      query.get("apiKey") === "first" || !isDown
        ? { kind: "answer", body: BODY }
        : { kind: "answer", status: 500 },
    );
    return {
      recover() {
        isDown = false;
      },
    };
  }

  const QUICK = { pollingIntervalMs: 20, numInitialRequestRetries: 0 };

  it("keeps the previous client, which continues polling, if it resolves without a configuration", async () => {
    const { recover } = failOthers();
    const first = await setUp({ ...QUICK, apiKey: "first" }).start();
    const options = { ...QUICK, throwOnFailedInitialization: false };
    const second = await setUp({ ...options, apiKey: "second" }).start();
    expect(second).not.toBe(first);
    expect(getInstance()).toBe(first);
    await pollsOn("first");
    recover();
    await second.fetchFlagConfigurations();
    expect(getInstance()).toBe(second);
    await server.request(server.requests.length + 2); // the previous client's request may be running
    expect(await polls("first")).toBe(0);
    await Promise.all([first.close(), second.close()]);
  });

  it("stops clients that were rejected before", async () => {
    failOthers();
    const first = await setUp({ ...QUICK, apiKey: "first" }).start();
    const options = { ...QUICK, pollAfterFailedInitialization: true };
    for (let i = 0; i < 10; i++) {
      const start = setUp({ ...options, apiKey: `rejected ${i}` }).start();
      await expect(start).rejects.toMatchObject({ status: 500 });
    }
    await waitInTurns(100); // some requests may be running
    const before = server.requests.length;
    await Promise.all([pollsOn("first"), pollsOn("rejected 9")]);
    const keys = server.requests.slice(before).map(({ query }) => query.get("apiKey"));
    expect([...new Set(keys)].sort()).toEqual(["first", "rejected 9"]);
    failOthers().recover();
    await vi.waitFor(() => expect(getInstance()).not.toBe(first));
    await getInstance().close();
    expect(await Promise.all([polls("first"), polls("rejected 9")])).toEqual([0, 0]);
    await first.close();
  });

  it("stops the earlier of two overlapping clients", async () => {
    const first = await setUp({ ...QUICK, apiKey: "first" }).start();
    const [second, third] = await Promise.all([
      setUp({ ...QUICK, apiKey: "second" }).start(),
      setUp({ ...QUICK, apiKey: "third" }).start(),
    ]);
    expect(getInstance()).toBe(third);
    await waitInTurns(50); // some requests may be running
    const before = server.requests.length;
    await pollsOn("third");
    const keys = server.requests.slice(before).map(({ query }) => query.get("apiKey"));
    expect([...new Set(keys)]).toEqual(["third"]);
    await Promise.all([first, second, third].map((client) => client.close()));
  });

  it("wins over an earlier one that finishes later", async () => {
    let isFirst = true;
    server.respond(async () => {
      if (isFirst) {
        isFirst = false;
        await new Promise((resolve) => setTimeout(resolve, 80));
      }
      return { kind: "answer", body: BODY };
    });
    const slow = setUp().start();
    const quick = await setUp().start();
    const earlier = await slow;
    expect(getInstance()).toBe(quick);
    await Promise.all([earlier.close(), quick.close()]);
  });

  it("makes getInstance work, which throws before", async () => {
    expect(() => getInstance()).toThrow("Expected init() to be called");
    const starting = setUp().start();
    const client = getInstance();
    expect(client.isInitialized()).toBe(false);
    await vi.waitFor(async () => expect(await starting).toBe(client));
    await client.close();
  });
});
