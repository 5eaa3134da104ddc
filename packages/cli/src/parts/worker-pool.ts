import { Worker } from "node:worker_threads";
import type { PackedRecords } from "./packed-records.js";
import type { WorkPlan } from "./record-work.js";

/** Number of packs in the queue of a thread, so that it does not wait for the thread that reads the input. */
const PACKS_PER_THREAD = 2;

interface Pending<Part> {
  readonly resolve: (part: Part) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread, and what it was given and has not answered, in order. */
interface Lane<Part> {
  readonly worker: Worker;
  readonly pending: Pending<Part>[];
}

/** Threads that make parts. */
export class WorkerPool<Part> {
  readonly #lanes: readonly Lane<Part>[];
  /** Set once a thread has ended by an error: no other one gets anything. */
  #failure: { readonly error: unknown } | null = null;

  /**
   * @param threads - one at least.
   * @param start - starts a thread that does the work of the plan.
   */
  constructor(plan: WorkPlan, threads: number, start: (plan: WorkPlan) => Worker = startWorker) {
    this.#lanes = Array.from({ length: threads }, () => this.#laneOf(start(plan)));
  }

  /** Whether each thread has enough to do. */
  get isBusy(): boolean {
    return this.#lanes.every(({ pending }) => pending.length >= PACKS_PER_THREAD);
  }

  /** Hands records over to the thread that has the least to do. Rejects if a thread ends, or has ended, by an error. */
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
