import type { Link, LinkListener } from "../../src/connection/connection.js";
import type { RedisClient } from "../../src/connection/input.js";
import type { RedisError } from "../../src/errors/redis-error.js";
import type { Script, ScriptValue } from "../../src/scripts/script.js";
import { TICK } from "../../src/scripts/shared-source.js";

/** Totals of all links of a simulation. */
export interface LinkTimes {
  calls: number;
  /** Durations of ticks, ms. */
  readonly ticksMs: number[];
}

/** One worker's use of a shared connection. */
export class TimedLink implements Link {
  readonly #link: Link;
  readonly #times: LinkTimes;
  isCut = false;

  constructor(link: Link, times: LinkTimes) {
    this.#link = link;
    this.#times = times;
  }

  get isReady(): boolean {
    return this.#link.isReady && !this.isCut;
  }

  get place(): string {
    return this.#link.place;
  }

  get unanswered(): RedisError {
    return this.#link.unanswered;
  }

  async run(
    script: Script,
    keys: readonly string[],
    values: readonly ScriptValue[],
    timeoutMs?: number,
  ): Promise<unknown> {
    if (this.isCut) return new Promise(() => {}); // the process was killed
    this.#times.calls += 1;
    const startedAtMs = performance.now();
    const reply = await this.#link.run(script, keys, values, timeoutMs);
    if (script === TICK) this.#times.ticksMs.push(performance.now() - startedAtMs);
    return this.isCut ? new Promise(() => {}) : reply;
  }

  command(name: string, ...values: readonly ScriptValue[]): Promise<unknown> {
    this.#times.calls += 1;
    return this.#link.command(name, ...values);
  }

  use<T>(send: (client: RedisClient) => Promise<T>, timeoutMs?: number): Promise<T> {
    return this.#link.use(send, timeoutMs);
  }

  settled(): Promise<void> {
    return this.#link.settled();
  }

  async leave(): Promise<void> {}

  listen(listener: LinkListener): () => void {
    return this.#link.listen(listener);
  }
}
