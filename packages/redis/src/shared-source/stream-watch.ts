import type { FollowListener, StreamStatus } from "@sortition/core/source";
import type { WorkerPorts } from "./worker-state.js";

/** The stream of the origin, which only the leader follows. */
export class StreamWatch {
  readonly #ports: WorkerPorts;
  readonly #listener: FollowListener;
  /** Number of the lease under which it is followed; `null`: it is not. */
  #lease: string | null = null;
  #unfollow: () => void = () => {};

  /** @param changed - called when the origin is to be asked. `payloads`: an answer that is waited for would be older. */
  constructor(ports: WorkerPorts, changed: FollowListener["changed"]) {
    this.#ports = ports;
    // Polls go on at their pace: each costs a request, or none.
    this.#listener = { up() {}, down() {}, changed };
  }

  /** Its state; absent while this worker does not follow it. */
  get status(): StreamStatus | undefined {
    return this.#lease === null ? undefined : this.#ports.origin.stream;
  }

  /**
   * Follows it under a lease. Under another one than before it begins anew: another worker has led meanwhile, perhaps
   * while this process was stopped, and may have published what has not reached this process yet.
   */
  follow(lease: string): void {
    const { clock, diagnostics, origin, random } = this.#ports;
    if (origin.follow === undefined || this.#lease === lease) return;
    this.close();
    this.#lease = lease;
    this.#unfollow = origin.follow(this.#listener, { clock, diagnostics, random });
    // The pace of polls would let the stream wait for the first attempt.
    this.#listener.changed("fetch");
  }

  /** Ends it in the same turn. */
  close(): void {
    this.#lease = null;
    this.#unfollow();
    this.#unfollow = () => {};
  }
}
