/** What one call came to, in either SDK. */
export interface Outcome {
  /** Whether the getter threw; then there is neither value nor details. */
  readonly threw: boolean;
  readonly value: unknown;
  /** `null` if they were not asked for. */
  readonly details: object | null;
  /** What was logged meanwhile. */
  readonly events: readonly object[];
}
