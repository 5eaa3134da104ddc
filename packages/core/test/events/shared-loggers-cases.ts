import { createFakeClock } from "@sortition/test-kit";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { AssignmentLogger, Client, FlushResult } from "../../src/index.js";
import { type BufferedLogger, createBufferedLogger } from "../../src/logger/buffered-logger.js";
import { resolveLoggerOptions } from "../../src/logger/options.js";
import type { Settle } from "../../src/logger/vendor.js";
import { type Configuration, createClient } from "../eppo-client.js";
import { shoes } from "./clients.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const CONFIGURATION: Configuration = shoes(["f"]);
const CLIENTS = ["a", "b", "c"] as const;
const KINDS = ["delivered", "failed", "retry", "refused"] as const;
/** How a client is connected to the two shared loggers. */
const WIRINGS = ["first", "second", "both", "wrapped", "passed", "plain"] as const;
type Wiring = (typeof WIRINGS)[number];

/** A shared logger over a library whose messages the test settles. */
class Shared {
  readonly logger: BufferedLogger;
  readonly held: { readonly subject: string; readonly settle: Settle }[] = [];
  /** Final outcomes by subject, noted by the library. */
  readonly fates: {
    readonly subject: string;
    readonly fate: "delivered" | "failed" | "dropped";
  }[] = [];

  constructor(name: string, owned: boolean, clock: ReturnType<typeof createFakeClock>) {
    const send = (subject: string, settle: Settle): void =>
      void this.held.push({ subject, settle });
    this.logger = createBufferedLogger<string>(
      {
        maxInFlight: 3,
        handOverAt: 2,
        flushIntervalMs: 500,
        open: () => ({ send, flush: async () => {} }),
      },
      resolveLoggerOptions(
        { name, clock, diagnostics: SILENT, onError: () => {}, random: () => 0, maxBuffered: 6 },
        {},
        { name, owned },
      ),
      ({ event }) => event.subject,
      false,
    );
  }

  answer(index: number, kind: (typeof KINDS)[number]): void {
    const [message] = this.held.splice(index, 1);
    if (message === undefined) return;
    const { settle, subject } = message;
    const before = this.logger.stats();
    if (kind === "refused") settle.refused("refused");
    else if (kind === "delivered") settle.delivered();
    else settle[kind](new Error("no"));
    if (kind === "retry") return;
    // A closed logger has counted its events as dropped, and ignores later outcomes.
    const isHeard = this.logger.stats().buffered !== before.buffered;
    if (isHeard) this.fates.push({ subject, fate: kind === "refused" ? "dropped" : kind });
  }
}

const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("log" as const),
      who: fc.nat(2),
      n: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("answer" as const),
      who: fc.nat(1),
      n: fc.nat(2),
      kind: fc.constantFrom(...KINDS),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("wait" as const), n: fc.nat(2_000) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("wire" as const),
      who: fc.nat(2),
      wiring: fc.constantFrom(...WIRINGS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("flush" as const), who: fc.nat(2), n: fc.nat(700) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("close" as const), who: fc.nat(2), n: fc.nat(700) }),
  },
);
const history = fc.record({
  owned: fc.boolean(),
  wirings: fc.tuple(
    fc.constantFrom(...WIRINGS),
    fc.constantFrom(...WIRINGS),
    fc.constantFrom(...WIRINGS),
  ),
  steps: fc.array(step, { minLength: 5, maxLength: 40 }),
});

/** Declares the test that the books of three clients and two shared loggers agree, in this many random histories. */
export function describeSharedLoggers(histories: number): void {
  it(`clients that share loggers count what happened to their own events, in ${histories} histories`, async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ owned, steps, wirings }) => {
        const clock = createFakeClock();
        const shared = [
          new Shared("first", owned, clock),
          new Shared("second", false, clock),
        ] as const;
        const plain: string[] = [];
        const wired = (wiring: Wiring): readonly AssignmentLogger[] | AssignmentLogger => {
          const [first, second] = shared.map(({ logger }) => logger) as [
            BufferedLogger,
            BufferedLogger,
          ];
          if (wiring === "first") return first;
          if (wiring === "second") return second;
          if (wiring === "both") return [first, second];
          const { flush, stats } = first;
          // A user's wrapper, which changes the event, and shows the counters of the logger behind it.
          if (wiring === "wrapped") {
            return {
              name: "first",
              stats: stats.bind(first),
              flush: flush.bind(first),
              logAssignment: (event) => first.logAssignment({ ...event, extra: 1 } as typeof event),
            };
          }
          if (wiring === "passed")
            return {
              ...first,
              name: "first",
              stats: stats.bind(first),
              logAssignment: async (event) => first.logAssignment(event),
            };
          return { name: "plain", logAssignment: ({ subject }) => void plain.push(subject) };
        };
        const clients = wirings.map(
          (wiring): Client =>
            createClient({
              initialConfiguration: CONFIGURATION,
              diagnostics: SILENT,
              clock,
              deduplication: false,
              assignmentLogger: wired(wiring),
            }),
        );
        let number = 0;
        const closed = new Set<number>();
        for (const it of steps) {
          if (it.do === "log") {
            for (let i = 0; i < it.n; i++)
              clients[it.who]?.getStringAssignment("f", `${CLIENTS[it.who]}${++number}`, {}, "");
          } else if (it.do === "answer") shared[it.who as 0 | 1].answer(it.n, it.kind);
          else if (it.do === "wait") await clock.advance(it.n);
          else if (it.do === "wire") clients[it.who]?.setAssignmentLogger(wired(it.wiring));
          else if (it.do === "flush") void clients[it.who]?.flush({ timeoutMs: it.n });
          else if (!closed.has(it.who)) {
            closed.add(it.who);
            void clients[it.who]?.close({ timeoutMs: it.n });
          }
          await clock.advance(0);
        }
        await clock.advance(5_000); // the deadlines of all flushes and closes have passed
        const totals: FlushResult["totals"][] = [];
        for (const client of clients) {
          const flushing = client.flush({ timeoutMs: 0 });
          await clock.advance(1);
          totals.push((await flushing).totals);
        }
        const sumOf = (part: keyof FlushResult["totals"]): number =>
          totals.reduce((sum, it) => sum + it[part], 0);
        totals.forEach((own, i) => {
          const { accepted, delivered, dropped, failed, pending } = own;
          expect(accepted).toBe(delivered + dropped + failed + pending);
          const mine = (subject: string): boolean => subject.startsWith(CLIENTS[i] as string);
          const fatesOf = (fate: string): number =>
            shared
              .flatMap(({ fates }) => fates)
              .filter((it) => it.fate === fate && mine(it.subject)).length;
          expect([CLIENTS[i], delivered]).toEqual([
            CLIENTS[i],
            fatesOf("delivered") + plain.filter(mine).length,
          ]);
          expect([CLIENTS[i], failed]).toEqual([CLIENTS[i], fatesOf("failed")]);
          expect(dropped).toBeGreaterThanOrEqual(fatesOf("dropped"));
        });
        // The clients' books and the loggers' books agree.
        const stats = shared.map(({ logger }) => logger.stats());
        const inStats = (part: "failed" | "dropped" | "buffered" | "delivered"): number =>
          stats.reduce((sum, it) => sum + it[part], 0);
        expect([sumOf("delivered"), sumOf("failed"), sumOf("dropped"), sumOf("pending")]).toEqual([
          inStats("delivered") + plain.length,
          inStats("failed"),
          inStats("dropped"),
          inStats("buffered"),
        ]);
      }),
      { numRuns: histories },
    );
  }, 600_000);
}
