import { flattened } from "../../conditions/bandit-subject.js";
import type { EvaluationError } from "../../errors/errors.js";
import { keyName, messageOf } from "../../errors/guard.js";
import { type ExposureOutcome, NOT_LOGGED } from "../../events/exposure-outcome.js";
import type { Exposures } from "../../events/exposures.js";
import type { BanditActions, BanditStep, BanditSubject } from "../../model/bandit.js";
import type { Configuration } from "../../model/configuration.js";
import type { Evaluation } from "../../model/evaluation.js";
import { type EvaluationOrigin, originOf } from "../../model/evaluation-origin.js";
import type { Diagnostics } from "../../runtime/diagnostics.js";
import type { ConfigurationStore } from "../lifecycle/configuration-store.js";
import { isFlag, isObject } from "./argument-kinds.js";
import { furtherExposuresOf } from "./assignment-details.js";
import { Call } from "./call.js";
import type { CallEvaluator } from "./call-evaluator.js";
import { asEvaluationError } from "./evaluation-errors.js";
import { ACTIONS_TEXT, noBanditText } from "./mistake-texts.js";
import type { Mistakes } from "./mistakes.js";

/** A variation, and the action chosen by the bandit behind it. */
export interface BanditResult {
  readonly variation: string;
  /**
   * `null` if there is no bandit, there are no actions, or the bandit fails. In these cases, show what you would show
   * without a bandit.
   */
  readonly action: string | null;
}

/** A variation and an action with details. */
export interface BanditDetails<Details = object> extends BanditResult, EvaluationOrigin {
  /** The dialect's own record of the evaluation, including the bandit and its action. */
  readonly evaluationDetails: Details;
  /** As for assignments, or `error` if the bandit failed. */
  readonly reason: EvaluationOrigin["reason"];
  /** Outcome of the assignment's exposure. */
  readonly exposure: ExposureOutcome;
  /** Outcomes of other exposures of this evaluation, as for assignments. */
  readonly furtherExposures?: readonly ExposureOutcome[];
  /** Outcome of the bandit's exposure, or `default` if the bandit made no choice. */
  readonly banditExposure: ExposureOutcome;
}

/** The arguments of {@link BanditEvaluator.choose}. */
export interface BanditRequest {
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly subject: BanditSubject | null | undefined;
  readonly actions: BanditActions;
  readonly defaultValue: string;
  readonly wantsDetails: boolean;
}

const NO_ATTRIBUTES: BanditSubject = /* @__PURE__ */ Object.freeze({});

/** Outcome of a call. `details` is `null` unless details were requested. */
export type BanditOutcome<Details extends object> = Omit<
  BanditDetails<Details>,
  "evaluationDetails"
> & { readonly details: Details | null };

/** The assignment of a bandit call. */
interface Assigned<Details extends object> extends EvaluationOrigin {
  readonly value: string;
  readonly call: Call<Details>;
  readonly evaluation: Evaluation;
  /** `null` unless details were requested. */
  readonly details: Details | null;
  readonly exposure: ExposureOutcome;
}

export interface BanditEvaluatorOptions<Details extends object> {
  readonly evaluator: { readonly calls: CallEvaluator<Details> };
  readonly exposures: Exposures;
  readonly store: ConfigurationStore;
  readonly diagnostics: Diagnostics;
}

/**
 * Evaluates bandit calls: assigns a variation, finds the bandit by the assigned value, chooses an action, and logs the
 * exposures.
 */
export class BanditEvaluator<Details extends object> {
  readonly #options: BanditEvaluatorOptions<Details>;
  readonly #calls: CallEvaluator<Details>;
  readonly #mistakes: Mistakes;

  constructor(options: BanditEvaluatorOptions<Details>) {
    this.#options = options;
    this.#calls = options.evaluator.calls;
    this.#mistakes = this.#calls.options.mistakes;
  }

  /** Returns the variation and the choice of the bandit behind it. Throws only in strict mode. */
  choose(request: BanditRequest): BanditOutcome<Details> {
    const { flagKey } = request;
    const asked = this.#assign(request);
    let result: BanditOutcome<Details>;
    let error: EvaluationError | null = null;
    try {
      result = this.#answer(request, asked);
    } catch (cause) {
      error = this.#failed(cause, flagKey, asked);
      this.#options.diagnostics.debug("bandit failed", { code: error.code, flag: flagKey });
      addToDetails(asked, { kind: "failed", message: messageOf(cause), variation: asked.value });
      result = outcome(asked, { reason: "error", errorCode: error.code });
    }
    const { action } = result;
    this.#calls.onCall?.(asked.call, asked.evaluation, { value: asked.value, action, error });
    return result;
  }

  /** Returns the action with the best score, or the default. Nothing is assigned or logged. */
  best(
    flagKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultAction: string,
  ): string {
    const served = this.#options.store.configuration;
    const bandit = served?.bandits?.first(flagKey) ?? null;
    if (bandit === null) {
      noteNoBandit(this.#mistakes, flagKey, served);
      return defaultAction;
    }
    try {
      noteActions(this.#mistakes, flagKey, actions);
      return bandit.best(subject ?? NO_ATTRIBUTES, actions) ?? defaultAction;
    } catch (cause) {
      this.#failed(cause, flagKey, null);
      return defaultAction;
    }
  }

  /** Assigns a variation, with details if the caller or the client's options request them. */
  #assign({
    defaultValue,
    flagKey,
    subject,
    subjectKey,
    wantsDetails,
  }: BanditRequest): Assigned<Details> {
    const calls = this.#calls;
    const trace = wantsDetails || calls.options.includeDetails ? calls.dialect.createTrace() : null;
    const call = new Call<Details>(calls.options.now, calls.mistakes);
    call.begin(flagKey, subjectKey, null, "string", calls.store.configuration, trace);
    let failure: Evaluation | null = null;
    try {
      call.subject.attributes = flattened(subject); // may throw, because the caller's attributes may have getters
    } catch (cause) {
      failure = calls.failed(cause, call);
    }
    const evaluation = failure ?? calls.evaluate(call);
    const details = trace === null ? null : calls.detailsOf(call, evaluation, trace);
    return {
      value: calls.valueOf(evaluation, call, defaultValue),
      call,
      evaluation,
      ...originOf(call, evaluation),
      details,
      exposure: calls.exposures.record(call, evaluation, details),
    };
  }

  #answer(
    { actions, flagKey, subject, subjectKey }: BanditRequest,
    asked: Assigned<Details>,
  ): BanditOutcome<Details> {
    const { call, details, value } = asked;
    // The look-up uses the returned value, so a default equal to a bandit's variation runs the bandit too.
    const bandit = call.served?.bandits?.behind(flagKey, value) ?? null;
    if (bandit === null) {
      if (asked.errorCode === null) noteNoBandit(this.#mistakes, flagKey, call.served);
      return outcome(asked, {});
    }
    addToDetails(asked, { kind: "reached", banditKey: bandit.key });
    noteActions(this.#mistakes, flagKey, actions);
    const choice = bandit.choose(flagKey, subjectKey, subject ?? NO_ATTRIBUTES, actions);
    // Quirk: an action with an empty name is treated as no action (eppo).
    if (choice === null || choice.action === "") return outcome(asked, {});
    const { action } = choice;
    const banditExposure = this.#options.exposures.recordBandit(choice, call, details);
    addToDetails(asked, { kind: "chosen", action });
    return outcome(asked, { action, banditExposure });
  }

  /**
   * Counts and reports that the bandit behind a flag failed. Throws in strict mode.
   *
   * @param asked - the assignment, or `null` without one.
   */
  #failed(cause: unknown, flagKey: string, asked: Assigned<Details> | null): EvaluationError {
    const calls = this.#calls;
    const error = asEvaluationError(cause, flagKey);
    calls.mistakes.noteError(error, flagKey, true);
    if (calls.mode.isGraceful) return error;
    if (asked !== null) {
      calls.onCall?.(asked.call, asked.evaluation, { value: undefined, error });
    }
    throw error;
  }
}

/** Reports actions that are a list of objects, which have no names. */
function noteActions(mistakes: Mistakes, flagKey: string, actions: unknown): void {
  if (!Array.isArray(actions) || !isObject(actions[0])) return;
  mistakes.report(flagKey, "invalid actions", () => ({ message: ACTIONS_TEXT }));
}

/** Reports a flag without a bandit that could choose. Unknown flags are reported by `noteUnknown`. */
function noteNoBandit(mistakes: Mistakes, flagKey: string, served: Configuration | null): void {
  if ((served?.bandits?.first(flagKey) ?? null) !== null || !isFlag(served, flagKey)) return;
  // A payload of models that the caller passed may be another one, such as the flags.
  const hasModels = served?.payloads.some((it) => it.part === "bandits" && it.from === "static");
  const describe = () => ({ message: noBanditText(keyName(flagKey), hasModels === true) });
  mistakes.report(flagKey, "flag without a bandit", describe);
}

function addToDetails<Details extends object>(
  { call, details }: Assigned<Details>,
  step: BanditStep,
): void {
  if (details !== null) call.served?.bandits?.addToDetails?.(details, step);
}

function outcome<Details extends object>(
  asked: Assigned<Details>,
  own: Partial<Pick<BanditDetails, "action" | "reason" | "errorCode" | "banditExposure">>,
): BanditOutcome<Details> {
  const { value, call, details, exposure } = asked;
  return {
    variation: value,
    action: own.action ?? null,
    isDefault: asked.isDefault,
    reason: own.reason ?? asked.reason,
    errorCode: own.errorCode ?? asked.errorCode,
    variationKey: asked.variationKey,
    allocationKey: asked.allocationKey,
    details,
    exposure,
    banditExposure: own.banditExposure ?? NOT_LOGGED.default,
    ...furtherExposuresOf(call),
  };
}
