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

  /** To be called before each call: a failed one may have left events. */
  clear(): void {
    this.assignment = null;
    this.choice = null;
  }
}

/**
 * The event of the assignment with the vendor's fields, i.e. without our `messageId`, or `null`.
 *
 * @param given - attributes as the request has them.
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
  // Quirk: attributes that are `null` are logged as such (eppo).
  return {
    ...event,
    ...(given === null ? { subjectAttributes: null } : {}),
    evaluationDetails,
  };
}

/** The event of the bandit action with the vendor's fields, or `null`. */
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

/** Quirk: the vendor's cache hashes its keys, fails at a lone surrogate, and loses the event (eppo). */
function isLostInCache(keys: readonly (string | null)[]): boolean {
  return /\p{Surrogate}/u.test(keys.join(";"));
}
