import type { Origin } from "../client/evaluation/assignment-details.js";

/** What one side of a shadow decided. */
export interface Outcome {
  /** In the terms of the primary; the default value of the call if nothing was assigned. */
  readonly value: unknown;
  /** Variation of the side's vendor; `null` without one. */
  readonly variation: string | null;
  readonly allocation: string | null;
  /** `assigned`, why the default is returned, or the code of an error. */
  readonly reason: string;
  readonly how: Origin["how"];
}

/** Whether a side has the flag and could decide it. A default that its rules lead to is a decision. */
export function isDecided({ reason }: Pick<Outcome, "reason">): boolean {
  return !reason.startsWith("SORTITION_") && !UNDECIDED.has(reason);
}

const UNDECIDED: ReadonlySet<string> = new Set(["flag-not-found", "not-initialized", "unresolved"]);
