import { expect, type TestContext, vi } from "vitest";
import { openBlackHole } from "../black-hole.js";
import type { Collector } from "../collector.js";
import { isInPart } from "../whole.js";
import { it } from "./collector-test.js";
import { assignment } from "./events.js";
import { type LoggerHarness, PATIENT, SILENT } from "./harness.js";

interface Occasion {
  readonly because: string;
  /** Returns the URL of the service, if it is not the collector's. */
  readonly arrange: (
    collector: Collector,
    onTestFinished: TestContext["onTestFinished"],
  ) => unknown;
  /** Why the events were dropped. `null`: the close may be in the middle of another attempt. */
  readonly reason: "closed" | "unconfirmed" | null;
  /** The same with the user's instance, which stays open and may still send them. `null`: it has tried. Absent: untested. */
  readonly borrowed?: "unconfirmed" | null;
}

const EVENTS = 3;

const OCCASIONS: readonly Occasion[] = [
  {
    because: "the service has them and responds later",
    arrange: (collector) => collector.answer({ kind: "hold" }),
    ...({ reason: "unconfirmed", borrowed: "unconfirmed" } as const),
  },
  {
    because: "the service never responds",
    arrange: (collector) => collector.answer({ kind: "hang" }),
    ...({ reason: "unconfirmed", borrowed: "unconfirmed" } as const),
  },
  {
    because: "the service has closed their connection",
    arrange: (collector) => collector.answer({ kind: "reset" }),
    ...({ reason: "unconfirmed", borrowed: null } as const),
  },
  {
    because: "nothing listens",
    arrange: (collector) => collector.refuse(),
    reason: "closed",
  },
  {
    because: "the name is unknown",
    arrange: () => "http://sortition.invalid",
    reason: "closed",
  },
  {
    because: "no connection is accepted",
    arrange: async (_, onTestFinished) => {
      const { close, url } = await openBlackHole();
      onTestFinished(close);
      return url;
    },
    reason: "closed",
  },
  {
    because: "the service returns 500",
    arrange: (collector) => collector.answer({ kind: "status", status: 500 }),
    ...({ reason: null, borrowed: null } as const),
  },
  {
    because: "the service requests a pause",
    arrange: (collector) => collector.answer({ kind: "retry-after", seconds: 60 }),
    ...({ reason: "closed", borrowed: null } as const),
  },
];

/**
 * Fault 36 of docs/spec/loggers.md §5. No event that the library still has when `close` reaches its deadline counts as
 * delivered, not even if the service acknowledges it later.
 */
export function itClosesInTime(harness: LoggerHarness): void {
  it.for(OCCASIONS.filter((_, i) => isInPart(i, 1)))(
    "loggers §5 fault 36: counts events that the library is sending at close as lost, or as unconfirmed if the service may have them: $because",
    async ({ arrange, borrowed, reason }, { collector, onTestFinished }) => {
      const arranged = await arrange(collector, onTestFinished);
      const url = typeof arranged === "string" ? arranged : collector.url;
      const options = { onError: () => {}, diagnostics: SILENT };
      const own = harness.create(url, options);
      const users = harness.borrow(url, options).logger;
      for (const logger of borrowed === undefined ? [own] : [own, users]) {
        const expected = (logger.owned ? reason : borrowed) ?? null;
        const before = collector.requests.length;
        for (let i = 0; i < EVENTS; i++) logger.logAssignment(assignment(`subject-${i}`));
        void logger.flush(PATIENT);
        await vi.waitFor(() => {
          const { failing, inFlight } = logger.stats();
          const hasTried = failing || (url !== collector.url && inFlight > 0);
          expect(hasTried || collector.requests.length > before).toBe(true);
        }, 60_000);
        const isUnknown = !logger.owned && borrowed === null && !harness.borrowedReports;
        // The library may notice later than the service that its connection is closed.
        if (isUnknown || (logger.owned && collector.requests.at(-1)?.status === 429)) {
          await vi.waitFor(() => expect(logger.stats().inFlight).toBe(0), 60_000);
        }
        await logger.close({ timeoutMs: 1 });
        const atClose = logger.stats();
        const delivered = isUnknown ? EVENTS : 0;
        expect(atClose).toMatchObject({ accepted: EVENTS, delivered, buffered: 0 });
        expect(atClose.failed + atClose.dropped).toBe(EVENTS - delivered);
        if (expected !== null) expect(atClose.droppedBy).toMatchObject({ [expected]: EVENTS });
        collector.release();
        await new Promise((resolve) => setTimeout(resolve, 50)); // late outcomes must change no count
        expect({ ...logger.stats(), failing: atClose.failing }).toEqual(atClose);
      }
    },
  );
}
