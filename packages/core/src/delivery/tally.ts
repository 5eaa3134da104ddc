/**
 * Counts events by how they ended. Between any two turns, `accepted` is the sum of `delivered`, all
 * losses, and what is still held.
 */
export class Tally<LossReason extends string> {
  accepted = 0;
  delivered = 0;
  readonly #losses: Record<LossReason, number>;

  /** @param reasons - every reason, in the order in which snapshots list them. */
  constructor(reasons: readonly LossReason[]) {
    // One entry per reason, so no key of the record is missing.
    const entries = reasons.map((reason) => [reason, 0]);
    this.#losses = Object.fromEntries(entries) as Record<LossReason, number>;
  }

  /** Counts one event that was lost. */
  lose(reason: LossReason): void {
    this.#losses[reason] += 1;
  }

  /** A frozen copy of the losses by reason. */
  get losses(): Readonly<Record<LossReason, number>> {
    return Object.freeze({ ...this.#losses });
  }
}
