import type { Clock } from "@sortition/core/internal";
import { Connection, nodeOf } from "./connection.js";
import {
  type ConnectionOverrides,
  createClient,
  isCluster,
  type RedisClient,
  type RedisInput,
} from "./input.js";
import { overridesOf } from "./overrides.js";

/** Dependencies of {@link Connections}. The clock is the real one even if a client has another, because sockets use it. */
export interface ConnectionPorts {
  readonly clock: Clock;
  readonly random: () => number;
}

/** Times that connections go by. */
export interface ConnectionTimings {
  readonly pollIntervalMs: number;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

/** Longest delay, before jitter, until a lost connection is opened again. Below a poll interval of 30 s it is a sixth of that. */
const MAX_RETRY_MS = 5_000;

/**
 * The connections of a fleet. All uses share the connection for commands: it is opened when the first one begins, and
 * closed when the last one has ended.
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

  /** Begins a use of the connection for commands. Returns a function that ends it, and that may be called twice. */
  begin(): () => void {
    const use = Symbol("use");
    this.#uses.add(use);
    this.commands.open();
    return () => {
      if (this.#uses.delete(use) && this.#uses.size === 0) this.commands.close();
    };
  }

  /**
   * Creates a connection for the caller alone, e.g. for blocking commands. The caller opens and closes it.
   *
   * @param role - part of its name in `CLIENT LIST`.
   */
  dedicated(role: string): Connection {
    return this.#connection(() => createClient(this.#input, this.#overrides(role)));
  }

  /**
   * Creates a connection to one server, for subscriptions. In a cluster this is any master, since each of them receives
   * all messages. It can be opened only after the connection for commands is ready.
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
    });
  }

  #overrides(role: string): ConnectionOverrides {
    return overridesOf(role, this.#settings.connectTimeoutMs);
  }
}
