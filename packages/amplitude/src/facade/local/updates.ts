import type { PayloadSet } from "@sortition/core/source";
import type { AmplitudeConfiguration } from "../../dialect/configuration.js";

/** Keeps the flags of a client up to date. */
export interface Updates {
  /**
   * Settles when the first flags are there, or could not be had. Further ones follow until {@link stop}.
   * Does nothing while it is running.
   */
  start(): Promise<void>;
  /** Age of the flags, if their source knows it. */
  readonly ageMs?: number | null;
  /** Ends requests in progress, too. Does nothing while it is not running. */
  stop(): void;
}

/** The client's side of updates. */
export interface UpdateSink {
  /** What the client holds; `null`: nothing that came from here. */
  readonly current: PayloadSet | null;
  /**
   * Compiles payloads, and serves them.
   *
   * @throws DecodeError if they are unusable as a whole.
   */
  apply(payloads: PayloadSet): Promise<void>;
  /** What is held is that of the server at present. */
  confirmed(): void;
  /** Serves a configuration. */
  serve(configuration: AmplitudeConfiguration): void;
}
