import type { Answer, Configuration, Recorder, Trace } from "@sortition/core/dialect";
import type { EvaluatedConfiguration } from "./evaluation/evaluation-call.js";
import { holdoutIn } from "./evaluation/holdout.js";
import type { Outcome } from "./evaluation/outcome.js";

/**
 * What decided, in Statsig's words. `rule`, `group` and `default`: a rule, the group of an experiment, or no rule.
 * `override`: the user is listed. `holdout`, `layerAssignment`, `prestart`, `targetingGate` and `inlineTargetingRules`:
 * why a user is not in an experiment. `abandoned` and `launchedGroup`: the experiment is decided. `disabled`: it is off.
 * `unsupported`: the vendor's SDK does not know a condition. `unresolved`: a lookup is missing, or only the vendor's SDK can match a pattern. `error`: the definition
 * is malformed or requires itself. `unrecognized`: there is no such flag. `uninitialized`: there are no definitions yet.
 */
export type StatsigReason =
  | "rule"
  | "group"
  | "default"
  | "override"
  | "holdout"
  | "layerAssignment"
  | "prestart"
  | "targetingGate"
  | "inlineTargetingRules"
  | "abandoned"
  | "launchedGroup"
  | "disabled"
  | "unsupported"
  | "unresolved"
  | "error"
  | "unrecognized"
  | "uninitialized";

/** The details of a call that Statsig's SDKs report. */
export interface StatsigDetails {
  readonly reason: StatsigReason;
  /** Empty if nothing was assigned. */
  readonly ruleID: string;
  readonly groupName: string | null;
  /** The experiment that decided a layer, or `null`. */
  readonly allocatedExperimentName: string | null;
}

/** Rules that mean the same in every experiment. */
const FIXED: readonly StatsigReason[] = [
  ...(["default", "disabled", "holdout", "layerAssignment", "prestart"] as const),
  ...(["targetingGate", "inlineTargetingRules", "abandoned", "launchedGroup"] as const),
];

/** Records one evaluation. */
export class StatsigTrace implements Trace<StatsigDetails> {
  #outcome: Outcome | null = null;

  /** @param onAnswer - called with the completed call, for explanations. */
  constructor(
    readonly recorder: Recorder | null = null,
    readonly onAnswer: ((answer: Answer) => void) | null = null,
  ) {}

  record(outcome: Outcome): void {
    this.#outcome = outcome;
  }

  details(answer: Answer): StatsigDetails {
    this.onAnswer?.(answer);
    const { delegate = null, groupName = null, ruleId = "" } = this.#outcome ?? {};
    const reason = this.#reasonOf(answer);
    return { reason, ruleID: ruleId, groupName, allocatedExperimentName: delegate };
  }

  #reasonOf({ configuration, evaluation }: Answer): StatsigReason {
    const outcome = this.#outcome;
    if (outcome === null) {
      if (evaluation.kind !== "default") return "error";
      return evaluation.reason === "not-initialized" ? "uninitialized" : "unrecognized";
    }
    if (outcome.kind !== "decided") return outcome.kind;
    const { isGroup, rule, ruleId } = outcome;
    const fixed = FIXED.find((it) => it === ruleId);
    if (fixed !== undefined) return fixed;
    if (/(^|:)(id_override|gate_override)$|^pass:|^fail:/.test(ruleId)) return "override";
    // A configuration with a rule always belongs to this dialect.
    const read = configuration as (Configuration & EvaluatedConfiguration) | null;
    if (rule !== null && read !== null && holdoutIn(rule, read) !== null) return "holdout";
    return isGroup ? "group" : "rule";
  }
}
