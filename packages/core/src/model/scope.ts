import type { Configuration } from "./configuration.js";
import type { Trace } from "./trace.js";

/** What one evaluation may see besides its subject. */
export interface Scope {
  /** Wall clock, epoch ms. Read once at most: later calls give the same answer. */
  nowMs(): number;
  /** The configuration that the whole call works on: shared parts, other flags. */
  readonly configuration: Configuration;
  /** Present when somebody wants to know why; made by the dialect of the configuration. */
  readonly trace: Trace | null;
}
