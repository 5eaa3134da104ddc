import type { ExposureBase } from "@sortition/core/dialect";
import type { FlagExposure, LoggedChoice } from "../events/exposure-row.js";
import type { Decision, FlagJudge } from "../judge/flag-judge.js";

/** How a logged exposure compares with a configuration. */
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

/** One of {@link KINDS}. */
export type Kind = (typeof KINDS)[number];

/** Kinds of exposures of which nothing can be said, because something is missing. */
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
   * What the configuration gives, for people; the attribute that is missing; why the flag cannot be decided; the revision
   * that gives what was logged.
   */
  readonly detail: string | null;
}

const RIGHT: Judgement = { kind: "right", detail: null };
/** Probabilities are compared as doubles that were written as decimals. */
const PROBABILITY_TOLERANCE = 1e-12;

/** Judges an exposure by one configuration. */
export function judgeExposure(exposure: FlagExposure, judge: FlagJudge): Judgement {
  const { attributes, choice, flag, isAnonymous, subject, timeMs } = exposure;
  const key = isAnonymous ? "" : subject;
  const decision = judge.decide(flag, { key, attributes }, timeMs, true);
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
  // The flag's own exposure is the last one: an event that names nothing is that.
  // Not `findLast`: warehouses may run JavaScript that is older.
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

/** Events name the experiment, the allocation or both. */
function isSameExperiment(
  { allocation, experiment, flag }: FlagExposure,
  exposure: ExposureBase,
): boolean {
  if (experiment === null) return allocation === null || allocation === exposure.allocation;
  if (exposure.experiment !== null) return experiment === exposure.experiment;
  const own = `${exposure.allocation}`;
  // Not `${flag}-${own}`: to compare a joined string, it has to be copied first.
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
  // Any attributes are scored, and a single action is always chosen: the choice has the version of the model.
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
    actions as Readonly<Record<string, typeof scored>>, // what is not an object is scored as one without members
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
