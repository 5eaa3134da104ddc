/** A subject in the form that a server reads from a request. It is created before the clock starts. */
export interface Visitor {
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The default value, which is returned if a flag has no value. */
export const NOTHING = "nothing";

/** A client with flags. Results of asynchronous SDKs are promises. */
export interface Opened {
  string(flagKey: string, visitor: Visitor): unknown;
  boolean(flagKey: string, visitor: Visitor): unknown;
  /** Counts the flags that are on with one call of the SDK; absent: each flag is evaluated separately. */
  countOn?(visitor: Visitor): number | Promise<number>;
  close?(): unknown;
}

/** Loads configurations. Each replaces the previous one. */
export interface Loader {
  /** Performs a refresh from its received bytes. Returns a function that creates a client with them, which is not timed. */
  load(bytes: Uint8Array): Promise<() => Opened>;
  /** Closes the clients and servers of a load. Not timed. */
  release?(): Promise<unknown>;
}

/** How a client polls. Default: only when `refresh` is called. */
export interface Pace {
  readonly intervalMs: number;
  readonly requestTimeoutMs: number;
}

export interface FollowOptions {
  readonly pace?: Pace;
}

export interface Following extends Opened {
  /** Sends one request, and serves the result. */
  refresh(): Promise<unknown>;
}

/** An SDK's cache of logged assignments: the default, or one without expiry. */
export type Memory = "default" | "non-expiring";

export interface Logged {
  /** Called for each event, synchronously if the SDK allows it. */
  readonly onEvent: () => void;
  /** Repeating subjects, for SDKs that keep an instance for each. */
  readonly returning?: readonly string[];
  readonly memory?: Memory;
}

/** An SDK with its defaults, but without output. */
export interface Peer {
  readonly name: string;
  readonly isAsync?: boolean;
  open(bytes: Uint8Array, logged?: Logged): Promise<Opened>;
  /** Absent: each load creates a new client. */
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
