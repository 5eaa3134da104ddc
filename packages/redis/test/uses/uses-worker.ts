import { appendFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import type { AssignmentLogger } from "@sortition/core/internal";
import { report, reportFaults, serve, workerOptions } from "@sortition/test-kit/redis-worker";
import {
  type DedupeLogger,
  type DedupeOptions,
  type OutboxLogger,
  type OutboxOptions,
  redis,
  type StickyBuckets,
} from "../../src/index.js";
import { assignment } from "../support/events.js";
import { linesOf } from "./logged-lines.js";

/** Options of the process. */
export interface UsesWorkerOptions {
  readonly redis: string;
  readonly namespace: string;
  /** File that receives the id of each logged exposure, one per line. */
  readonly logged: string;
  /**
   * File that receives the id of each exposure that a flush has acknowledged, and counters as JSON.
   */
  readonly acknowledged: string;
  /** `hang`: never finishes; `buffer`: keeps exposures in memory until it is flushed. */
  readonly logger: "write" | "buffer" | "hang";
  /** Maximum delay until a writing logger reports success. Default: 0. */
  readonly maxPauseMs?: number;
  readonly outbox?: OutboxOptions;
  readonly dedupe?: DedupeOptions;
}

const options = workerOptions<UsesWorkerOptions>();
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
  if (options.logger === "hang") {
    return { name, logAssignment: () => new Promise(() => {}) };
  }
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

let dedupe: DedupeLogger | undefined;
let outbox: OutboxLogger | undefined;
let sticky: StickyBuckets | undefined;
const outboxOf = (): OutboxLogger => (outbox ??= fleet.outbox(createLogger(), options.outbox));

serve({
  /** Logs exposures of the subjects `0 … count - 1` with dedupe. */
  async dedupe({ count, flushMs }: { readonly count: number; readonly flushMs: number }) {
    dedupe ??= fleet.dedupe(createLogger(), options.dedupe);
    for (let i = 0; i < count; i++) {
      dedupe.logAssignment(assignment(`${i}`));
      if (i % 1_000 === 999) await new Promise(setImmediate);
    }
    const summary = await dedupe.flush({ timeoutMs: flushMs });
    return { summary, stats: dedupe.stats() };
  },
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
  /** Logs exposures of these subjects with the outbox. */
  async log(subjects: readonly string[]) {
    const logger = outboxOf();
    for (const subject of subjects) logger.logAssignment(assignment(subject));
    return { summary: await logger.flush() };
  },
  outboxStats: () => outboxOf().stats(),
  /** Saves one assignment for each of the subjects `0 … count - 1`. */
  async stick({ count, key }: { readonly count: number; readonly key: string }) {
    sticky ??= fleet.stickyBuckets();
    const store = sticky;
    const ids = Array.from({ length: count }, (_, i) => `${i}`);
    await Promise.all(ids.map((id) => store.getAllAssignments({ id })));
    await Promise.all(
      ids.map((attributeValue) =>
        store.saveAssignments({
          ...{ attributeName: "id", attributeValue },
          assignments: { [key]: "1" },
        }),
      ),
    );
    return store.flush({ timeoutMs: 5_000 });
  },
  async close() {
    await outbox?.close();
    await dedupe?.close();
    await sticky?.close();
  },
});
setInterval(() => {}, 60_000);
report("started");
