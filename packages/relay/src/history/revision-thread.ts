import { Worker } from "node:worker_threads";
import type { Clock } from "@sortition/core";
import type { Dialected, RevisionResults, RevisionTask } from "./revision-work.js";

/** A message to the thread. */
export interface RevisionMessage {
  readonly environment: Dialected;
  readonly task: RevisionTask;
}

/** A response of the thread. Its first message is {@link LOADED}. */
export type RevisionAnswer =
  | { readonly kind: "done"; readonly result: RevisionResults[keyof RevisionResults] }
  | { readonly kind: "failed"; readonly message: string };

/** Sent by the thread when it has loaded its modules. */
export const LOADED = "loaded";

/** A task that took too long. */
export class TaskTimeout extends Error {
  override readonly name = "TaskTimeout";

  constructor() {
    super(`a task took longer than ${TASK_MS / 1_000} s, so its thread was stopped`);
  }
}

/**
 * How long one task may take once the thread has loaded, which can take seconds on a busy machine. A regular expression can take hours,
 * and only the end of its thread interrupts it.
 */
const TASK_MS = 5_000;
/** Time without tasks after which the thread ends, because it keeps about 50 MB. */
const IDLE_MS = 60_000;

/**
 * Evaluates and explains flags in a worker thread, one task after another, so that SDK requests do not wait. The thread starts
 * with the first task. A task that takes too long ends it, and so does a minute without tasks. The next task starts a new one.
 */
export class RevisionThread {
  readonly #start: () => Worker;
  readonly #clock: Clock;
  #worker: Worker | null = null;
  /** The last task. */
  #latest: Promise<unknown> = Promise.resolve();
  /** Resolves when the current thread has loaded. */
  #loaded: Promise<void> = Promise.resolve();
  #cancelIdle = (): void => {};

  /** @param start - starts a thread that runs `worker.ts`. Replaced in tests. */
  constructor(clock: Clock, start: () => Worker = startWorker) {
    this.#clock = clock;
    this.#start = start;
  }

  /**
   * Performs a task. Rejects if the revision cannot be compiled, and with a TaskTimeout if the task takes too long.
   */
  async ask<Kind extends RevisionTask["kind"]>(
    environment: Dialected,
    task: Extract<RevisionTask, { readonly kind: Kind }>,
  ): Promise<RevisionResults[Kind]> {
    const message: RevisionMessage = { environment: plain(environment), task };
    const asked = this.#latest.then(() => this.#ask(message));
    this.#latest = asked.catch(() => {});
    const answer = await asked;
    if (answer.kind === "failed") throw new Error(answer.message);
    return answer.result as RevisionResults[Kind]; // the result has the kind of its task
  }

  async close(): Promise<void> {
    this.#cancelIdle();
    await this.#worker?.terminate();
  }

  async #ask(message: RevisionMessage): Promise<RevisionAnswer> {
    this.#cancelIdle();
    const worker = this.#run();
    let cancel = (): void => {};
    let end = (): void => {};
    try {
      return await new Promise<RevisionAnswer>((resolve, reject) => {
        const onExit = (): void => reject(new Error("the thread of explanations ended"));
        worker.once("error", reject).once("exit", onExit);
        end = () => worker.off("message", resolve).off("error", reject).off("exit", onExit);
        const late = (): void => {
          this.#stop(worker);
          reject(new TaskTimeout());
        };
        void this.#loaded.then(() => {
          cancel = this.#clock.setTimer(late, TASK_MS, { holdsProcess: false });
          worker.once("message", resolve).postMessage(message);
        });
      });
    } finally {
      cancel();
      end();
      const stop = (): void => this.#stop(worker);
      this.#cancelIdle = this.#clock.setTimer(stop, IDLE_MS, { holdsProcess: false });
    }
  }

  #stop(worker: Worker): void {
    if (this.#worker === worker) this.#worker = null;
    void worker.terminate();
  }

  #run(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = this.#start();
    // The thread must not keep the process alive.
    worker.unref();
    const stop = (): void => this.#stop(worker);
    worker.on("error", stop).on("exit", stop);
    this.#loaded = new Promise((resolve) => void worker.once("message", () => resolve()));
    this.#worker = worker;
    return worker;
  }
}

/** Omits the environment's tokens and secrets, which the thread does not need. */
function plain({ dialect, evaluate, name, options, path }: Dialected): Dialected {
  return { dialect, evaluate, name, options, path };
}

function startWorker(): Worker {
  return new Worker(new URL("./worker.js", import.meta.url));
}
