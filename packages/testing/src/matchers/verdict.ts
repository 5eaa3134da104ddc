/** Whether an expectation holds, and what to say if it should not be so. */
export interface Verdict {
  readonly pass: boolean;
  /** The failure of the expectation; if it holds, the failure of its negation. */
  message(): string;
}
