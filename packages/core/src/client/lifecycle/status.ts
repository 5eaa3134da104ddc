import type { StreamStatus } from "../../configuration/origin.js";
import type { DiskState } from "../../configuration/source.js";
import type { ErrorCode } from "../../errors/codes.js";
import type { ExposureCounters } from "../../events/exposures.js";
import type { PayloadOrigin } from "../../model/configuration.js";
import type { EvaluationCounters } from "../evaluation/mistakes.js";
import type { ShadowCounts } from "./shadow-counts.js";
import type { WebCounters } from "./web-counters.js";

/** State of a client. It is derived from facts, never stored. */
export type ClientState = "initializing" | "ready" | "stale" | "error" | "closed";

/** Origin of the configuration in use. */
export type StatusSource = PayloadOrigin | "initial" | "manual";

/** The last failure. Contains no secrets. */
export interface StatusError {
  readonly code: ErrorCode;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
  readonly httpStatus?: number;
}

/** A frozen snapshot of a client, created when it is read. */
export interface ClientStatus {
  readonly state: ClientState;
  /** Where the configuration came from. `null`: there is none. */
  readonly source: StatusSource | null;
  /** Content hash of the configuration. */
  readonly revision: string | null;
  /**
   * Milliseconds since the origin last confirmed the configuration, as far as the source knows. `null` if that is
   * unknown, or without a configuration.
   */
  readonly ageMs: number | null;
  /** When the vendor published the configuration, ISO 8601. */
  readonly publishedAt: string | null;
  readonly environment: string | null;
  readonly dialect: string;
  /** Number of issues found so far, and whether all flags have been decoded. */
  readonly issues: { readonly found: number; readonly complete: boolean };
  readonly lastError: StatusError | null;
  /** When the last attempt succeeded, ISO 8601. */
  readonly lastSuccessAt: string | null;
  readonly consecutiveFailures: number;
  /** Time until the next attempt. `null`: no attempt is scheduled, or one is in progress. */
  readonly nextAttemptInMs: number | null;
  /** State of the copy on disk. */
  readonly disk: DiskState;
  /** State of the stream of changes. `null`: the source has none. */
  readonly stream: StreamStatus | null;
  readonly counters: {
    readonly exposures: ExposureCounters;
    readonly evaluations: EvaluationCounters;
    /** Comparisons of a shadow, without examples. Absent for other clients. */
    readonly shadow?: ShadowCounts;
    /** Absent unless `@sortition/web` uses the client. */
    readonly web?: WebCounters;
  };
}
