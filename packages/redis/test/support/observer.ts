import { setTimeout as delay } from "node:timers/promises";
import { machineMs, type RawReply, RespConnection, type Stored } from "@sortition/test-kit/redis";

/** Continuously records what Redis has stored. It is not part of the fleet. */
export class StoreObserver {
  readonly #states: Stored[] = [];
  readonly #ended: Promise<void>;
  #isEnded = false;

  /**
   * @param ports - servers, one of which responds. Called for each read, because a failover changes
   * it.
   * @param hasReplica - whether one of them may replace another. If so, each read records whose
   * data it found.
   */
  constructor(
    readonly ports: () => readonly number[],
    readonly configKey: string,
    readonly hasReplica = false,
    readonly everyMs = 20,
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
          await this.#look(connection, port);
          break;
        } catch {
          // The server is gone, or does not own the slot.
          connections.get(port)?.close();
          connections.delete(port);
        }
      }
      await delay(this.everyMs);
    }
    for (const connection of connections.values()) connection.close();
  }

  async #look(connection: RespConnection, port: number): Promise<void> {
    // Pipelined, because the server's data may be replaced between two commands.
    const [before, config, after] = await Promise.all([
      this.hasReplica ? connection.send("INFO", "replication") : null,
      connection.send("HMGET", this.configKey, "rev", "fence", "sha"),
      this.hasReplica ? connection.send("INFO", "replication") : null,
    ]);
    if (!this.hasReplica) this.#note(config);
    else if (dataOf(before) === dataOf(after)) this.#note(config, `${port} ${dataOf(after)}`);
  }

  #note(reply: RawReply, data?: string): void {
    const [revision, fence, sha] = (reply as readonly (Buffer | null)[]).map(String);
    const config =
      revision === undefined || revision === "null"
        ? null
        : { revision: Number(revision), fence: Number(fence), sha: sha ?? "" };
    const last = this.#states.at(-1);
    const isSame = last?.data === data && JSON.stringify(last?.config) === JSON.stringify(config);
    if (last !== undefined && isSame) return;
    this.#states.push({ atMs: machineMs(), config, ...(data === undefined ? {} : { data }) });
  }
}

/**
 * The server's replication id. It changes after each promotion, and after a server has copied
 * another one's data.
 */
function dataOf(info: RawReply): string {
  return /master_replid:(\w+)/.exec(String(info))?.[1] ?? "";
}
