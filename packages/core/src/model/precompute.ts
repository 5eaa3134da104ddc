import type { BanditActions, BanditSubject } from "./bandit.js";
import type { Configuration } from "./configuration.js";
import type { Dialect } from "./dialect.js";

/** Request for the answers of all flags, for a client that only looks them up. */
export interface PrecomputeRequest {
  readonly subjectKey: string;
  readonly subject: BanditSubject;
  /** Actions of bandits, by flag; bandits behind other flags do not choose. */
  readonly banditActions: Readonly<Record<string, BanditActions>>;
  /** For the hashes of keys. */
  readonly salt: string;
  /** Wall clock, epoch ms. */
  readonly nowMs: number;
}

/** Capability of a dialect whose vendor has a format for clients that look answers up. */
export interface PrecomputingDialect extends Dialect {
  /**
   * The answers of all flags for one subject, in the vendor's format. Nothing is logged.
   *
   * @param configuration - one of this dialect; `null` before the first one.
   * @throws TypeError if the subject's attributes cannot be converted to JSON.
   */
  precompute(configuration: Configuration | null, request: PrecomputeRequest): string;
}
