/** What a call returned and logged. */
export interface Outcome {
  readonly value: unknown;
  readonly reason: string;
  readonly errorCode: string | null;
  readonly variant: string | null;
  /** Without their times. */
  readonly exposures: readonly object[];
}
