/**
 * Counts events by outcome. Between any two turns, `accepted` is the sum of `delivered`, all losses, and
 * the events still held.
 */
export class Tally<LossReason extends string> {
  accepted = 0;
  delivered = 0;
  readonly #losses: Record<LossReason, number>;

  /** @param reasons - all reasons, in the order of the snapshots. */
  constructor(reasons: readonly LossReason[]) {
    // One entry per reason, so the record has all keys.
    const entries = reasons.map((reason) => [reason, 0]);
    this.#losses = Object.fromEntries(entries) as Record<LossReason, number>;
  }

  /** Counts one lost event. */
  lose(reason: LossReason): void {
    this.#losses[reason] += 1;
  }

  /** A frozen copy of the losses by reason. */
  get losses(): Readonly<Record<LossReason, number>> {
    return Object.freeze({ ...this.#losses });
  }
}
