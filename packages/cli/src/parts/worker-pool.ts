import { Worker } from "node:worker_threads";
import type { WorkPlan } from "../work-plan.js";
import type { PackedRecords } from "./packed-records.js";

interface Pending<Part> {
  readonly resolve: (part: Part) => void;
  readonly reject: (error: unknown) => void;
}

/** A thread, and what it was given and has not answered, in order. */
interface Lane<Part> {
  readonly worker: Worker;
  readonly pending: Pending<Part>[];
  /** Set once it has ended by an error: nothing else is answered. */
  failure: { readonly error: unknown } | null;
}

/** Threads that make parts, each in turn. */
export class WorkerPool<Part> {
  readonly #lanes: readonly Lane<Part>[];
  #turn = 0;

  /**
   * @param threads - one at least.
   * @param start - starts a thread that does the work of the plan.
   */
  constructor(plan: WorkPlan, threads: number, start: (plan: WorkPlan) => Worker = startWorker) {
    this.#lanes = Array.from({ length: threads }, () => laneOf<Part>(start(plan)));
  }

  get threads(): number {
    return this.#lanes.length;
  }

  /** Hands records over. Rejects if the thread ends, or has ended, by an error. */
  async part(records: PackedRecords): Promise<Part> {
    const lane = this.#lanes[this.#turn++ % this.#lanes.length] as Lane<Part>; // there is one at least
    if (lane.failure !== null) throw lane.failure.error;
    return await new Promise<Part>((resolve, reject) => {
      lane.pending.push({ resolve, reject });
      lane.worker.postMessage(records, [records.bytes.buffer]);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map(({ worker }) => worker.terminate()));
  }
}

function startWorker(plan: WorkPlan): Worker {
  return new Worker(new URL("./worker.js", import.meta.url), { workerData: plan });
}

function laneOf<Part>(worker: Worker): Lane<Part> {
  const lane: Lane<Part> = { worker, pending: [], failure: null };
  worker.on("message", (part: Part) => lane.pending.shift()?.resolve(part));
  worker.on("error", (error) => {
    lane.failure = { error };
    for (const { reject } of lane.pending.splice(0)) reject(error);
  });
  return lane;
}
