import { setImmediate } from "node:timers/promises";
import type { RecordInput } from "../rows/open-records.js";
import { type PackedRecords, RecordPacker, unpacked } from "./packed-records.js";
import { PartQueue } from "./part-queue.js";
import type { ReadProgress } from "./read-progress.js";
import type { RecordWork, WorkPlan } from "./record-work.js";
import type { Threads } from "./threads-option.js";
import { WorkerPool } from "./worker-pool.js";

export interface PartMaking<Part> {
  /** The work in this thread. */
  readonly work: RecordWork<Part>;
  /** The same work for other threads. */
  readonly plan: WorkPlan;
  readonly threads: Threads;
  /** Absent if no progress is shown. */
  readonly progress?: ReadProgress;
}

/** Number of rows above which starting other threads pays off. */
export const MANY_ROWS = 200_000;
/** Number of rows that suffice to estimate the total from their size. */
const ENOUGH_ROWS = 1_000;
/** Amount of data that a thread receives at a time. */
const PACK_BYTES = 524_288;
/**
 * Maximum number of finished parts that wait for an earlier part. This thread creates fewer until the others have
 * started.
 */
const MAX_KEPT = 64;

/**
 * Processes an input in parts, and passes the parts to `take` in the order of the input.
 *
 * @param take - called for the next part when it has returned or its promise is fulfilled.
 * @throws FileError if the input cannot be read.
 */
export async function forEachPart<Part>(
  { batches }: RecordInput,
  { plan, progress, threads, work }: PartMaking<Part>,
  take: (part: Part) => void | Promise<void>,
): Promise<void> {
  let rows = 0;
  let pool: WorkerPool<Part> | null = null;
  const packer = new RecordPacker(PACK_BYTES);
  const parts = new PartQueue(take);
  const make = (packed: PackedRecords, by: WorkerPool<Part>): void => {
    parts.add(by.isBusy ? work.part(unpacked(packed)) : by.part(packed));
  };
  try {
    for await (const batch of batches) {
      const { file, readPart, records } = batch;
      if (pool === null && isWorthThreads(threads, rows, readPart)) {
        pool = new WorkerPool(plan, threads.count - 1);
      }
      for (const record of records) rows += record.rows;
      progress?.read(rows, readPart);
      if (pool === null) {
        await take(work.part(batch));
        continue;
      }
      if (packer.isOfOther(file)) make(packer.take(), pool);
      packer.add(batch);
      if (!packer.hasEnough) continue;
      // Lets other threads deliver their parts, because not every input yields to the event loop between chunks.
      await setImmediate();
      make(packer.take(), pool);
      await parts.advance(MAX_KEPT);
    }
    if (pool !== null && !packer.isEmpty) make(packer.take(), pool);
    await parts.advance(0);
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
