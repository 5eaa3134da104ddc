import type { EvaluationOrigin } from "../model/evaluation-origin.js";

/** The result of one side of a shadow. */
export interface Outcome extends Pick<EvaluationOrigin, "isDefault" | "errorCode"> {
  /** The value, as the primary names it. The call's default value if nothing was assigned. */
  readonly value: unknown;
  /** The variation, as the side's vendor names it, or `null`. */
  readonly variation: string | null;
  readonly allocation: string | null;
  /** Whether a hash decided, of a subject in the share of a split or outside of it. */
  readonly isPlaced: boolean;
  /** `failed` if the side threw or rejected. */
  readonly reason: EvaluationOrigin["reason"] | "failed";
}

/** Whether a side has the flag and could evaluate it. A default that follows from its rules is treated as decided. */
export function isDecided({ reason }: Pick<Outcome, "reason">): boolean {
  return !UNDECIDED.has(reason);
}

const UNDECIDED: ReadonlySet<Outcome["reason"]> = /* @__PURE__ */ new Set([
  "flag-not-found",
  "not-initialized",
  "unresolved",
  "error",
]);
