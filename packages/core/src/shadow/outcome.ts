import type { Origin } from "../client/evaluation/assignment-details.js";

/** The result of one side of a shadow. */
export interface Outcome {
  /** The value, as the primary names it. The call's default value if nothing was assigned. */
  readonly value: unknown;
  /** The variation, as the side's vendor names it, or `null`. */
  readonly variation: string | null;
  readonly allocation: string | null;
  /** `assigned`, the reason for the default value, or an error code. */
  readonly reason: string;
  readonly how: Origin["how"];
}

/** Whether a side has the flag and could evaluate it. A default that follows from its rules is treated as decided. */
export function isDecided({ reason }: Pick<Outcome, "reason">): boolean {
  return !reason.startsWith("SORTITION_") && !UNDECIDED.has(reason);
}

const UNDECIDED: ReadonlySet<string> = new Set(["flag-not-found", "not-initialized", "unresolved"]);

/** Whether an outcome is known later. */
export function isPromiseLike(
  value: Outcome | PromiseLike<Outcome>,
): value is PromiseLike<Outcome> {
  return "then" in value;
}
