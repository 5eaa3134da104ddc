import { expect, it } from "vitest";
import { startChild } from "../child.js";
import { type Collector, startCollector } from "../collector.js";
import { assignment } from "./events.js";
import type { LoggerHarness } from "./harness.js";

interface Occasion {
  readonly because: string;
  /** The service's behaviour. Default: it accepts everything. */
  readonly arrange?: (collector: Collector) => unknown;
  /** Length of an attribute of the events. */
  readonly length?: number;
}

const status = (code: number): Occasion => ({
  because: `the service returns ${code}`,
  arrange: (collector) => collector.answer({ kind: "status", status: code }),
});

/** Occasions on which a vendor's library may print to the console. */
const OCCASIONS: readonly Occasion[] = [
  { because: "events are larger than a request should be", length: 70_000 },
  { because: "events are larger than the logger accepts", length: 2_000_000 },
  ...[400, 401, 403, 404, 410, 413, 422, 429, 500].map(status),
  { because: "it refuses connections", arrange: (collector) => collector.refuse() },
  {
    because: "it closes connections",
    arrange: (collector) => collector.answer({ kind: "reset" }),
  },
  { because: "it never responds", arrange: (collector) => collector.answer({ kind: "hang" }) },
  {
    because: "its responses drip",
    arrange: (collector) => collector.answer({ kind: "drip", everyMs: 100 }),
  },
];

/** With silent diagnostics, nothing is printed: neither by the logger nor by the vendor's library. */
export function itPrintsNothing(harness: LoggerHarness): void {
  it("prints nothing with silent diagnostics, whatever the service does", async () => {
    const collectors = await Promise.all(OCCASIONS.map(() => startCollector()));
    try {
      const occasions = await Promise.all(
        OCCASIONS.map(async ({ arrange, because, length = 10 }, i) => {
          const collector = collectors[i] as Collector; // one for each
          await arrange?.(collector);
          return { because, length, url: collector.url };
        }),
      );
      // One process for all loggers, because it takes longer to start than they take. Timers take a tenth of their time, so
      // that time limits of the library are reached.
      const { exitCode, stderr, stdout } = await startChild({
        cwd: harness.cwd,
        type: "module",
        script: `
          const { setTimeout: startTimer } = globalThis;
          globalThis.setTimeout = (run, ms, ...rest) => startTimer(run, ms / 10, ...rest);
          const load = (name) => import(name);
          const event = ${JSON.stringify(assignment("subject-1"))};
          ${harness.script}
          const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
          await Promise.all(${JSON.stringify(occasions)}.map(async ({ because, length, url }) => {
            process.env.URL = url;
            const logger = create({ diagnostics, maxEventBytes: 1_000_000 });
            const subjectAttributes = { because, text: "x".repeat(length) };
            for (let i = 0; i < 5; i++) {
              logger.logAssignment({ ...event, messageId: because + i, subjectAttributes });
            }
            const flush = () => logger.flush({ timeoutMs: 20_000 });
            await Promise.all([flush(), flush()]);
            await logger.close({ timeoutMs: 5_000 });
          }));`,
      }).ended;
      expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr: "", stdout: "" });
    } finally {
      await Promise.all(collectors.map((collector) => collector.close()));
    }
  });
}
