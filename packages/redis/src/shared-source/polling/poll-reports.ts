import { isUnstored, type Tick } from "../replies.js";
import type { WorkerPorts, WorkerState } from "../worker-state.js";
import { failureOf } from "./outcomes.js";

/** Tells the clients of a follower of the leader's failed polls, each once. */
export class PollReports {
  readonly #ports: WorkerPorts;
  readonly #state: WorkerState;
  #last = "";

  constructor(ports: WorkerPorts, state: WorkerState) {
    this.#ports = ports;
    this.#state = state;
  }

  report(tick: Tick): void {
    const { failures, isHeld, outcome, overdueMs, revision } = tick;
    const { content, unusableRevision } = this.#state;
    // What is stored comes first: a refused key must not end the wait of a client that is about to be ready.
    if (content === null && revision > 0 && revision !== unusableRevision) return;
    const isFailure = outcome !== "ok" && outcome !== "" && !isUnstored(outcome);
    const failure = isFailure ? `${outcome} ${failures}` : "";
    const isNew = failure !== this.#last;
    this.#last = failure;
    if (!isNew || !isFailure || isHeld) return;
    const inMs = Math.max(0, -(overdueMs ?? 0));
    const reported = failureOf(tick, inMs);
    this.#state.noteError(reported.error);
    this.#ports.subscribers.failed(reported, { inMs });
  }
}
