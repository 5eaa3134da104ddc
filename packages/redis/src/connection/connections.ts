import type { Clock } from "@sortition/core/source";
import type { Settings } from "../options/settings.js";
import { Connection, nodeOf } from "./connection.js";
import {
  type ConnectionOverrides,
  createClient,
  isCluster,
  type RedisClient,
  type RedisInput,
} from "./input.js";
import { overridesOf } from "./overrides.js";

/** Ports of {@link Connections}. Sockets live in real time, whatever clock a client was given. */
export interface ConnectionPorts {
  readonly clock: Clock;
  readonly random: () => number;
}

const MAX_RETRY_MS = 5_000;
/**
 * The connections of a fleet. That for commands is shared by all uses: it is opened at the first use, and
 * closed when the last one has ended.
 */
export class Connections {
  readonly commands: Connection;
  readonly #input: RedisInput;
  readonly #settings: Settings;
  readonly #ports: ConnectionPorts;
  readonly #uses = new Set<symbol>();

  constructor(input: RedisInput, settings: Settings, ports: ConnectionPorts) {
    this.#input = input;
    this.#settings = settings;
    this.#ports = ports;
    this.commands = this.#connection(() => createClient(input, this.#overrides("commands")));
  }

  /** Begins a use of the connection for commands. The result ends it, and may be called twice. */
  begin(): () => void {
    const use = Symbol("use");
    this.#uses.add(use);
    this.commands.open();
    return () => {
      if (this.#uses.delete(use) && this.#uses.size === 0) this.commands.close();
    };
  }

  /** Ends all uses at once. */
  close(): void {
    this.#uses.clear();
    this.commands.close();
  }

  /**
   * A connection of one's own, e.g. for blocking commands. Its owner opens and closes it.
   *
   * @param role - part of its name in `CLIENT LIST`.
   */
  dedicated(role: string): Connection {
    return this.#connection(() => createClient(this.#input, this.#overrides(role)));
  }

  /**
   * A connection to one server, for subscriptions: of a cluster, to any of its masters, since each of them
   * hears all messages. It cannot be opened before that for commands is ready.
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
