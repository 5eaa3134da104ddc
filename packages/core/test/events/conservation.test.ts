import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AssignmentLogger, Client, ExposureCounters, FlushResult } from "../../src/index.js";
import { createTestClient, shoes } from "./clients.js";

const HISTORIES = 500;

/** The behaviour of a logger. */
const BEHAVIOURS = ["takes", "throws", "waits", "nests"] as const;
type Behaviour = (typeof BEHAVIOURS)[number];

type Step =
  | { readonly do: "assign" | "choose"; readonly flag: string; readonly subject: number }
  | { readonly do: "fulfil" | "reject"; readonly index: number }
  | { readonly do: "loggers"; readonly behaviours: readonly Behaviour[] | null }
  | { readonly do: "flush"; readonly timeoutMs: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "close"; readonly timeoutMs: number };

const behaviours = fc.array(fc.constantFrom(...BEHAVIOURS), { minLength: 1, maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constantFrom("assign" as const, "choose" as const),
      flag: fc.constantFrom("f", "g"),
      subject: fc.nat(8),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("fulfil" as const, "reject" as const),
      index: fc.nat(12),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("loggers" as const),
      behaviours: fc.option(behaviours, { freq: 6 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("flush" as const), timeoutMs: fc.nat(60) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.nat(120) }) },
);
const history = fc.record({
  first: fc.option(behaviours, { nil: undefined, freq: 3 }),
  limits: fc.record({
    maxConcurrent: fc.integer({ min: 1, max: 3 }),
    maxQueueEvents: fc.integer({ min: 1, max: 5 }),
    maxQueueBytes: fc.integer({ min: 500, max: 6_000 }),
    overflow: fc.constantFrom("drop-newest" as const, "drop-oldest" as const),
    loggerTimeoutMs: fc.integer({ min: 1, max: 200 }),
  }),
  steps: fc.array(step, { minLength: 5, maxLength: 60 }),
  closeTimeoutMs: fc.nat(60),
});

/** Counts the cases that occurred, because a property whose cases never occur proves nothing. */
const seen = new Set<string>();

class History {
  readonly #calls: { fulfil(): void; reject(): void }[] = [];
  readonly #flushes: Promise<FlushResult>[] = [];
  readonly #client: Client;
  readonly #clock: ReturnType<typeof createTestClient>["clock"];
  #before: ExposureCounters;

  constructor({ first, limits }: { first: readonly Behaviour[] | undefined; limits: object }) {
    const { client, clock } = createTestClient(
      {
        assignmentLogger: first && this.#loggers(first),
        exposures: limits,
        deduplication: {
          assignments: { max: 5, maxBytes: 1_000 },
          bandits: { max: 5, ttlMs: 100 },
        },
      },
      CONFIGURATION,
    );
    this.#client = client;
    this.#clock = clock;
    this.#before = this.#counters();
  }

  async live(steps: readonly Step[], closeTimeoutMs: number): Promise<void> {
    for (const it of [...steps, { do: "close", timeoutMs: closeTimeoutMs } as const]) {
      await this.#take(it);
      this.#check();
    }
    await this.#clock.advance(1_000);
    this.#check();
    this.#checkEnd(await Promise.all(this.#flushes));
  }

  async #take(it: Step): Promise<void> {
    const client = this.#client;
    if (it.do === "assign") client.getStringAssignment(it.flag, `${it.subject}`, {}, "");
    else if (it.do === "choose") {
      const actions = it.subject % 2 === 0 ? ["nike"] : ["adidas"];
      const { action } = client.getBanditAction(it.flag, `${it.subject}`, {}, actions, "");
      expect(action).toBe(actions[0]);
    } else if (it.do === "loggers") {
      client.setAssignmentLogger(it.behaviours && this.#loggers(it.behaviours));
    } else if (it.do === "pass") await this.#clock.advance(it.ms);
    else if (it.do === "flush") this.#flushes.push(client.flush(it));
    else if (it.do === "close") this.#flushes.push(client.close(it));
    else if (it.do === "fulfil" || it.do === "reject") {
      this.#calls[it.index]?.[it.do]();
      await this.#clock.advance(0);
    }
  }

  #loggers(behavioursOfAll: readonly Behaviour[]): readonly AssignmentLogger[] {
    return behavioursOfAll.map((behaviour, index) => {
      const log = (subject: string): unknown => {
        if (behaviour === "throws") throw new Error("no");
        if (behaviour === "nests" && subject.length < 3) {
          this.#client.getStringAssignment("f", `${subject}'`, {}, "");
        }
        if (behaviour !== "waits") return undefined;
        return new Promise<void>((resolve, reject) => {
          this.#calls.push({ fulfil: resolve, reject: () => reject(new Error("no")) });
        });
      };
      return {
        name: `logger ${index}`,
        logAssignment: ({ subject }) => log(subject),
        // One logger in three accepts no bandit actions.
        ...(index === 1
          ? {}
          : { logBanditAction: ({ subject }: { subject: string }) => log(subject) }),
      };
    });
  }

  #counters(): ExposureCounters {
    return this.#client.status.counters.exposures;
  }

  #check(): void {
    const counters = this.#counters();
    for (const [name, logger] of Object.entries(counters.loggers)) {
      const { accepted, delivered, queued, inFlight, buffered, dropped } = logger;
      const lost = Object.values(dropped).reduce((a, b) => a + b, 0);
      must(delivered + lost + queued + inFlight + buffered === accepted, name, logger);
      must((queued === 0) === (logger.queuedBytes === 0), name, logger);
      const former = this.#before.loggers[name];
      must(accepted >= (former?.accepted ?? 0), name, logger);
      must(delivered >= (former?.delivered ?? 0), name, logger);
      for (const [reason, count] of Object.entries(dropped)) {
        if (count > 0) seen.add(reason);
        must(count >= (former?.dropped[reason as keyof typeof dropped] ?? 0), reason, logger);
      }
      for (const state of ["delivered", "queued", "inFlight", "buffered"] as const) {
        if (logger[state] > 0) seen.add(state);
      }
    }
    for (const part of ["accepted", "deduplicated"] as const) {
      if (counters[part] > 0) seen.add(part);
      must(counters[part] >= this.#before[part], part, counters);
    }
    this.#before = counters;
  }

  /** Checks that no event and no timer is left at the end, and that the results of all flushes add up. */
  #checkEnd(flushes: readonly FlushResult[]): void {
    for (const { queued, inFlight, buffered } of Object.values(this.#before.loggers)) {
      expect([queued, inFlight, buffered]).toEqual([0, 0, 0]);
    }
    expect(this.#clock.pending).toEqual([]);
    for (const flush of flushes) {
      for (const part of ["delivered", "failed", "dropped", "pending"] as const) {
        const sum = flush.loggers.reduce((total, logger) => total + logger[part], 0);
        expect(flush[part]).toBe(sum);
        expect(sum).toBeGreaterThanOrEqual(0);
        if (sum > 0) seen.add(`flush: ${part}`);
      }
    }
  }
}

/** Called a few hundred times per history. `expect` would make the test four times as slow. */
function must(holds: boolean, what: string, counters: object): void {
  if (!holds) throw new Error(`${what}: ${JSON.stringify(counters)}`);
}

const CONFIGURATION = shoes(["f", "g"]);

describe("exposures", () => {
  it(`obey the conservation law for each logger, in ${HISTORIES} random histories`, async () => {
    const live = ({ steps, closeTimeoutMs, ...setUp }: HistoryOf<typeof history>) =>
      new History(setUp).live(steps, closeTimeoutMs);
    const seed = Number(process.env["SORTITION_SEED"] ?? Date.now() % 2 ** 31);
    // A failure also prints the shortest history that fails.
    await fc.assert(fc.asyncProperty(history, live), { numRuns: HISTORIES, seed });
    expect([...seen].sort(), `SORTITION_SEED=${seed}`).toEqual(
      [
        ...["accepted", "deduplicated", "delivered", "queued", "inFlight", "buffered"],
        ...["logger-threw", "logger-rejected", "logger-timeout", "overflow", "too-large"],
        ...["no-logger", "closed"],
        ...["flush: delivered", "flush: failed", "flush: dropped", "flush: pending"],
      ].sort(),
    );
  });
});

type HistoryOf<T> = T extends fc.Arbitrary<infer Value> ? Value : never;
