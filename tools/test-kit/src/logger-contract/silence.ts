import { expect } from "vitest";
import { startChild } from "../child.js";
import type { Collector } from "../collector.js";
import { it } from "./collector-test.js";
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
  it.for(OCCASIONS)(
    "prints nothing with silent diagnostics if $because",
    async ({ arrange, length = 10 }, { collector }) => {
      await arrange?.(collector);
      // Timers take a tenth of their time, so that time limits of the library are reached.
      const { exitCode, stderr, stdout } = await startChild({
        cwd: harness.cwd,
        type: "module",
        env: { URL: collector.url },
        script: `
          const { setTimeout: startTimer } = globalThis;
          globalThis.setTimeout = (run, ms, ...rest) => startTimer(run, ms / 10, ...rest);
          const load = (name) => import(name);
          const subjectAttributes = { text: "x".repeat(${length}) };
          const event = { ...${JSON.stringify(assignment("subject-1"))}, subjectAttributes };
          ${harness.script}
          const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
          const logger = await create({ diagnostics, maxEventBytes: 1_000_000 });
          for (let i = 0; i < 5; i++) logger.logAssignment({ ...event, messageId: "id-" + i });
          const flush = () => logger.flush({ timeoutMs: 20_000 });
          await Promise.all([flush(), flush()]);
          await logger.close({ timeoutMs: 5_000 });`,
      }).ended;
      expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr: "", stdout: "" });
    },
  );
}
