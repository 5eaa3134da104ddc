import type { ExposureBase } from "@sortition/core/dialect";
import type { FlagExposure, LoggedChoice } from "../events/exposure-row.js";
import type { Decision, FlagJudge } from "../judge/flag-judge.js";

/** Possible results of comparing a logged exposure with a configuration. */
export const KINDS = [
  "right",
  "wrong-variation",
  "not-in-experiment",
  "no-such-flag",
  "wrong-model",
  "wrong-action",
  "wrong-probability",
  "another-revision",
  "attributes-missing",
  "unresolved",
  "overridden",
] as const;

export type Kind = (typeof KINDS)[number];

/** Kinds of exposures that cannot be judged, because something is missing. */
const UNJUDGED: readonly Kind[] = ["attributes-missing", "unresolved"];
const NOT_WRONG: readonly Kind[] = ["right", "overridden", ...UNJUDGED];

export function isWrong(kind: Kind): boolean {
  return !NOT_WRONG.includes(kind);
}

export function isUnjudged(kind: Kind): boolean {
  return UNJUDGED.includes(kind);
}

/** The judgement of one exposure. */
export interface Judgement {
  readonly kind: Kind;
  /**
   * Depending on the kind: the expected value, the missing attribute, why the flag cannot be evaluated, or the
   * revision that gives what was logged.
   */
  readonly detail: string | null;
}

const RIGHT: Judgement = { kind: "right", detail: null };
/** Logged probabilities were rounded to decimals, so they may differ slightly. */
const PROBABILITY_TOLERANCE = 1e-12;

/** Judges an exposure with one configuration. */
export function judgeExposure(exposure: FlagExposure, judge: FlagJudge): Judgement {
  const { attributes, choice, flag, isAnonymous, retyped, subject, timeMs } = exposure;
  const key = isAnonymous ? "" : subject;
  const decision = judge.decide(flag, { key, attributes, retyped }, timeMs, true);
  if (decision.kind === "no-flag") return { kind: "no-such-flag", detail: null };
  if (decision.missing !== null) return { kind: "attributes-missing", detail: decision.missing };
  if (decision.kind === "unresolved") return { kind: "unresolved", detail: decision.reason };
  return choice === null
    ? judgeAssignment(exposure, decision, judge.noVariation)
    : judgeChoice(exposure, choice, decision, judge);
}

function judgeAssignment(
  exposure: FlagExposure,
  decision: Decision,
  noVariation: string | null,
): Judgement {
  const { isAssignment } = exposure;
  const variation = exposure.variation ?? (isAssignment ? noVariation : null);
  // The flag's own exposure is the last one. An event without a name matches it.
  // Not `findLast`, because warehouses may run older JavaScript engines.
  for (let i = decision.exposures.length - 1; i >= 0; i--) {
    const expected = decision.exposures[i] as ExposureBase; // i < length
    if (isSameExperiment(exposure, expected)) {
      return judgeVariation(variation, expected.variation);
    }
  }
  const isDecided = isAssignment && decision.kind !== "error";
  if (isDecided && variation === (decision.variation ?? noVariation)) return RIGHT;
  return { kind: "not-in-experiment", detail: decision.reason ?? textOf(decision) };
}

function judgeVariation(logged: string | null, expected: string | null): Judgement {
  return logged === expected ? RIGHT : { kind: "wrong-variation", detail: expected };
}

/** Compares the experiment, the allocation or both, because events may lack either. */
function isSameExperiment(
  { allocation, experiment, flag }: FlagExposure,
  exposure: ExposureBase,
): boolean {
  // Vendors' tables may name an experiment by its flag.
  if (experiment === null || (exposure.experiment === null && experiment === flag)) {
    return allocation === null || allocation === exposure.allocation;
  }
  if (exposure.experiment !== null) return experiment === exposure.experiment;
  const own = `${exposure.allocation}`;
  // Comparing with `${flag}-${own}` would be slower, because it has to copy the strings.
  return (
    experiment.length === flag.length + 1 + own.length &&
    experiment[flag.length] === "-" &&
    experiment.startsWith(flag) &&
    experiment.endsWith(own)
  );
}

function textOf({ allocation, variation }: Decision): string {
  return allocation === null ? `${variation}` : `${variation} by ${allocation}`;
}

function judgeChoice(
  { attributes, flag, subject }: FlagExposure,
  { action, actions, banditKey, modelVersion, probability }: LoggedChoice,
  { reason, value }: Decision,
  judge: FlagJudge,
): Judgement {
  const bandit = judge.configuration.bandits?.behind(flag, value) ?? null;
  if (bandit === null) {
    const gap = judge.modelGapOf(flag, banditKey);
    if (gap !== null) return { kind: "unresolved", detail: gap };
    return { kind: "not-in-experiment", detail: reason ?? "there is no bandit" };
  }
  // A single action is always chosen, whatever the attributes. The choice contains the model version.
  const scored = attributes as Readonly<Record<string, string>>;
  const known = bandit.choose(flag, subject, scored, [action])?.modelVersion ?? null;
  if (modelVersion !== null && modelVersion !== known) {
    return { kind: "wrong-model", detail: known };
  }
  if (actions === null) return { kind: "attributes-missing", detail: "actions" };
  const choice = bandit.choose(
    flag,
    subject,
    scored,
    actions as Readonly<Record<string, typeof scored>>, // anything but an object is scored like an empty object
  );
  if (choice === null || choice.action !== action) {
    return { kind: "wrong-action", detail: choice?.action ?? null };
  }
  const { actionProbability } = choice;
  if (probability === null || Math.abs(probability - actionProbability) <= PROBABILITY_TOLERANCE) {
    return RIGHT;
  }
  return { kind: "wrong-probability", detail: String(actionProbability) };
}
