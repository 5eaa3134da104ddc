import type { Answer, Trace } from "@sortition/core/dialect";

/** The toy's details of a call. */
export interface ToyDetails {
  readonly outcome: string;
  readonly variation: string | null;
  /** The required flag that had another variation. */
  readonly blockedBy: string | null;
}

/** Records one call. `onAnswer` is called with the finished record, for explanations. */
export class ToyTrace implements Trace<ToyDetails> {
  blockedBy: string | null = null;

  constructor(readonly onAnswer: (answer: Answer) => void = () => {}) {}

  details(answer: Answer): ToyDetails {
    this.onAnswer(answer);
    const { evaluation } = answer;
    const outcome = evaluation.kind === "default" ? evaluation.reason : evaluation.kind;
    const variation = evaluation.kind === "assigned" ? evaluation.variation : null;
    return { outcome, variation, blockedBy: this.blockedBy };
  }
}
