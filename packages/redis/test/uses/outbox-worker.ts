import { appendFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { AssignmentLogger } from "@sortition/core/internal";
import { report, reportFaults, serve, workerOptions } from "@sortition/test-kit/redis-worker";
import { type OutboxLogger, type OutboxOptions, redis } from "../../src/index.js";
import { assignment } from "../support/events.js";
import { linesOf } from "./logged-lines.js";

/** Options of the process. */
export interface OutboxWorkerOptions {
  readonly redis: string;
  readonly namespace: string;
  /** File that receives the id of each logged exposure, one per line. */
  readonly logged: string;
  /**
   * File that receives the id of each exposure that a flush has acknowledged, and counters as JSON.
   */
  readonly acknowledged: string;
  /** `buffer`: keeps exposures in memory until it is flushed. */
  readonly logger: "write" | "buffer";
  /** Maximum delay until a writing logger reports success. Default: 0. */
  readonly maxPauseMs?: number;
  readonly outbox?: OutboxOptions;
}

const options = workerOptions<OutboxWorkerOptions>();
const fleet = redis({
  redis: options.redis,
  namespace: options.namespace,
  // On a busy machine, a process may not run for seconds, which is not one of the faults in these
  // tests.
  ...{ commandTimeoutMs: 5_000, connectTimeoutMs: 5_000 },
});
reportFaults();

/** Creates a logger whose effects outlive the process, because files are written synchronously. */
function createLogger(): AssignmentLogger {
  const write = (ids: readonly string[]): void => {
    if (ids.length > 0) appendFileSync(options.logged, linesOf(ids));
  };
  const name = "warehouse";
  const held: string[] = [];
  const refuse = (subject: string): void => {
    if (subject.startsWith("crash")) process.kill(process.pid, "SIGKILL");
    if (subject.startsWith("poison")) throw new Error("poison");
  };
  // The process may die between the write and the report of success.
  const pause = (): Promise<void> => wait(Math.random() * (options.maxPauseMs ?? 0));
  if (options.logger === "write") {
    return {
      name,
      async logAssignment({ messageId, subject }) {
        refuse(subject);
        write([messageId]);
        await pause();
      },
    };
  }
  return {
    name,
    logAssignment({ messageId, subject }) {
      refuse(subject);
      held.push(messageId);
    },
    async flush() {
      write(held.splice(0));
      await pause();
      return { ok: true };
    },
  };
}

let outbox: OutboxLogger | undefined;
const outboxOf = (): OutboxLogger => (outbox ??= fleet.outbox(createLogger(), options.outbox));

serve({
  /** Delivers the outbox until the process ends. */
  deliver: () => void outboxOf(),
  /**
   * Endlessly logs exposures of subjects with this prefix, and records which ones a flush has
   * acknowledged.
   */
  async produce({ prefix, perFlush }: { readonly prefix: string; readonly perFlush: number }) {
    const logger = outboxOf();
    for (let i = 0; ; ) {
      const ids: string[] = [];
      for (let j = 0; j < perFlush; j++, i++) {
        const subject = `${prefix}-${i}`;
        logger.logAssignment(assignment(subject));
        ids.push(`id-${subject}`);
      }
      const { ok } = await logger.flush();
      const { accepted, appended, buffered, dropped, failed } = logger.stats();
      const law = JSON.stringify({ accepted, appended, buffered, dropped, failed });
      appendFileSync(options.acknowledged, linesOf([law, ...(ok ? ids : [])]));
    }
  },
});
setInterval(() => {}, 60_000);
report("started");
