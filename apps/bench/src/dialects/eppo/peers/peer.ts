/** The part of a client that the cells use, common to the SDKs. */
export interface FlagClient {
  getBooleanAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Readonly<Record<string, string>>,
    defaultValue: boolean,
  ): boolean;
  getStringAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Readonly<Record<string, string>>,
    defaultValue: string,
  ): string;
}

/** Attributes as bandits take them. */
export interface BanditAttributes {
  readonly numericAttributes: Readonly<Record<string, number>>;
  readonly categoricalAttributes: Readonly<Record<string, string>>;
}

/** The part of a client that the bandit cells use. */
export interface BanditClient {
  getBanditAction(
    flagKey: string,
    subjectKey: string,
    subject: BanditAttributes,
    actions: Readonly<Record<string, BanditAttributes>>,
    defaultValue: string,
  ): { readonly variation: string; readonly action: string | null };
}

/** Loads configurations, each in place of the one before. */
export interface Loader {
  /** Does what a refresh does once the bytes are received. Flags can be evaluated afterwards. */
  load(bytes: Uint8Array): Promise<void>;
  /** A client that serves the last loaded configuration. */
  client(): FlagClient;
}

/** A client that polls a server. */
export interface Follower {
  readonly client: FlagClient;
  /** Polls once, and serves the result. */
  refresh(): Promise<unknown>;
}

/** An SDK's cache of logged assignments: the last 50,000, or all. */
export type Memory = "default" | "non-expiring";

/** An SDK with its defaults, but without output. */
export interface Peer {
  readonly name: string;
  /** Without a logger, as during start-up. */
  createClient(bytes: Uint8Array): Promise<FlagClient>;
  /** With a logger, which is called in the turn of the evaluation. */
  createLoggingClient(
    bytes: Uint8Array,
    memory: Memory,
    onAssignment: () => void,
  ): Promise<FlagClient>;
  createBanditClient(flags: Uint8Array, models: Uint8Array): Promise<BanditClient>;
  createLoader(): Promise<Loader>;
  /** A client that polls that server when `refresh` is called. */
  follow(baseUrl: string): Promise<Follower>;
}
