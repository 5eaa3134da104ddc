import { setTimeout as delay } from "node:timers/promises";
import { machineMs, type RawReply, RespConnection, type Stored } from "@sortition/test-kit/redis";

/** Looks at what Redis has stored, all the time. It is no part of the fleet. */
export class StoreObserver {
  readonly #states: Stored[] = [];
  readonly #ended: Promise<void>;
  #isEnded = false;

  /**
   * @param ports - servers of which one answers; asked again for each look, as a fail-over changes it.
   */
  constructor(
    readonly ports: () => readonly number[],
    readonly configKey: string,
    readonly everyMs = 10,
  ) {
    this.#ended = this.#run();
  }

  get states(): readonly Stored[] {
    return this.#states;
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    await Promise.race([this.#ended, delay(200)]);
  }

  async #run(): Promise<void> {
    const connections = new Map<number, RespConnection>();
    while (!this.#isEnded) {
      for (const port of this.ports()) {
        try {
          const connection = connections.get(port) ?? (await RespConnection.open(port));
          connections.set(port, connection);
          this.#note(await connection.send("HMGET", this.configKey, "rev", "fence", "sha"));
          break;
        } catch {
          // Gone, or not the owner of the slot.
          connections.get(port)?.close();
          connections.delete(port);
        }
      }
      await delay(this.everyMs);
    }
    for (const connection of connections.values()) connection.close();
  }

  #note(reply: RawReply): void {
    const [revision, fence, sha] = (reply as readonly (Buffer | null)[]).map(String);
    const config =
      revision === undefined || revision === "null"
        ? null
        : { revision: Number(revision), fence: Number(fence), sha: sha ?? "" };
    const last = this.#states.at(-1);
    if (last !== undefined && JSON.stringify(last.config) === JSON.stringify(config)) return;
    this.#states.push({ atMs: machineMs(), config });
  }
}
