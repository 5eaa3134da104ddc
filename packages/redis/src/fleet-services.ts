import type { Clock, Diagnostics, Random } from "@sortition/core/internal";
import { BODY_TIMEOUTS, type Command, type Connection } from "./connection/connection.js";
import type { Connections } from "./connection/connections.js";
import { isCluster } from "./connection/input.js";
import type { Settings } from "./settings.js";

/** A connection for blocking commands. */
export interface BlockingConnection {
  /** Sends a command to which Redis replies within `blockMs`. Strings in replies are `Buffer`s. */
  call(command: Command, blockMs: number): Promise<unknown>;
  /** Closes the connection. A waiting command rejects. */
  close(): void;
}

/** Counters of `dedupe` in this process. */
export interface DedupeCounters {
  /** Exposures that Redis was asked about. */
  asked: number;
  /** Exposures that another process has logged or is about to log. */
  suppressed: number;
  /**
   * Exposures that were logged without asking Redis, because it did not respond or the queue was
   * full.
   */
  unasked: number;
}

/** Counters of the outbox in this process. */
export interface OutboxCounters {
  /** Exposures that Redis acknowledged. */
  appended: number;
  /** How often an exposure found the stream full. */
  full: number;
  /**
   * Exposures that this process dropped because its queue was full, or because it closed before
   * Redis accepted them.
   */
  dropped: number;
  /**
   * Exposures that Redis may have: this process closed before it received the reply to the call that
   * appended them.
   */
  unconfirmed: number;
  /** Exposures that this process delivered to its logger. */
  delivered: number;
  /** Exposures that this process received again. */
  redelivered: number;
  /** Exposures that this process moved to the dead stream. */
  dead: number;
}

/** Counters of the fleet's uses, by kind. */
export interface UseCounters {
  readonly dedupe: Readonly<DedupeCounters>;
  readonly outbox: Readonly<OutboxCounters>;
}

/** How a use ends when the whole fleet is closed. */
export interface UseEnd {
  /**
   * Passes exposures on that wait for Redis, within the time limit, while the uses behind this one
   * are still open.
   */
  handOver?(timeoutMs: number): Promise<void>;
  close(timeoutMs: number): Promise<void>;
}

/** Services that a fleet provides to its uses, apart from the shared configuration. */
export interface FleetServices {
  readonly clock: Clock;
  readonly random: Random;
  readonly diagnostics: Diagnostics;
  /** Identifies this process. New at each start. */
  readonly token: string;
  /** The options of the fleet. */
  readonly settings: Settings;
  /** The connection for commands. */
  readonly link: Connection;
  /**
   * Whether the keys are spread over several nodes. If so, all keys of a pipeline must have the
   * same hash tag.
   */
  readonly isCluster: boolean;
  /** Keeps the connection for commands open until the returned function is called. */
  retain(end: UseEnd): () => void;
  /** Opens a connection for blocking commands. */
  openBlocking(): BlockingConnection;
  /** Adds a source of counters. The counters of the fleet are the sums of all sources. */
  addCounters<Kind extends keyof UseCounters>(kind: Kind, read: () => UseCounters[Kind]): void;
}

/** Dependencies that a fleet provides to all of its uses. */
export interface FleetPorts {
  readonly settings: Settings;
  readonly connections: Connections;
  /**
   * Diagnostics of the client that subscribed last, or those of the fleet's options if no client
   * has.
   */
  readonly diagnostics: Diagnostics;
  /** Ends the use when the whole fleet is closed. The returned function cancels this. */
  onClose(end: UseEnd): () => void;
}

/**
 * Creates the connection and counters that dedupe, outbox, sticky buckets and cache share.
 *
 * @param parts - what does not come from the fleet's ports.
 */
export function createFleetServices(
  { connections, diagnostics, settings, onClose }: FleetPorts,
  parts: Pick<FleetServices, "clock" | "random" | "token" | "addCounters">,
): FleetServices {
  const { commands } = connections;
  return {
    ...parts,
    diagnostics,
    settings,
    link: commands,
    get isCluster() {
      return commands.client !== null && isCluster(commands.client);
    },
    retain(end) {
      const endUse = connections.begin();
      const forget = onClose({
        ...end,
        // When the fleet closes, its work may continue.
        close: (timeoutMs) => end.close(timeoutMs).finally(endUse),
      });
      return () => {
        endUse();
        forget();
      };
    },
    openBlocking() {
      const connection = connections.dedicated("blocking");
      connection.open();
      return {
        async call([name, ...values], blockMs) {
          await connection.settled();
          return connection.use(
            (client) => client.callBuffer(name, ...values),
            blockMs + BODY_TIMEOUTS * settings.commandTimeoutMs,
          );
        },
        close: () => connection.close(),
      };
    },
  };
}
