import { describe, expect, it } from "vitest";
import type { AssignmentLogger } from "../../src/index.js";
import { createTestClient } from "./clients.js";

const never = () => new Promise<never>(() => {});

function ask(client: ReturnType<typeof createTestClient>["client"], subjects: number): void {
  for (let i = 0; i < subjects; i++) client.getStringAssignment("f", `${i}`, {}, "");
}

describe("flush", () => {
  it("reports each logger separately, and one that hangs delays no other", async () => {
    const flushed: string[] = [];
    const { client, clock } = createTestClient({
      assignmentLogger: [
        { name: "hangs", logAssignment: never, flush: () => flushed.push("hangs") },
        { name: "works", logAssignment() {}, flush: () => flushed.push("works") },
      ],
    });
    ask(client, 20);
    const flushing = client.flush({ timeoutMs: 200 });
    await clock.advance(0);
    expect(flushed).toEqual(["works"]);
    await clock.advance(200);
    expect(await flushing).toEqual({
      underWay: 20,
      delivered: 0,
      failed: 0,
      dropped: 0,
      pending: 20,
      timedOut: true,
      totals: { accepted: 40, delivered: 20, failed: 0, dropped: 0, pending: 20 },
      loggers: [
        { name: "hangs", delivered: 0, failed: 0, dropped: 0, pending: 20, ok: false },
        { name: "works", delivered: 0, failed: 0, dropped: 0, pending: 0, ok: true },
      ],
    });
    expect(flushed).toEqual(["works", "hangs"]);
  });

  it.each([
    { method: "flush", message: "a logger could not be flushed" },
    { method: "close", message: "a logger could not be closed" },
  ])("reports a logger whose $method fails, or returns a promise that is rejected", async (row) => {
    const errors: [string, object | undefined][] = [];
    const failed = new Error("full");
    const fails = () => {
      throw failed;
    };
    const assignmentLogger: AssignmentLogger[] = [
      { name: "fails", owned: true, logAssignment() {}, [row.method]: fails },
      { name: "rejects", owned: true, logAssignment() {}, [row.method]: async () => fails() },
    ];
    const error = (text: string, facts?: object) => void errors.push([text, facts]);
    const diagnostics = { debug() {}, info() {}, warn() {}, error };
    const { client } = createTestClient({ assignmentLogger, diagnostics });
    ask(client, 1);
    await client.close();
    const cause = { message: row.message, cause: failed };
    expect(errors).toMatchObject(
      ["fails", "rejects"].map((logger) => [
        "logger failed",
        { code: "SORTITION_LOGGER", logger, error: cause },
      ]),
    );
  });

  it.each([
    {
      flush: () => {
        throw new Error("no");
      },
      ok: false,
      because: "it throws",
    },
    { flush: () => Promise.reject(new Error("no")), ok: false, because: "it rejects" },
    { flush: () => ({ ok: false }), ok: false, because: "it returns that result" },
    { flush: () => ({ ok: true }), ok: true, because: "it returns that result" },
    { flush: () => undefined, ok: true, because: "it returns nothing" },
    { flush: never, ok: false, because: "it does not end" },
  ])("reports ok: $ok for a logger, because its flush: $because", async ({ flush, ok }) => {
    const { client, clock } = createTestClient({ assignmentLogger: { logAssignment() {}, flush } });
    const flushing = client.flush({ timeoutMs: 50 });
    await clock.advance(50);
    expect(await flushing).toMatchObject({ timedOut: flush === never, loggers: [{ ok }] });
  });

  it("ends when its signal is aborted", async () => {
    const { client } = createTestClient({ assignmentLogger: { logAssignment: never } });
    ask(client, 1);
    expect(await client.flush({ signal: AbortSignal.abort() })).toMatchObject({ timedOut: true });
  });

  it("shows the result of a logger's own flush", async () => {
    const result = { ok: true, delivered: 5, failed: 0, dropped: 0, pending: 0 };
    const { client } = createTestClient({
      assignmentLogger: { logAssignment() {}, flush: async () => result },
    });
    expect((await client.flush()).loggers).toMatchObject([{ ok: true, downstream: result }]);
  });

  it("does not count as delivered what a logger lost by its own stats()", async () => {
    const { client } = createTestClient({
      assignmentLogger: [
        { name: "loses", logAssignment() {}, stats: () => ({ failed: 3, dropped: 1 }) },
        // The logger may also hold events of other clients.
        { name: "shared", logAssignment() {}, stats: () => ({ failed: 100, dropped: "?" }) },
      ],
    });
    ask(client, 10);
    expect((await client.flush()).totals).toEqual({
      ...{ accepted: 20, delivered: 6, failed: 13, dropped: 1, pending: 0 },
    });
  });

  it("of close counts as dropped what a logger dropped when it was closed", async () => {
    let stats = { buffered: 10, dropped: 0 };
    const { client, clock } = createTestClient({
      assignmentLogger: [
        {
          name: "owned",
          owned: true,
          logAssignment() {},
          flush: never,
          close: () => {
            stats = { buffered: 0, dropped: 10 };
          },
          stats: () => stats,
        },
        { name: "hangs", logAssignment: never },
      ],
    });
    ask(client, 10);
    const closing = client.close({ timeoutMs: 200 });
    await clock.advance(200);
    expect(await closing).toMatchObject({
      pending: 10,
      totals: { accepted: 20, delivered: 0, failed: 0, dropped: 10, pending: 10 },
    });
  });

  it("gives each logger the remaining time", async () => {
    const { client, clock } = createTestClient({
      assignmentLogger: {
        logAssignment: () =>
          new Promise<void>((resolve) => {
            clock.setTimer(resolve, 30, { holdsProcess: false });
          }),
        flush: ({ timeoutMs }) => ({ timeoutMs }),
      },
    });
    ask(client, 1);
    const flushing = client.flush({ timeoutMs: 100 });
    await clock.advance(30);
    expect((await flushing).loggers).toMatchObject([
      { delivered: 1, downstream: { timeoutMs: 70 } },
    ]);
  });

  it("waits for the events of a replaced logger", async () => {
    let fulfil = (): void => {};
    const { client } = createTestClient({
      assignmentLogger: {
        name: "former",
        logAssignment: () =>
          new Promise<void>((resolve) => {
            fulfil = resolve;
          }),
      },
    });
    ask(client, 1);
    client.setAssignmentLogger({ name: "new", logAssignment() {} });
    const flushing = client.flush();
    fulfil();
    expect((await flushing).loggers).toMatchObject([
      { name: "new", delivered: 0 },
      { name: "former", delivered: 1 },
    ]);
    expect((await client.flush()).loggers).toMatchObject([{ name: "new" }]);
  });

  it("can be called by a logger during its own call", async () => {
    let flushing: Promise<unknown> = Promise.resolve();
    const { client } = createTestClient({
      assignmentLogger: {
        logAssignment() {
          flushing = client.flush();
        },
      },
    });
    ask(client, 1);
    expect(await flushing).toMatchObject({ delivered: 1, pending: 0, timedOut: false });
  });

  it("counts queued events, and concurrent flushes share the work", async () => {
    const calls: (() => void)[] = [];
    const { client, clock } = createTestClient({
      assignmentLogger: {
        logAssignment: ({ subject }) =>
          new Promise<void>((resolve, reject) => {
            calls.push(subject === "3" ? () => reject(new Error("no")) : resolve);
          }),
      },
      exposures: { maxConcurrent: 2 },
    });
    ask(client, 5);
    const flushes = [client.flush(), client.flush()];
    client.getStringAssignment("g", "later", {}, "");
    for (let i = 0; i < 5; i++) {
      calls[i]!();
      await clock.advance(0);
    }
    for (const flush of flushes) {
      expect(await flush).toMatchObject({ delivered: 4, failed: 1, dropped: 0, pending: 0 });
    }
  });
});

describe("close", () => {
  function ownedLogger(owned: boolean | undefined) {
    const calls: string[] = [];
    const logger: AssignmentLogger = {
      ...(owned === undefined ? {} : { owned }),
      logAssignment: () => calls.push("log"),
      flush: () => calls.push("flush"),
      close: ({ timeoutMs, signal }) => calls.push(`close ${timeoutMs} ${signal.aborted}`),
    };
    return { calls, logger };
  }

  it.each([
    { owned: true, calls: ["log", "flush", "close 5000 false"] },
    { owned: false, calls: ["log", "flush"] },
    { owned: undefined, calls: ["log", "flush"] },
  ])("closes a logger whose owned is $owned: $calls", async ({ owned, calls }) => {
    const { logger, calls: made } = ownedLogger(owned);
    const { client } = createTestClient({ assignmentLogger: logger });
    ask(client, 1);
    await client.close();
    expect(made).toEqual(calls);
  });

  it("closes an owned logger that was replaced, once", async () => {
    const { logger, calls } = ownedLogger(true);
    const { client } = createTestClient({ assignmentLogger: logger });
    client.setAssignmentLogger(null);
    client.setAssignmentLogger(logger);
    client.setAssignmentLogger({ logAssignment() {} });
    await client.close();
    expect(calls).toEqual(["close 5000 false"]);
  });

  it("closes an owned logger also when no time is left", async () => {
    const { logger, calls } = ownedLogger(true);
    const { client, clock } = createTestClient({
      assignmentLogger: [logger, { logAssignment: never }],
    });
    ask(client, 1);
    const closing = client.close({ timeoutMs: 0 });
    await clock.advance(0);
    await expect(closing).resolves.toMatchObject({ pending: 1, timedOut: true });
    expect(calls.at(-1)).toBe("close 0 true");
  });

  it.each([
    {
      close: () => {
        throw new Error("no");
      },
      because: "it throws",
    },
    { close: () => Promise.reject(new Error("no")), because: "it rejects" },
    { close: never, because: "it never settles" },
  ])("ends although a logger cannot be closed, because $because", async ({ close }) => {
    const { client, clock } = createTestClient({
      assignmentLogger: { owned: true, logAssignment() {}, close },
    });
    const closing = client.close({ timeoutMs: 100 });
    await clock.advance(100);
    await expect(closing).resolves.toMatchObject({ pending: 0 });
    expect(clock.pending).toEqual([]);
  });

  it("reports losses before it emits closed", async () => {
    const reports: unknown[] = [];
    const { client, clock } = createTestClient({ assignmentLogger: { logAssignment: never } });
    client.on("exposures-dropped", (event) => reports.push(event));
    client.on("closed", ({ pending }) => reports.push(pending));
    ask(client, 5);
    void client.close({ timeoutMs: 0 });
    await clock.advance(0);
    expect(reports).toEqual([{ reason: "closed", count: 5, logger: "assignmentLogger" }, 5]);
  });
});
