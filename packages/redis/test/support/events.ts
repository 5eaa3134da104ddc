import type { LoggedEvent } from "@sortition/core/internal";

type AssignmentEvent = Extract<LoggedEvent, { kind: "assignment" }>["event"];
type BanditEvent = Extract<LoggedEvent, { kind: "bandit" }>["event"];

const metaData = {
  sdkLanguage: "javascript",
  sdkName: "sortition",
  sdkLibVersion: "1.2.3",
} as const;

/** Creates an assignment of `subject`, as a client logs it. */
export function assignment(
  subject: string,
  changes: Partial<AssignmentEvent> = {},
): AssignmentEvent {
  return {
    allocation: "allocation-1",
    experiment: "checkout-allocation-1",
    featureFlag: "checkout",
    variation: "treatment",
    subject,
    timestamp: new Date().toISOString(),
    subjectAttributes: { country: "CH" },
    metaData,
    messageId: `id-${subject}`,
    ...changes,
  };
}

/** Creates a bandit action for `subject`, as a client logs it. */
export function banditAction(subject: string): BanditEvent {
  return {
    timestamp: new Date().toISOString(),
    flagKey: "recommendations",
    banditKey: "recommendations-bandit",
    subject,
    action: "pizza",
    actionProbability: 0.25,
    optimalityGap: 1.5,
    modelVersion: "v123",
    subjectNumericAttributes: { age: 42 },
    subjectCategoricalAttributes: {},
    actionNumericAttributes: {},
    actionCategoricalAttributes: {},
    metaData,
    messageId: `id-bandit-${subject}`,
  };
}
