import type { AssignmentEvent } from "../model/exposure.js";
import type { AbortSignalLike } from "../runtime/host.js";

/**
 * Where exposures go. A class may implement it, and a plain object will do. Methods may be
 * asynchronous; what they throw or reject never reaches the evaluation.
 */
export interface AssignmentLogger {
  /** How results and diagnostics name it; `assignmentLogger` unless given. */
  readonly name?: string;
  /** Takes one assignment. If it throws, the same exposure is offered again at the next evaluation. */
  logAssignment(event: AssignmentEvent): unknown;
  /** Delivers what it holds; called by the client's `flush` and `close`. */
  flush?(options: { readonly timeoutMs: number; readonly signal: AbortSignalLike }): unknown;
}
