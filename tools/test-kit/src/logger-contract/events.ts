/** The timestamp of every event in this file. */
export const TIMESTAMP = "2026-01-02T03:04:05.678Z";

const META_DATA = {
  obfuscated: false,
  sdkLanguage: "javascript",
  sdkName: "sortition",
  sdkLibVersion: "1.2.3",
};

/** Creates an assignment with extra logging, as a client logs it. */
export function assignment(subject: string, changes: object = {}): Record<string, unknown> {
  return {
    holdoutKey: "holdout-1",
    allocation: "allocation-1",
    experiment: "checkout-allocation-1",
    featureFlag: "checkout",
    format: "SERVER",
    variation: "treatment",
    subject,
    timestamp: TIMESTAMP,
    subjectAttributes: { country: "CH", age: 42, isMember: true },
    metaData: META_DATA,
    entityId: null,
    messageId: `00000000-0000-8000-8000-${subject.replace(/\D/g, "").padStart(12, "0")}`,
    ...changes,
  };
}

/** Creates a bandit action, as a client logs it. */
export function banditAction(subject: string, changes: object = {}): Record<string, unknown> {
  return {
    timestamp: TIMESTAMP,
    flagKey: "recs",
    banditKey: "recs-bandit",
    subject,
    action: "pizza",
    actionProbability: 0.25,
    optimalityGap: 1.5,
    modelVersion: "v123",
    subjectNumericAttributes: { age: 42 },
    subjectCategoricalAttributes: { country: "CH" },
    actionNumericAttributes: { price: 12.5 },
    actionCategoricalAttributes: { kind: "food" },
    metaData: META_DATA,
    messageId: `00000000-0000-8000-9000-${subject.replace(/\D/g, "").padStart(12, "0")}`,
    ...changes,
  };
}
