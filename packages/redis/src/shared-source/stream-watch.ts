import type { FollowListener, StreamStatus } from "@sortition/core/kit";
import type { WorkerPorts } from "./worker-state.js";

/** The stream of the origin, which only the leader follows. */
export class StreamWatch {
  readonly #ports: WorkerPorts;
  readonly #listener: FollowListener;
  /** Number of the lease under which it is followed; `null`: it is not. */
  #lease: string | null = null;
  #unfollow: () => void = () => {};

  /** @param changed - called when an attempt is to be made. `payloads`: the answer to a request in flight would be older. */
  constructor(ports: WorkerPorts, changed: FollowListener["changed"]) {
    this.#ports = ports;
    // Attempts go on at their pace, whether or not they cost a request.
    this.#listener = { up() {}, down() {}, changed };
  }

  /** Its state; absent while this worker does not follow it. */
  get status(): StreamStatus | undefined {
    return this.#lease === null ? undefined : this.#ports.origin.stream;
  }

  /**
   * Follows it under a lease. If the lease is another one than before, the stream is opened anew: another worker has led
   * meanwhile, perhaps while this process was stopped, and may have published what has not reached this process yet.
   */
  follow(lease: string): void {
    const { clock, diagnostics, origin, random } = this.#ports;
    if (origin.follow === undefined || this.#lease === lease) return;
    this.close();
    this.#lease = lease;
    this.#unfollow = origin.follow(this.#listener, { clock, diagnostics, random });
    // Else the stream would wait for the next poll: it is opened after the first attempt.
    this.#listener.changed("fetch");
  }

  /** Ends it in the same turn. */
  close(): void {
    this.#lease = null;
    this.#unfollow();
    this.#unfollow = () => {};
  }
}
