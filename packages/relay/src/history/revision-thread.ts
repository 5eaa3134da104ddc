import { Worker } from "node:worker_threads";
import type { Dialected, RevisionResults, RevisionTask } from "./revision-work.js";

/** A message to the thread. */
export interface RevisionMessage {
  readonly environment: Dialected;
  readonly task: RevisionTask;
}

/** A response of the thread. Responses have the order of the messages. */
export type RevisionAnswer =
  | { readonly kind: "done"; readonly result: RevisionResults[keyof RevisionResults] }
  | { readonly kind: "failed"; readonly message: string };

interface Pending {
  resolve(answer: RevisionAnswer): void;
  reject(error: unknown): void;
}

interface Running {
  readonly worker: Worker;
  /** Messages without a response, in order. */
  readonly pending: Pending[];
}

/** Compiles stored revisions in a worker thread, so that SDK requests do not wait. The thread starts with its first task. */
export class RevisionThread {
  readonly #start: () => Worker;
  #running: Running | null = null;

  /** @param start - starts a thread that runs `worker.ts`. */
  constructor(start: () => Worker = startWorker) {
    this.#start = start;
  }

  /** Rejects if the revision cannot be compiled, and if the thread ends. */
  async ask<Kind extends RevisionTask["kind"]>(
    environment: Dialected,
    task: Extract<RevisionTask, { readonly kind: Kind }>,
  ): Promise<RevisionResults[Kind]> {
    const { pending, worker } = this.#run();
    const message: RevisionMessage = { environment: plain(environment), task };
    const answer = await new Promise<RevisionAnswer>((resolve, reject) => {
      pending.push({ resolve, reject });
      worker.postMessage(message);
    });
    if (answer.kind === "failed") throw new Error(answer.message);
    return answer.result as RevisionResults[Kind]; // the result has the kind of its task
  }

  async close(): Promise<void> {
    await this.#running?.worker.terminate();
  }

  #run(): Running {
    if (this.#running !== null) return this.#running;
    const worker = this.#start();
    // The thread must not keep the process alive.
    worker.unref();
    const running: Running = { worker, pending: [] };
    const fail = (error: Error): void => {
      if (this.#running === running) this.#running = null;
      for (const { reject } of running.pending.splice(0)) reject(error);
    };
    worker.on("message", (answer: RevisionAnswer) => running.pending.shift()?.resolve(answer));
    worker.on("error", fail);
    worker.on("exit", () => fail(new Error("the worker thread of stored revisions ended")));
    this.#running = running;
    return running;
  }
}

/** Omits the environment's tokens and secrets, which the thread does not need. */
function plain({ dialect, evaluate, name, options, path }: Dialected): Dialected {
  return { dialect, evaluate, name, options, path };
}

function startWorker(): Worker {
  return new Worker(new URL("./worker.js", import.meta.url));
}
