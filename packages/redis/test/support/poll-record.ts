import type { Monitor, RedisServer } from "@sortition/test-kit/redis";
import { KEYS } from "./fleet.js";

/**
 * The successful polls of a fleet as recorded by Redis, on its own clock. Reports of the processes
 * are lost if they are killed, and are late on a busy machine.
 */
export class PollRecord {
  readonly #monitor: Monitor;
  readonly #atMs: number[] = [];
  #seen = 0;

  private constructor(monitor: Monitor) {
    this.#monitor = monitor;
  }

  static async start(server: RedisServer): Promise<PollRecord> {
    return new PollRecord(await server.monitor());
  }

  /** When each successful poll was recorded, as times of `Date.now()`. */
  get atMs(): readonly number[] {
    const { lines } = this.#monitor;
    for (; this.#seen < lines.length; this.#seen++) {
      const line = lines[this.#seen] ?? "";
      const isPoll = line.includes(`lua] "HSET" "${KEYS.poll}" "at"`);
      if (!isPoll || !line.includes('"outcome" "ok"')) continue;
      this.#atMs.push(Number(/"at" "(\d+)"/.exec(line)?.[1]));
    }
    return this.#atMs;
  }

  /** Times between consecutive polls. */
  get gaps(): readonly number[] {
    const { atMs } = this;
    return atMs.slice(1).map((ms, i) => ms - (atMs[i] ?? 0));
  }

  stop(): Promise<void> {
    return this.#monitor.stop();
  }
}
