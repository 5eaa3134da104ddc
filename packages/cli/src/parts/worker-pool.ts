import { Worker } from "node:worker_threads";
import type { PackedRecords } from "./packed-records.js";
import type { WorkPlan } from "./record-work.js";

/** Number of packs in a thread's queue, so that the thread does not wait for the one that reads the input. */
const PACKS_PER_THREAD = 2;

interface Pending<Part> {
  readonly resolve: (part: Part) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread and its pending parts, in order. */
interface Lane<Part> {
  readonly worker: Worker;
  readonly pending: Pending<Part>[];
}

/** A pool of threads that process parts of the input. */
export class WorkerPool<Part> {
  readonly #lanes: readonly Lane<Part>[];
  /** The error of the first failed thread. After it, no thread receives another part. */
  #failure: { readonly error: unknown } | null = null;

  /**
   * @param threads - number of threads, at least 1.
   * @param start - starts a thread that does the work of the plan.
   */
  constructor(plan: WorkPlan, threads: number, start: (plan: WorkPlan) => Worker = startWorker) {
    this.#lanes = Array.from({ length: threads }, () => this.#laneOf(start(plan)));
  }

  /** Whether the queues of all threads are full. */
  get isBusy(): boolean {
    return this.#lanes.every(({ pending }) => pending.length >= PACKS_PER_THREAD);
  }

  /**
   * Sends records to the thread with the shortest queue. Rejects if that thread fails, or if any thread has failed
   * before.
   */
  async part(records: PackedRecords): Promise<Part> {
    if (this.#failure !== null) throw this.#failure.error;
    const lane = this.#lanes.reduce((a, b) => (b.pending.length < a.pending.length ? b : a));
    return await new Promise<Part>((resolve, reject) => {
      lane.pending.push({ resolve, reject });
      lane.worker.postMessage(records, [records.bytes.buffer]);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ worker }) => worker.terminate()));
  }

  #laneOf(worker: Worker): Lane<Part> {
    const lane: Lane<Part> = { worker, pending: [] };
    worker.on("message", (part: Part) => lane.pending.shift()?.resolve(part));
    worker.on("error", (error) => {
      this.#failure ??= { error };
      for (const { reject } of lane.pending.splice(0)) reject(error);
    });
    return lane;
  }
}

function startWorker(plan: WorkPlan): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { workerData: plan });
}
