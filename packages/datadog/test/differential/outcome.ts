/** The result of a call, and the exposures that it logged. */
export interface Outcome {
  readonly value: unknown;
  readonly reason: string;
  readonly errorCode: string | null;
  readonly variant: string | null;
  /** The exposures without their times. */
  readonly exposures: readonly object[];
}
