import { Worker } from "node:worker_threads";
import type { WorkPlan } from "../work-plan.js";
import type { PackedRecords } from "./packed-records.js";

interface Pending<Part> {
  readonly resolve: (part: Part) => void;
  readonly reject: (error: unknown) => void;
}

/** Threads that make parts, each in turn. */
export class WorkerPool<Part> {
  readonly #workers: readonly Worker[];
  /** By worker, what it was given and has not answered, in order. */
  readonly #pending: readonly Pending<Part>[][];
  #turn = 0;

  /** @param threads - one at least. */
  constructor(plan: WorkPlan, threads: number) {
    this.#pending = Array.from({ length: threads }, () => []);
    this.#workers = this.#pending.map((pending) => started<Part>(plan, pending));
  }

  get threads(): number {
    return this.#workers.length;
  }

  /** Hands records over. Rejects if the thread ends by an error. */
  async part(records: PackedRecords): Promise<Part> {
    const index = this.#turn++ % this.#workers.length;
    return await new Promise<Part>((resolve, reject) => {
      this.#pending[index]?.push({ resolve, reject });
      this.#workers[index]?.postMessage(records, [records.bytes.buffer]);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

function started<Part>(plan: WorkPlan, pending: Pending<Part>[]): Worker {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: plan });
  worker.on("message", (part: Part) => pending.shift()?.resolve(part));
  worker.on("error", (error) => {
    for (const { reject } of pending.splice(0)) reject(error);
  });
  return worker;
}
