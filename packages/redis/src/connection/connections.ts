import type { Clock } from "@sortition/core/internal";
import type { Timings } from "../settings.js";
import { Connection, nodeOf } from "./connection.js";
import {
  type ConnectionOverrides,
  createClient,
  isCluster,
  type RedisClient,
  type RedisInput,
} from "./input.js";
import { overridesOf } from "./overrides.js";

/**
 * Dependencies of {@link Connections}. The clock is always the real one, because sockets use real
 * time.
 */
export interface ConnectionPorts {
  readonly clock: Clock;
  readonly random: () => number;
}

type ConnectionTimings = Pick<Timings, "pollIntervalMs" | "commandTimeoutMs" | "connectTimeoutMs">;

/**
 * Maximum delay before a lost connection is reopened, before jitter. For poll intervals below 30 s,
 * it is a sixth of the interval.
 */
const MAX_RETRY_MS = 5_000;

/**
 * The connections of a fleet. All uses share the connection for commands, which is open while there
 * is at least one use.
 */
export class Connections {
  readonly commands: Connection;
  readonly #input: RedisInput;
  readonly #settings: ConnectionTimings;
  readonly #ports: ConnectionPorts;
  readonly #uses = new Set<symbol>();

  constructor(input: RedisInput, settings: ConnectionTimings, ports: ConnectionPorts) {
    this.#input = input;
    this.#settings = settings;
    this.#ports = ports;
    this.commands = this.#connection(() => createClient(input, this.#overrides("commands")));
  }

  /**
   * Begins a use of the connection for commands. The returned function ends it. It may be called
   * twice.
   */
  begin(): () => void {
    const use = Symbol("use");
    this.#uses.add(use);
    this.commands.open();
    return () => {
      if (this.#uses.delete(use) && this.#uses.size === 0) this.commands.close();
    };
  }

  /**
   * Creates a connection for the caller only, e.g. for blocking commands. The caller opens and
   * closes it.
   *
   * @param role - part of its name in `CLIENT LIST`.
   */
  dedicated(role: string): Connection {
    return this.#connection(() => createClient(this.#input, this.#overrides(role)));
  }

  /**
   * Creates a connection to one server for subscriptions. In a cluster, this is any master, because
   * every master receives all messages. It can be opened only after the connection for commands is
   * ready.
   */
  single(role: string): Connection {
    return this.#connection(() => {
      const { client } = this.commands;
      const overrides = this.#overrides(role);
      if (client === null || !isCluster(client)) return createClient(this.#input, overrides);
      const node = nodeOf(client, this.#ports.random);
      if (node === null) throw new Error("the cluster has no master");
      return createClient(node, overrides);
    });
  }

  #connection(create: () => RedisClient): Connection {
    const { commandTimeoutMs, connectTimeoutMs, pollIntervalMs } = this.#settings;
    const maxRetryMs = Math.min(MAX_RETRY_MS, pollIntervalMs / 6);
    return new Connection({
      ...this.#ports,
      create,
      commandTimeoutMs,
      connectTimeoutMs,
      maxRetryMs,
      leaveEveryMs: pollIntervalMs,
    });
  }

  #overrides(role: string): ConnectionOverrides {
    return overridesOf(role, this.#settings.connectTimeoutMs);
  }
}
