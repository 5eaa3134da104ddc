/** Result of an expectation, with its failure message. */
export interface Verdict {
  readonly pass: boolean;
  /** Returns the failure message of the expectation. If it passes, this is the message of its negation. */
  message(): string;
}
