import type { Attributes } from "../../model/attributes.js";
import type { Configuration } from "../../model/configuration.js";
import type { OverrideMap } from "../overrides.js";

/** What a client of one subject asks a client or a shadow to pin. */
export interface SubjectRequest {
  readonly subjectKey: string;
  /** Owned by the subject client, so they do not change. */
  readonly attributes: Attributes;
  readonly extras: unknown;
  /** In addition to the client's own overrides. */
  readonly overrides: OverrideMap;
  /** Whether exposures are kept instead of logged, see `KeptExposure`. */
  readonly keepsExposures: boolean;
}

/**
 * What all evaluations for one subject share. The client's own evaluator reads it through the call. An evaluator for each
 * subject would cost eight times as much as two plain reads, a pin up to 1.4 times.
 */
export interface Pin extends SubjectRequest {
  readonly configuration: Configuration | null;
}
