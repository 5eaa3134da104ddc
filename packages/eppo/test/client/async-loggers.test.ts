import { setTimeout as wait } from "node:timers/promises";
import { createFakeClock, type FakeClock, ifWhole, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EppoClient, IAssignmentEvent } from "../../src/index.js";
import { OURS, VENDOR } from "../sdks.js";
import { openShop, startServer } from "./shop.js";

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const assign = (client: EppoClient, subject: string): string =>
  client.getStringAssignment("test-checkout", subject, {}, "standard");

/** A client of the flags with a bandit, whose actions have no logger. */
const SHOES = { apiKey: "shoes", banditLogger: undefined as never };

const choose = (client: EppoClient): unknown =>
  client.getBanditAction("shoe-offer", "user-1", {}, ["nike", "adidas"], "none");

function deferred() {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}

function assignAll(client: EppoClient, count: number): void {
  for (let i = 0; i < count; i++) assign(client, `user-${i}`);
}

ifWhole(describe.each([VENDOR, OURS]))("a logger of $name that returns promises", (sdk) => {
  it("is called immediately for each of 25,000 subjects in one turn", async () => {
    const { client, warnings } = await openShop(sdk, server);
    let isTurnOver = false;
    let calls = 0;
    const delivered: string[] = [];
    client.setAssignmentLogger({
      async logAssignment({ subject }: IAssignmentEvent) {
        if (!isTurnOver) calls += 1;
        await wait(5);
        delivered.push(subject);
      },
    });
    assignAll(client, 25_000);
    isTurnOver = true;
    expect(calls).toBe(25_000);
    while (delivered.length < 25_000) await wait(5);
    expect(new Set(delivered).size).toBe(25_000);
    expect(warnings).toEqual([]);
  });

  it("is called immediately even if the promises of a batch settle much later", async () => {
    const { client, warnings } = await openShop(sdk, server);
    const { promise, resolve } = deferred();
    let calls = 0;
    client.setAssignmentLogger({
      logAssignment() {
        calls += 1;
        return promise;
      },
    });
    for (let i = 0; i < 11; i++) {
      await wait(1);
      for (let subject = 0; subject < 1_000; subject++) assign(client, `user-${i}-${subject}`);
    }
    expect(calls).toBe(11_000);
    resolve();
    await wait(1);
    expect(warnings).toEqual([]);
  });
});

describe("a promise of a logger", () => {
  /** Creates a client whose logger returns the result of `answer`. */
  async function setUp(answer: () => unknown) {
    const clock: FakeClock = createFakeClock();
    let calls = 0;
    const shop = await openShop(OURS, server, {
      clock,
      assignmentLogger: {
        logAssignment() {
          calls += 1;
          return answer() as never;
        },
      },
    });
    const totals = () => shop.client.status.counters.exposures.loggers["assignmentLogger"];
    return { ...shop, clock, totals, calls: () => calls };
  }

  it("is not a failure if it takes minutes, and its event is not logged again", async () => {
    const { promise, resolve } = deferred();
    const { calls, client, clock, totals, warnings } = await setUp(() => promise);
    assignAll(client, 100);
    await clock.advance(60_000);
    assignAll(client, 100);
    expect(calls()).toBe(100);
    expect(totals()).toMatchObject({ accepted: 100, delivered: 100, inFlight: 0 });
    resolve();
    await clock.advance(0);
    expect(warnings).toEqual([]);
    expect(clock.pending.filter(({ inMs }) => inMs > 3_600_000)).toEqual([]);
  });

  it("is reported if it rejects, and its event is logged again", async () => {
    const { calls, client, clock, warnings } = await setUp(() => Promise.reject(new Error("full")));
    for (let i = 0; i < 3; i++) {
      assignAll(client, 5);
      await clock.advance(0);
    }
    expect(calls()).toBe(15);
    expect(warnings).toEqual(["logger failed"]);
  });

  it("is reported once and handled if it rejects after minutes", async () => {
    const { promise, reject } = deferred();
    const { client, clock, warnings } = await setUp(() => promise);
    assignAll(client, 50);
    await clock.advance(60_000);
    reject(new Error("full"));
    await clock.advance(0);
    expect(warnings).toEqual(["logger failed"]);
  });

  it("is awaited by flush and close", async () => {
    const { promise, resolve } = deferred();
    const { client, totals } = await setUp(() => promise);
    assignAll(client, 2_000);
    expect(totals()).toMatchObject({ inFlight: 2_000, queued: 0 });
    const flushing = client.flush({ timeoutMs: 20_000 });
    let hasEnded = false;
    void flushing.then(() => {
      hasEnded = true;
    });
    await wait(1);
    expect(hasEnded).toBe(false);
    resolve();
    expect(await flushing).toMatchObject({ delivered: 2_000, pending: 0 });
    await client.close();
  });
});

describe("events without a logger", () => {
  it("are reported if a promise of any library rejects", async () => {
    const { client, warnings } = await openShop(OURS, server, {
      assignmentLogger: undefined as never,
    });
    assign(client, "user-1");
    // biome-ignore lint/suspicious/noThenProperty: it represents a promise of another library
    const lost = { then: (_: unknown, fail: (error: Error) => void) => fail(new Error("full")) };
    client.setAssignmentLogger({ logAssignment: () => lost as never });
    await wait(1);
    expect(warnings).toEqual(["logger failed"]);
    await client.close();
  });

  it("are reported with the setters, and no unknown option, if they are dropped", async () => {
    const none = { assignmentLogger: undefined as never, banditLogger: undefined as never };
    const { client, warnings } = await openShop(OURS, server, none);
    assignAll(client, 150);
    expect(warnings).toEqual([
      "events dropped: 1 so far, no logger is set; the first 100 wait for setAssignmentLogger or setBanditLogger",
    ]);
    await client.close();
    expect(warnings.join("\n")).not.toMatch(/exposures|null/);
  });

  it("count as pending, and are reported when the client is closed", async () => {
    const { client, warnings } = await openShop(OURS, server, {
      ...SHOES,
      assignmentLogger: { logAssignment() {}, logBanditAction() {} } as never,
    });
    choose(client);
    const place =
      "assignmentLogger.logBanditAction is not called: pass it as banditLogger: { logBanditAction }";
    expect(warnings).toEqual([place]);
    const { totals } = await client.close();
    expect(totals).toMatchObject({ accepted: 2, delivered: 1, pending: 1 });
    expect(warnings.at(-1)).toBe(
      "events lost: 1 had no logger when the client was closed; pass banditLogger: { logBanditAction }, or call setBanditLogger",
    );
  });

  it.each([
    { logger: { logBanditAction() {} }, counts: { delivered: 2 } },
    { logger: { logBanditAction: () => Promise.resolve() }, counts: { delivered: 2 } },
    { logger: { logBanditAction: () => Promise.reject(new Error("full")) }, counts: { failed: 1 } },
    { logger: null, counts: { dropped: 1 } },
  ])("are counted once a logger is set: $counts", async ({ counts, logger }) => {
    const { client } = await openShop(OURS, server, SHOES);
    choose(client);
    expect(client.status.counters.exposures.totals).toMatchObject({ delivered: 1, pending: 1 });
    client.setBanditLogger(logger as never);
    await wait(1);
    expect(client.status.counters.exposures.totals).toMatchObject({ pending: 0, ...counts });
    await client.close();
  });
});
