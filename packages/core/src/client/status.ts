import type { DiskState } from "../configuration/source.js";
import type { ErrorCode } from "../errors/codes.js";
import type { ExposureCounters } from "../events/exposures.js";
import type { PayloadOrigin } from "../model/configuration.js";
import type { EvaluationCounters } from "./mistakes.js";

/** Where a client stands; a function of facts, never stored apart. */
export type ClientState = "initializing" | "ready" | "stale" | "error" | "closed";

/** Where the configuration that is served came from. */
export type StatusSource = PayloadOrigin | "initial" | "manual";

/** The last failure, without secrets. */
export interface StatusError {
  readonly code: ErrorCode;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
  readonly httpStatus?: number;
}

/** A frozen picture of a client, made when it is read. */
export interface ClientStatus {
  readonly state: ClientState;
  /** `null`: there is no configuration. */
  readonly source: StatusSource | null;
  /** Content hash of the configuration. */
  readonly revision: string | null;
  /** Time since the configuration was last confirmed; `null` if it never was, or without one. */
  readonly ageMs: number | null;
  /** ISO 8601. */
  readonly publishedAt: string | null;
  readonly environment: string | null;
  readonly dialect: string;
  /** Issues met so far, and whether all flags were looked at. */
  readonly issues: { readonly found: number; readonly complete: boolean };
  readonly lastError: StatusError | null;
  /** ISO 8601. */
  readonly lastSuccessAt: string | null;
  readonly consecutiveFailures: number;
  /** `null`: nothing is planned, or an attempt is in flight. */
  readonly nextAttemptInMs: number | null;
  /** How the copy on disk does. */
  readonly disk: DiskState;
  readonly counters: {
    readonly exposures: ExposureCounters;
    readonly evaluations: EvaluationCounters;
  };
}
