import type { BanditActions, BanditSubject } from "./bandit.js";
import type { Configuration } from "./configuration.js";
import type { Dialect } from "./dialect.js";

/** Request for the results of all flags, for a client that only looks them up. */
export interface PrecomputeRequest {
  readonly subjectKey: string;
  readonly subject: BanditSubject;
  /** Actions of bandits, by flag. Bandits behind other flags do not choose. */
  readonly banditActions: Readonly<Record<string, BanditActions>>;
  /** Salt for the hashes of keys. */
  readonly salt: string;
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
}

/** Capability of a dialect whose vendor has a format for clients that look up precomputed results. */
export interface PrecomputingDialect extends Dialect {
  /**
   * Returns the results of all flags for one subject, in the vendor's format. Nothing is logged.
   *
   * @param configuration - a configuration of this dialect, or `null` before the first one.
   * @throws TypeError if the subject's attributes cannot be converted to JSON.
   */
  precompute(configuration: Configuration | null, request: PrecomputeRequest): string;
}
