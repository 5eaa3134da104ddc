import { createFakeClock, isWhole } from "@sortition/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HttpStatusError } from "../errors/errors.js";
import type { AssignmentEvent } from "../model/exposure.js";
import { type BufferedLogger, createBufferedLogger } from "./buffered-logger.js";
import { type BufferedLoggerOptions, resolveLoggerOptions } from "./options.js";
import type { Attempts, Settle, Vendor, VendorPlan } from "./vendor.js";

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A library that does nothing by itself. The test settles its messages. */
class Library implements Vendor<string> {
  readonly held: { readonly message: string; readonly settle: Settle }[] = [];
  readonly taken: string[] = [];
  flushes = 0;
  closes = 0;
  isBroken = false;

  send(message: string, settle: Settle): void {
    if (this.isBroken) throw new Error("no");
    this.taken.push(message);
    this.held.push({ message, settle });
  }

  async flush(): Promise<void> {
    this.flushes += 1;
  }

  close(): void {
    this.closes += 1;
  }

  deliver(count: number): void {
    for (const { settle } of this.held.splice(0, count)) settle.delivered();
  }

  giveUp(count: number, error: unknown = new Error("no")): void {
    for (const { settle } of this.held.splice(0, count)) settle.retry(error);
  }
}

function setUp(
  { owned = true, ...plan }: Partial<VendorPlan<string>> & { readonly owned?: boolean } = {},
  options: BufferedLoggerOptions = {},
): {
  readonly clock: ReturnType<typeof createFakeClock>;
  readonly library: Library;
  readonly logger: BufferedLogger;
} {
  const clock = createFakeClock();
  const library = new Library();
  const resolved = resolveLoggerOptions(
    { diagnostics: SILENT, onError: () => {}, random: () => 0, ...options, clock },
    {},
    { name: "library", owned },
  );
  const full = {
    maxInFlight: 4,
    handOverAt: 2,
    flushIntervalMs: 1_000,
    open: () => library,
    ...plan,
  };
  const logger = createBufferedLogger<string>(full, resolved, ({ event }) => event.subject);
  return { clock, library, logger };
}

function event(subject: string): AssignmentEvent {
  return {
    allocation: "a",
    experiment: "f-a",
    featureFlag: "f",
    variation: "v",
    subject,
    timestamp: "2026-01-02T03:04:05.678Z",
    subjectAttributes: {},
    metaData: { sdkLanguage: "javascript", sdkName: "s", sdkLibVersion: "1" },
    messageId: "id",
  };
}

const log = (logger: BufferedLogger, ...subjects: string[]): void => {
  for (const subject of subjects) logger.logAssignment(event(subject));
};

describe("createBufferedLogger", () => {
  it("receives complete events at once if a user's function builds messages from them", () => {
    expect(setUp().logger.pending).toBeUndefined();
  });

  it("hands over no event in the caller's turn", async () => {
    const { clock, library, logger } = setUp();
    log(logger, "1", "2");
    expect(library.taken).toEqual([]);
    await clock.advance(0);
    expect(library.taken).toEqual(["1", "2"]);
  });

  it("hands over to the user's instance in the caller's turn, and opens it with the first event", () => {
    const { library, logger } = setUp({ owned: false });
    expect(logger.pending).toBeUndefined();
    log(logger, "1", "2");
    expect(library.taken).toEqual(["1", "2"]);
  });

  it("counts outcomes of the caller's turn at its end, so that a flush includes them", async () => {
    const { library, logger } = setUp({ owned: false });
    library.isBroken = true;
    log(logger, "1");
    expect(logger.stats()).toMatchObject({ buffered: 1, failed: 0 });
    expect(await logger.flush()).toMatchObject({ ok: false, failed: 1 });
  });

  it("hands over an incomplete batch after the flush interval, without keeping the process alive", async () => {
    const { clock, library, logger } = setUp();
    log(logger, "1");
    expect(clock.pending).toEqual([{ inMs: 1_000, holdsProcess: false }]);
    await clock.advance(1_000);
    expect(library.taken).toEqual(["1"]);
  });

  it("hands over no more than maxInFlight events, in order", async () => {
    const { clock, library, logger } = setUp();
    log(logger, "1", "2", "3", "4", "5", "6");
    await clock.advance(0);
    expect(library.taken).toEqual(["1", "2", "3", "4"]);
    library.deliver(1);
    await clock.advance(0);
    expect(library.taken).toEqual(["1", "2", "3", "4", "5"]);
    expect(logger.stats()).toMatchObject({ delivered: 1, buffered: 5, inFlight: 4 });
  });

  it.each([
    { random: () => Number.NaN, because: "it is not a number" },
    { random: () => -1_000, because: "it is below 0" },
    {
      random: () => {
        throw new Error("no");
      },
      because: "there is none",
    },
  ])("uses 0.5 instead of the random number, because $because", async ({ random }) => {
    const { clock, library, logger } = setUp({ owned: false, handOverAt: 1 }, { random });
    log(logger, "1");
    await clock.advance(0);
    library.giveUp(1);
    expect(clock.pending).toEqual([{ inMs: 1_250, holdsProcess: false }]);
    await clock.advance(1_250);
    expect(library.taken).toEqual(["1", "1"]);
  });

  it("flushes again after 1, 2, 4 … 60 seconds while nothing is settled", async () => {
    const { clock, library, logger } = setUp();
    log(logger, "1", "2");
    const flushes: number[] = [];
    for (const seconds of [0, 1, 2, 4, 8, 16, 32, 60, 60]) {
      await clock.advance(seconds * 1_000);
      flushes.push(library.flushes);
    }
    expect(flushes).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("flushes the user's instance only while a caller waits", async () => {
    const { clock, library, logger } = setUp({ owned: false, handOverAt: 1 });
    log(logger, "1");
    await clock.advance(60_000);
    expect([library.taken, library.flushes]).toEqual([["1"], 0]);
    const flushed = logger.flush({ timeoutMs: 1_000 });
    await clock.advance(0);
    expect(library.flushes).toBe(1);
    library.deliver(1);
    expect(await flushed).toEqual({ ok: true, delivered: 1, failed: 0, dropped: 0, pending: 0 });
  });

  it("does not let later events delay the end of a flush", async () => {
    const { clock, library, logger } = setUp();
    log(logger, "1");
    const flushed = logger.flush();
    log(logger, "2", "3");
    await clock.advance(0);
    library.deliver(1);
    expect(await flushed).toMatchObject({ ok: true, delivered: 1 });
    expect(logger.stats()).toMatchObject({ delivered: 1, buffered: 2 });
  });

  it("ends a flush at its deadline with a count of pending events", async () => {
    const { clock, logger } = setUp();
    log(logger, "1", "2", "3");
    const flushed = logger.flush({ timeoutMs: 500 });
    expect(clock.pending).toContainEqual({ inMs: 500, holdsProcess: true });
    await clock.advance(500);
    expect(await flushed).toMatchObject({ ok: false, pending: 3 });
  });

  it("never opens a library for a logger that logs nothing", async () => {
    let opened = 0;
    const { logger, library } = setUp({
      open: () => {
        opened += 1;
        return library;
      },
    });
    await logger.flush();
    await logger.close();
    expect(opened).toBe(0);
  });

  it("sends events again, in order and after a pause, if the library gave them up", async () => {
    const { clock, library, logger } = setUp();
    log(logger, "1", "2", "3", "4", "5");
    await clock.advance(0);
    library.giveUp(2);
    await clock.advance(999);
    expect(library.taken).toEqual(["1", "2", "3", "4"]);
    expect(logger.stats()).toMatchObject({ buffered: 5, inFlight: 2, failed: 0 });
    await clock.advance(1);
    expect(library.taken).toEqual(["1", "2", "3", "4", "1", "2"]);
    library.giveUp(4);
    await clock.advance(1_999);
    expect(library.taken).toHaveLength(6);
    await clock.advance(1);
    expect(library.taken.slice(6)).toEqual(["1", "2", "3", "4"]);
    library.deliver(4);
    await clock.advance(0);
    expect(library.taken.slice(10)).toEqual(["5"]);
  });

  it("sends nothing until Retry-After has passed, even for a flush", async () => {
    const { clock, library, logger } = setUp();
    log(logger, "1", "2");
    await clock.advance(0);
    library.giveUp(1);
    library.giveUp(1, new HttpStatusError(429, 5_000));
    void logger.flush({ timeoutMs: 500 });
    await clock.advance(4_999);
    expect(library.taken).toHaveLength(2);
    await clock.advance(1);
    expect(library.taken.slice(2)).toEqual(["1", "2"]);
  });

  it("sends events again at once for a flush", async () => {
    const { clock, library, logger } = setUp();
    log(logger, "1", "2");
    await clock.advance(0);
    library.giveUp(2);
    const flushed = logger.flush({ timeoutMs: 500 });
    await clock.advance(0);
    library.deliver(2);
    expect(await flushed).toMatchObject({ ok: true, delivered: 2 });
  });

  it("hands over whole batches while more events wait than fit", async () => {
    const { clock, library, logger } = setUp({ batchSize: 2 });
    log(logger, "1", "2", "3", "4", "5", "6", "7");
    await clock.advance(0);
    library.deliver(1);
    await clock.advance(0);
    expect(library.taken).toHaveLength(4);
    library.deliver(1);
    await clock.advance(0);
    expect(library.taken).toHaveLength(6);
    library.deliver(2);
    await clock.advance(0);
    expect(library.taken).toHaveLength(7);
  });

  it("drops events that the service refuses", async () => {
    const { clock, library, logger } = setUp();
    log(logger, "1", "2");
    await clock.advance(0);
    library.held.shift()?.settle.refused("too-large");
    library.held.shift()?.settle.refused("refused");
    expect(logger.stats()).toMatchObject({
      dropped: 2,
      droppedBy: { "too-large": 1, refused: 1 },
      buffered: 0,
      bufferedBytes: 0,
      failing: false,
    });
  });

  it("reports once that deliveries fail, and once that they work again", async () => {
    const reports: unknown[] = [];
    const note =
      (level: string) =>
      (message: string, facts?: object): void =>
        void reports.push([level, message, facts]);
    const diagnostics = { debug() {}, info: note("info"), warn: note("warn"), error() {} };
    const { clock, library, logger } = setUp({}, { diagnostics });
    log(logger, "1", "2", "3", "4");
    await clock.advance(0);
    const error = Object.assign(new Error("no"), { response: { status: 503 } });
    library.giveUp(4, error);
    expect(logger.stats().failing).toBe(true);
    await clock.advance(1_000);
    library.giveUp(4, Object.assign(new Error("no"), { code: "ECONNREFUSED" }));
    await clock.advance(2_000);
    library.deliver(4);
    expect(logger.stats().failing).toBe(false);
    expect(reports).toEqual([
      [
        "warn",
        "delivery fails",
        { logger: "library", failed: 1, code: "SORTITION_HTTP_STATUS", httpStatus: 503 },
      ],
      ["warn", "delivery works again", { logger: "library", failed: 2, outageMs: 3_000 }],
    ]);
  });

  it("judges by requests rather than messages if the library reports requests", async () => {
    let attempts: Attempts | undefined;
    const library = Object.assign(new Library(), { reportsAttempts: true });
    const { clock, logger } = setUp({
      open: (given) => {
        attempts = given;
        return library;
      },
    });
    log(logger, "1", "2");
    await clock.advance(0);
    attempts?.failed(new Error("no"));
    library.deliver(2);
    expect(logger.stats()).toMatchObject({ delivered: 2, failing: true });
    attempts?.succeeded();
    expect(logger.stats().failing).toBe(false);
  });

  it("holds no more than maxBufferedBytes, events in flight included", async () => {
    const { clock, library, logger } = setUp({}, { maxBufferedBytes: 2_000 });
    log(logger, ...Array.from({ length: 9 }, (_, i) => `${i}`));
    await clock.advance(0);
    const { accepted, bufferedBytes, dropped, buffered } = logger.stats();
    expect([accepted, dropped + buffered]).toEqual([9, 9]);
    expect(buffered).toBeGreaterThan(1);
    expect(bufferedBytes).toBeLessThanOrEqual(2_000);
    expect(bufferedBytes).toBeGreaterThan(1_000);
    library.deliver(9);
    await clock.advance(0);
    library.deliver(9);
    expect(logger.stats()).toMatchObject({ buffered: 0, bufferedBytes: 0 });
  });

  it("gives excess events to the plan, and counts their outcomes", async () => {
    const diverted: { readonly message: string; readonly settle: Settle }[] = [];
    const errors: string[] = [];
    const { clock, library, logger } = setUp(
      {
        divert(message, settle) {
          if (message === "6") throw new Error("no");
          diverted.push({ message, settle });
        },
      },
      { maxBuffered: 2, onError: (_, { stage }) => errors.push(stage) },
    );
    for (let i = 1; i <= 7; i++) log(logger, `${i}`);
    expect(diverted.map(({ message }) => message)).toEqual(["3", "4", "5", "7"]);
    expect(logger.stats()).toMatchObject({ buffered: 6, failed: 1, dropped: 0, inFlight: 4 });
    const [third, fourth, fifth] = diverted.map(({ settle }) => settle);
    for (let i = 0; i < 2; i++) {
      third?.delivered();
      fourth?.failed(new Error("no"));
      fifth?.retry(new Error("no"));
    }
    expect(errors).toEqual(["send", "deliver"]);
    expect(logger.stats()).toMatchObject({
      ...{ accepted: 7, delivered: 1, failed: 2, dropped: 1, buffered: 3 },
      droppedBy: { overflow: 1 },
    });
    const closed = logger.close({ timeoutMs: 100 });
    await clock.advance(0);
    library.deliver(2);
    await clock.advance(1_000);
    expect(await closed).toMatchObject({ delivered: 2, pending: 1 });
    expect(logger.stats()).toMatchObject({ delivered: 3, buffered: 0, droppedBy: { closed: 1 } });
    diverted[3]?.settle.delivered();
    expect(logger.stats()).toMatchObject({ delivered: 3, buffered: 0 });
  });

  it("accounts for every event in every history", async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant("log" as const), n: fc.nat(6) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant("deliver" as const), n: fc.nat(6) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constantFrom(...(["fail", "retry", "refuse"] as const)),
          n: fc.nat(6),
        }),
      },
      fc.record({ do: fc.constant("repeat" as const), n: fc.nat(1) }),
      fc.record({ do: fc.constant("break" as const), n: fc.nat(1) }),
      fc.record({ do: fc.constant("wait" as const), n: fc.nat(3_000) }),
      fc.record({ do: fc.constant("flush" as const), n: fc.nat(2_000) }),
      fc.record({ do: fc.constant("close" as const), n: fc.nat(2_000) }),
    );
    const histories = fc.array(step, { maxLength: 30 });
    const overflow = fc.constantFrom("drop-oldest" as const, "drop-newest" as const);
    await fc.assert(
      fc.asyncProperty(histories, overflow, fc.boolean(), async (history, policy, owned) => {
        const options = { maxBuffered: 5, overflow: policy };
        const { clock, library, logger } = setUp({ owned }, options);
        const settled: Settle[] = [];
        const arrived: string[] = [];
        let logged = 0;
        for (const { do: what, n } of history) {
          if (what === "log") {
            for (let i = 0; i < n; i++) log(logger, i === 5 ? "" : `${++logged}`);
            if (n === 6) logged += 1;
          } else if (["deliver", "fail", "retry", "refuse"].includes(what)) {
            for (const { message, settle } of library.held.splice(0, n)) {
              if (what === "deliver") {
                settle.delivered();
                arrived.push(message);
              } else if (what === "fail") settle.failed(new Error("no"));
              else if (what === "retry") settle.retry(new Error("no"));
              else settle.refused("refused");
              settled.push(settle);
            }
          } else if (what === "repeat") for (const settle of settled) settle.delivered();
          else if (what === "break") library.isBroken = n === 1;
          else if (what === "wait") await clock.advance(n);
          else if (what === "flush" || what === "close") void logger[what]({ timeoutMs: n });
          await clock.advance(0);
          const { accepted, delivered, failed, dropped, buffered, bufferedBytes, inFlight } =
            logger.stats();
          expect(delivered + failed + dropped + buffered).toBe(accepted);
          expect(inFlight).toBeLessThanOrEqual(4);
          expect(buffered).toBeLessThanOrEqual(5);
          expect(bufferedBytes === 0).toBe(buffered === 0);
        }
        const closed = logger.close({ timeoutMs: 1_000 });
        await clock.advance(3_000);
        const { pending } = await closed;
        const { accepted, delivered, failed, dropped, buffered } = logger.stats();
        expect([buffered, delivered + failed + dropped]).toEqual([0, accepted]);
        expect(pending).toBeLessThanOrEqual(dropped);
        // Events reach the library in the order in which they were logged, and none is delivered twice.
        const order = [...new Set(library.taken.map(Number))];
        expect(order).toEqual(order.toSorted((a, b) => a - b));
        expect(new Set(arrived).size).toBe(arrived.length);
      }),
      { numRuns: isWhole ? 1_000 : 250 },
    );
  });
});
