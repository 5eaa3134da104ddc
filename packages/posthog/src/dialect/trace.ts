import type { Answer, Recorder, Trace } from "@sortition/core/dialect";
import { reasonOf, type Tri, type UnresolvedReason } from "./condition/tri.js";
import type { DecidedBy, Outcome } from "./evaluation/outcome.js";
import type { ServedFlag } from "./served-flag.js";

/** The details of a call that PostHog's SDK reports. */
export interface PosthogDetails {
  /** The requested key. */
  readonly key: string;
  /** `false`, `true` or the key of a variant. `null` if the flag has no value. */
  readonly value: boolean | string | null;
  /** The payload of the value. `null` if there is none. */
  readonly payload: unknown;
  /** `null` if the flag has no value. */
  readonly reason: "Evaluated locally" | null;
  /** `flag_disabled` if the flag is not active. */
  readonly reasonCode: "flag_disabled" | null;
  /** Why local evaluation could not decide. `null` if it did, or if there is no such flag. */
  readonly unresolvedReason: UnresolvedReason | null;
  /** Index of the condition that decided, or `holdout`. `null` if the flag is off. */
  readonly decidedBy: DecidedBy;
  /** Id of the flag. `null` if it has none. */
  readonly flagId: number | null;
  /** Whether it is linked to an experiment. `null` if unknown. */
  readonly hasExperiment: boolean | null;
}

/** Records one evaluation. */
export class PosthogTrace implements Trace<PosthogDetails> {
  #flag: ServedFlag | null = null;
  #outcome: Outcome | Tri | null = null;

  /** @param onAnswer - called with the completed call, for explanations. */
  constructor(
    readonly recorder: Recorder | null = null,
    readonly onAnswer: ((answer: Answer) => void) | null = null,
  ) {}

  record(flag: ServedFlag, outcome: Outcome | Tri): void {
    this.#flag = flag;
    this.#outcome = outcome;
  }

  details(answer: Answer): PosthogDetails {
    this.onAnswer?.(answer);
    const outcome = this.#outcome;
    const definition = this.#flag?.definition;
    const result = typeof outcome === "object" ? outcome : null;
    const { id, hasExperiment } = definition ?? {};
    return {
      key: answer.flagKey,
      value: result?.value ?? null,
      payload: result?.payload ?? null,
      reason: result === null ? null : "Evaluated locally",
      reasonCode: result !== null && definition?.isDisabled ? "flag_disabled" : null,
      unresolvedReason: typeof outcome === "number" ? reasonOf(outcome) : null,
      decidedBy: result?.decidedBy ?? null,
      flagId: typeof id === "number" ? id : null,
      hasExperiment: typeof hasExperiment === "boolean" ? hasExperiment : null,
    };
  }
}
