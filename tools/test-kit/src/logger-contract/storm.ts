import { expect } from "vitest";
import type { CollectorMode } from "../collector.js";
import { seededRandom } from "../random.js";
import { it } from "./collector-test.js";
import { assignment } from "./events.js";
import { acceptedBy, type LoggerHarness, PATIENT, SILENT } from "./harness.js";
import { HURRIED } from "./hurried.js";

/** Limits of Segment and RudderStack. */
const LIMITS = { kind: "limit", maxBytes: 500_000, maxEvents: 100 } as const;
const FAULTS: readonly CollectorMode[] = [
  { kind: "status", status: 400 },
  { kind: "status", status: 413 },
  { kind: "status", status: 429 },
  { kind: "retry-after", seconds: 1 },
  { kind: "status", status: 500 },
  { kind: "reset" },
];

/**
 * Fault 32 of docs/spec/loggers.md §5: a service with limits, which fails in every way for its
 * first requests.
 *
 * @param count - number of logged events.
 * @param faults - number of requests that may fail.
 */
export function itWeathersStorms(harness: LoggerHarness, count: number, faults: number): void {
  // Sequential, because a library that measures its whole queue at each call blocks this process, and requests time out.
  it.sequential.for(["its own instance", "the user's instance"])(
    `loggers §5 fault 32: accounts for each of ${count} events of all sizes, and delivers none twice, with %s`,
    async (which, { collector }) => {
      const seed = Number(process.env["SORTITION_SEED"] ?? 20_261_125);
      const random = seededRandom(seed);
      let left = faults;
      const next = (): CollectorMode => {
        left -= 1;
        const fault = FAULTS[Math.floor(random() * 2 * FAULTS.length)];
        return left < 0 || fault === undefined ? LIMITS : fault;
      };
      collector.answer({ kind: "each", next });
      const options = { ...HURRIED, onError: () => {}, diagnostics: SILENT };
      const logger =
        which === "the user's instance"
          ? harness.borrow(collector.url, options).logger
          : harness.create(collector.url, options);
      for (let i = 0; i < count; i++) {
        const text = "x".repeat(Math.floor(100 * 300 ** random()));
        logger.logAssignment(assignment(`subject-${i}`, { subjectAttributes: { text } }));
        if (i % 50 === 49) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      await logger.close(PATIENT);
      const { accepted, buffered, delivered, dropped, failed } = logger.stats();
      const ids = acceptedBy(collector, harness).map(({ id }) => id);
      expect([accepted, buffered, delivered + dropped + failed], `seed ${seed}`).toEqual([
        ...[count, 0, count],
      ]);
      expect(new Set(ids).size).toBe(ids.length);
      // The user's Snowplow tracker does not report what it has delivered.
      if (which !== "the user's instance" || harness.vendor !== "Snowplow") {
        expect(ids.length).toBe(delivered);
      }
    },
  );
}
