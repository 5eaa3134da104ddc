import type { Namespace } from "./keys/keys.js";

/** All timings of a fleet. */
export interface Timings {
  readonly pollIntervalMs: number;
  readonly leaseMs: number;
  readonly tickMs: number;
  readonly claimMs: number;
  readonly commandTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** `directAfterMs` with a configuration. */
  readonly directAfterMs: number;
  /** `directAfterMs` without a configuration. */
  readonly emptyDirectAfterMs: number;
  readonly overdueAfterMs: number;
}

/** All options after validation, including defaults. */
export interface Settings extends Timings {
  /** Keys of everything but the shared configuration. */
  readonly namespace: Namespace;
  /** Whether users named the namespace. Otherwise, its name depends on the origin's key. */
  readonly isNamed: boolean;
  /** Keys of the shared configuration. */
  readonly configuration: Namespace;
  readonly whenRedisDown: "direct" | "hold";
  readonly isEligible: boolean;
  readonly usesPubsub: boolean;
  /** `null`: depends on the size of the stored payload. */
  readonly applyJitterMs: number | null;
  readonly compressFromBytes: number;
  readonly maxPayloadBytes: number;
}
