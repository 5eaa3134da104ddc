import type { JsonObject } from "@sortition/core/dialect";
import type { PayloadSet } from "@sortition/core/source";
import type { AmplitudeConfiguration } from "../../dialect/configuration.js";

/** Keeps the flags of a client up to date. */
export interface Updates {
  /**
   * Settles when the first flags are there, or could not be had. Further ones follow until {@link stop}. While there
   * are none, it joins the try that is under way, or begins one; after that it does nothing.
   */
  start(): Promise<void>;
  /** Settles when each cohort that flags refer to has arrived or finally failed. Absent: when the flags are there. */
  settled?(): Promise<void>;
  /** Age of the flags, if their source knows it. */
  readonly ageMs?: number | null;
  /** Ends requests in progress, too. Does nothing while it is not running. */
  stop(): void;
}

/** The client's side of updates. */
export interface UpdateSink {
  /** What the client holds; `null`: nothing that came from here. */
  readonly current: PayloadSet | null;
  /** The flags that the client evaluates. */
  evaluated(): readonly JsonObject[];
  /**
   * Compiles payloads, and serves them.
   *
   * @param isWhole - `false`: flags are missing whose cohorts are under way.
   * @throws DecodeError if they are unusable as a whole.
   */
  apply(payloads: PayloadSet, isWhole: boolean): Promise<void>;
  /** What is held is that of the server at present. */
  confirmed(): void;
  /** Serves a configuration. */
  serve(configuration: AmplitudeConfiguration): void;
}
