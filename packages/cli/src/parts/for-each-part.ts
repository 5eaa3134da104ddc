import type { RecordInput } from "../rows/open-records.js";
import { rowsOf } from "../rows/parse-row.js";
import type { WorkPlan } from "../work-plan.js";
import { RecordPacker } from "./packed-records.js";
import type { RowWork } from "./row-work.js";
import type { Threads } from "./threads-option.js";
import { WorkerPool } from "./worker-pool.js";

export interface PartMaking<Part> {
  /** In this thread. */
  readonly work: RowWork<Part>;
  /** In others. */
  readonly plan: WorkPlan;
  readonly threads: Threads;
}

/** Rows from which on other threads are worth their start. */
export const MANY_ROWS = 200_000;
/** Rows by whose bytes the number of all is estimated. */
const ENOUGH_ROWS = 1_000;
/** What a thread is given at a time. */
const PACK_BYTES = 524_288;
/** What waits for each thread, so that none waits for this one. */
const PACKS_PER_THREAD = 2;

/**
 * Makes the parts of an input, and takes them in its order.
 *
 * @param take - the next part comes when it has returned, or its promise is fulfilled.
 * @throws FileError if the input cannot be read.
 */
export async function forEachPart<Part>(
  { batches }: RecordInput,
  { plan, threads, work }: PartMaking<Part>,
  take: (part: Part) => void | Promise<void>,
): Promise<void> {
  let rows = 0;
  let pool: WorkerPool<Part> | null = null;
  const packer = new RecordPacker(PACK_BYTES);
  const made: Promise<Part>[] = [];
  const takeAbove = async (waiting: number): Promise<void> => {
    while (made.length > waiting) await take((await made.shift()) as Part); // there is one
  };
  try {
    for await (const { format, readPart, records } of batches) {
      if (pool === null && isWorthThreads(threads, rows, readPart)) {
        pool = new WorkerPool(plan, threads.count);
      }
      for (const record of records) rows += record.rows;
      if (pool === null) {
        await take(work.part(rowsOf(records, format)));
        continue;
      }
      packer.add(records, format);
      if (!packer.hasEnough) continue;
      made.push(handledLater(pool.part(packer.take())));
      await takeAbove(PACKS_PER_THREAD * pool.threads);
    }
    if (pool !== null && !packer.isEmpty) made.push(handledLater(pool.part(packer.take())));
    await takeAbove(0);
  } finally {
    await pool?.close();
  }
}

function isWorthThreads(
  { count, isDefault }: Threads,
  rows: number,
  readPart: number | null,
): boolean {
  if (count === 1) return false;
  if (!isDefault || rows > MANY_ROWS) return true;
  return rows >= ENOUGH_ROWS && readPart !== null && rows / readPart > MANY_ROWS;
}

/** Its failure is met when its turn comes, or is not the first one. */
function handledLater<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}
