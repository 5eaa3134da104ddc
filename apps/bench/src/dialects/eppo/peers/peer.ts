/** The part of a client that the cells use; the SDKs agree on it. */
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

/** The part of a client that the cell of bandits uses. */
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
  /** Does what a refresh does once the bytes are there; flags can be evaluated afterwards. */
  load(bytes: Uint8Array): Promise<void>;
  /** A client that serves what was loaded last. */
  client(): FlagClient;
}

/** Keeps its configuration as a server has it. */
export interface Follower {
  readonly client: FlagClient;
  /** One poll, and whatever it takes to serve what came of it. */
  refresh(): Promise<unknown>;
}

/** How an SDK remembers what was logged: the last 50,000 assignments, or all. */
export type Memory = "default" | "non-expiring";

/** An SDK, made as its users make it: with its defaults, and nothing written anywhere. */
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
  /** A client that gets its configuration from there, when it is told to. */
  follow(baseUrl: string): Promise<Follower>;
}
