import type { AssignmentEvent } from "@sortition/core";
import type { EppoNodeBanditEvent, EppoNodeLogger, EvaluationDetails } from "@sortition/core/eppo";

/** Keeps the events that the current call has logged, under the vendor's names. */
export class EventLog implements EppoNodeLogger {
  /** Whether logged assignments, and logged bandit actions, are deduplicated. */
  readonly hasDedupe: boolean;
  readonly hasBanditDedupe: boolean;
  assignment: AssignmentEvent | null = null;
  choice: EppoNodeBanditEvent | null = null;

  constructor(options: { readonly hasDedupe: boolean; readonly hasBanditDedupe: boolean }) {
    this.hasDedupe = options.hasDedupe;
    this.hasBanditDedupe = options.hasBanditDedupe;
  }

  logAssignment(event: AssignmentEvent): void {
    this.assignment = event;
  }

  logBanditAction(event: EppoNodeBanditEvent): void {
    this.choice = event;
  }

  /** Discards earlier events. Must run before each evaluation, because a failed one may have left events behind. */
  clear(): void {
    this.assignment = null;
    this.choice = null;
  }
}

/**
 * Returns the assignment's event with the vendor's fields, without our `messageId`; `null` if nothing was logged.
 *
 * @param given - the attributes as given in the request.
 */
export function assignmentEventOf(
  { assignment, hasDedupe }: EventLog,
  given: object | null | undefined,
  evaluationDetails: EvaluationDetails,
): object | null {
  if (assignment === null) return null;
  const { messageId: _, ...event } = assignment;
  const { subject, featureFlag, allocation, variation } = assignment;
  if (hasDedupe && isLostInCache([subject, featureFlag, allocation, variation])) return null;
  // Quirk: attributes that are `null` are logged as `null` (eppo).
  return {
    ...event,
    ...(given === null ? { subjectAttributes: null } : {}),
    evaluationDetails,
  };
}

/** Returns the bandit action's event with the vendor's fields; `null` if nothing was logged. */
export function banditEventOf(
  { choice, hasBanditDedupe }: EventLog,
  evaluationDetails: EvaluationDetails,
): object | null {
  if (choice === null) return null;
  const { messageId: _, ...event } = choice;
  const { subject, featureFlag, bandit, action } = choice;
  if (hasBanditDedupe && isLostInCache([subject, featureFlag, bandit, action])) return null;
  return { ...event, evaluationDetails };
}

/** Quirk: the vendor's cache hashes its keys. It throws for a lone surrogate, and the event is lost (eppo). */
function isLostInCache(keys: readonly (string | null)[]): boolean {
  return /\p{Surrogate}/u.test(keys.join(";"));
}
