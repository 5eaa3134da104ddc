/** A client that polls, as an application would make it. */
export interface Polling {
  /** The version that the configuration has; `null`: the default was returned. */
  answer(): Promise<number | null> | number | null;
  /** Ends the client, as the SDK's documentation says. */
  close(): Promise<unknown> | unknown;
}

/** One SDK of the drill. */
export interface DrilledSdk {
  /** For the table, and to start it by. */
  readonly name: string;
  readonly dialect: "eppo" | "growthbook" | "amplitude" | "posthog";
  /** What the table says besides; empty without. */
  readonly note: string;
  /** Resolves when it has the first configuration. */
  start(baseUrl: string, intervalMs: number): Promise<Polling>;
}

/** Requests are given up after this time, where an SDK has such an option. */
export const REQUEST_TIMEOUT_MS = 1_000;
