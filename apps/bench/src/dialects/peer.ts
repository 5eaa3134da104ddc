import type { AssignmentLogger } from "@sortition/core";

/** A subject as a server reads it from a request, made before the clock starts. */
export interface Visitor {
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The string that is given as the default, and returned where a flag has no value. */
export const NOTHING = "nothing";

/** A client that has flags. Answers of an asynchronous SDK are promises. */
export interface Opened {
  string(flagKey: string, visitor: Visitor): unknown;
  boolean(flagKey: string, visitor: Visitor): unknown;
  /** By the getter for the type of a shop's flag; absent: all of them are asked for as strings. */
  typed?(flagKey: string, visitor: Visitor, index: number): unknown;
  /** How many of all flags are on, by one call of the SDK; absent: each flag is asked for. */
  countOn?(visitor: Visitor): number | Promise<number>;
  close?(): unknown;
}

/** Loads configurations. Each replaces the former one. */
export interface Loader {
  /** Performs a refresh from its received bytes. Returns a function that creates a client with them, which is not timed. */
  load(bytes: Uint8Array): Promise<() => Opened>;
  /** Closes clients and servers of a load. Not timed. */
  release?(): Promise<unknown>;
}

/** How a client polls; absent: only on request. */
export interface Pace {
  readonly intervalMs: number;
  readonly requestTimeoutMs: number;
}

export interface FollowOptions {
  readonly pace?: Pace;
  /** Of a payload that is encrypted. */
  readonly decryptionKey?: string | undefined;
}

export interface Following extends Opened {
  /** Asks once, and serves the result. */
  refresh(): Promise<unknown>;
}

/** An SDK's cache of logged assignments: its default, or one that never expires. */
export type Memory = "default" | "non-expiring";

export interface Logged {
  /** Called for each event, in the turn of the evaluation where the SDK allows it. */
  readonly onEvent: () => void;
  /** Subjects that come again, for SDKs that keep an instance for each. */
  readonly returning?: readonly string[];
  readonly memory?: Memory;
  /** A logger for our native client in place of `onEvent`. */
  readonly logger?: AssignmentLogger;
}

/** An SDK with its defaults, but without output. */
export interface Peer {
  readonly name: string;
  readonly isAsync?: boolean;
  open(bytes: Uint8Array, logged?: Logged): Promise<Opened>;
  /** Absent: each load is a new client. */
  loader?(): Promise<Loader>;
  follow(baseUrl: string, options: FollowOptions): Promise<Following>;
}

export async function loaderOf(peer: Peer): Promise<Loader> {
  if (peer.loader !== undefined) return await peer.loader();
  let latest: Opened | null = null;
  return {
    async load(bytes) {
      const opened = await peer.open(bytes);
      latest = opened;
      return () => opened;
    },
    release: async () => latest?.close?.(),
  };
}
