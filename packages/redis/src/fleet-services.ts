import type { Clock, Diagnostics, Random } from "@sortition/core/internal";
import { BODY_TIMEOUTS, type Link } from "./connection/connection.js";
import type { Connections } from "./connection/connections.js";
import { isCluster } from "./connection/input.js";
import { redisError } from "./errors/reply-error.js";
import type { Namespace } from "./keys/keys.js";

export type Command = readonly [name: string, ...args: (string | number)[]];

/** Outcome of one command of a pipeline: an error or its reply. */
export type CommandOutcome = readonly [error: Error | null, reply: unknown];

/** A connection for commands that wait in Redis. */
export interface BlockingConnection {
  /** Sends a command that Redis answers after `blockMs` at the latest. Strings are `Buffer`s. */
  call(command: Command, blockMs: number): Promise<unknown>;
  /** Ends the connection; a command that waits is rejected. */
  close(): void;
}

/** Counters of exposures that `dedupe` asked Redis about. */
export interface DedupeCounters {
  /** Exposures that Redis was asked about. */
  asked: number;
  /** Exposures that another process has logged, or is about to. */
  suppressed: number;
  /** Exposures that were logged without asking: Redis did not answer, or the queue was full. */
  unasked: number;
}

/** Counters of the outbox in this process. */
export interface OutboxCounters {
  /** Exposures that Redis acknowledged. */
  appended: number;
  /** Times that an exposure found the stream full. */
  full: number;
  /** Exposures that this process dropped: its queue was full, or it closed before Redis took them. */
  dropped: number;
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

/** Services of a fleet for its uses beside the shared configuration. */
export interface FleetServices {
  readonly clock: Clock;
  readonly random: Random;
  readonly diagnostics: Diagnostics;
  /** Identifies this process: new at each start. */
  readonly token: string;
  readonly pollIntervalMs: number;
  readonly commandTimeoutMs: number;
  readonly compressFromBytes: number;
  readonly maxPayloadBytes: number;
  /** The connection for commands. */
  readonly link: Link;
  /** Whether the keys are spread over several nodes; a pipeline then holds keys of one hash tag. */
  readonly isCluster: boolean;
  /** A key of the namespace; all of them are in one slot. */
  key(name: string): string;
  /** A key that is one of many: `digit` (0 … f) chooses one of sixteen hash tags. */
  spreadKey(digit: string, name: string): string;
  /**
   * Opens the connection for commands, which stays open until the result is called.
   *
   * @param close - called when the whole fleet is closed, with the time that is left.
   */
  retain(close: (timeoutMs: number) => Promise<void>): () => void;
  /** Sends commands at once. Rejects if Redis answered no command. */
  pipeline(commands: readonly Command[]): Promise<readonly CommandOutcome[]>;
  /** Opens a connection for commands that wait. */
  openBlocking(): BlockingConnection;
  /** The counters of the fleet are the sums of these. */
  addCounters<Kind extends keyof UseCounters>(kind: Kind, read: () => UseCounters[Kind]): void;
}

/** What a fleet has for all of its uses. */
export interface FleetServicesPorts {
  readonly settings: Pick<
    FleetServices,
    "pollIntervalMs" | "commandTimeoutMs" | "compressFromBytes" | "maxPayloadBytes"
  > & { readonly namespace: Namespace };
  readonly connections: Connections;
  /** Diagnostics of the last client that subscribed, else of the fleet's options. */
  readonly diagnostics: Diagnostics;
  /** Calls `end` when the whole fleet is closed. The result takes it back. */
  onClose(end: (timeoutMs: number) => Promise<void>): () => void;
}

/** Parts of {@link FleetServices} that do not come from the fleet's ports. */
export type FleetServicesParts = Pick<FleetServices, "clock" | "random" | "token" | "addCounters">;

/** Creates the connection, keys and counters that dedupe, outbox, sticky buckets and cache share. */
export function createFleetServices(
  { connections, diagnostics, settings, onClose }: FleetServicesPorts,
  parts: FleetServicesParts,
): FleetServices {
  const { commands } = connections;
  const { namespace, pollIntervalMs, commandTimeoutMs, compressFromBytes, maxPayloadBytes } =
    settings;
  return {
    ...parts,
    ...{ diagnostics, pollIntervalMs, commandTimeoutMs, compressFromBytes, maxPayloadBytes },
    link: commands,
    get isCluster() {
      return commands.client !== null && isCluster(commands.client);
    },
    key: (name) => namespace.key(name),
    spreadKey: (digit, name) => namespace.spreadKey(digit, name),
    retain(close) {
      const endUse = connections.begin();
      // At the close of the fleet its work may go on.
      const forget = onClose((timeoutMs) => close(timeoutMs).finally(endUse));
      return () => {
        endUse();
        forget();
      };
    },
    pipeline: (list) =>
      commands.use(async (client) => {
        const pipeline = client.pipeline();
        for (const [name, ...values] of list) pipeline.call(name, ...values);
        const outcomes = (await pipeline.exec()) ?? [];
        return outcomes.map(
          ([error, reply]) => [error && redisError(error, commands.place), reply] as const,
        );
      }),
    openBlocking() {
      const connection = connections.dedicated("blocking");
      connection.open();
      return {
        async call([name, ...values], blockMs) {
          await connection.settled();
          return connection.use(
            (client) => client.callBuffer(name, ...values),
            blockMs + BODY_TIMEOUTS * commandTimeoutMs,
          );
        },
        close: () => connection.close(),
      };
    },
  };
}
