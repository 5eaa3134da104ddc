import type { PayloadSet } from "@sortition/core/source";
import type { AmplitudeConfiguration } from "../../dialect/configuration.js";

/** Keeps the flags of a client up to date. */
export interface Updates {
  /** Where updates come from at present. */
  readonly kind: "polling" | "streaming" | "source";
  /** Time since the flags were last received or confirmed; `null`: never. */
  readonly ageMs: number | null;
  /**
   * Settles when the first flags are there, or could not be had. Further ones follow until {@link stop}.
   * Does nothing while it is running.
   */
  start(): Promise<void>;
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
  /** Serves a configuration. */
  serve(configuration: AmplitudeConfiguration): void;
}
