import { plainOutcome } from "../events/exposure-outcome.js";
import type { Attributes } from "../model/attributes.js";
import type { BanditActions, BanditSubject } from "../model/bandit.js";
import type { Configuration } from "../model/configuration.js";
import type { Answers } from "./evaluation/answers.js";
import type { AssignmentDetails } from "./evaluation/assignment-details.js";
import {
  type BanditDetails,
  BanditEvaluator,
  type BanditEvaluatorOptions,
  type BanditResult,
} from "./evaluation/bandit-evaluator.js";
import type { EvaluationRequest } from "./evaluation/evaluation-request.js";

const NO_KEYS: ReadonlySet<string> = new Set();

type Given = Attributes | null | undefined;

/** The getters of all clients, over a port. */
export abstract class Getters<Details extends object, Extras> {
  readonly #answers: Answers<Details>;
  readonly #banditParts: BanditEvaluatorOptions<Details>;
  #bandits: BanditEvaluator<Details> | null = null;

  constructor(answers: Answers<Details>, banditParts: BanditEvaluatorOptions<Details>) {
    this.#answers = answers;
    this.#banditParts = banditParts;
  }

  abstract getConfiguration(): Configuration | null;

  getBooleanAssignment(key: string, subject: string, attributes: Given, other: boolean): boolean {
    return this.#answers.assign(key, subject, attributes, other, "boolean");
  }

  getIntegerAssignment(key: string, subject: string, attributes: Given, other: number): number {
    return this.#answers.assign(key, subject, attributes, other, "integer");
  }

  getNumericAssignment(key: string, subject: string, attributes: Given, other: number): number {
    return this.#answers.assign(key, subject, attributes, other, "numeric");
  }

  getStringAssignment(key: string, subject: string, attributes: Given, other: string): string {
    return this.#answers.assign(key, subject, attributes, other, "string");
  }

  getJSONAssignment<T extends object | null>(
    key: string,
    subject: string,
    attributes: Given,
    other: T,
  ): T {
    return this.#answers.assign(key, subject, attributes, other, "json");
  }

  getBooleanAssignmentDetails(
    key: string,
    subject: string,
    attributes: Given,
    other: boolean,
  ): AssignmentDetails<boolean, Details> {
    return this.#answers.assignWithDetails(key, subject, attributes, other, "boolean");
  }

  getIntegerAssignmentDetails(
    key: string,
    subject: string,
    attributes: Given,
    other: number,
  ): AssignmentDetails<number, Details> {
    return this.#answers.assignWithDetails(key, subject, attributes, other, "integer");
  }

  getNumericAssignmentDetails(
    key: string,
    subject: string,
    attributes: Given,
    other: number,
  ): AssignmentDetails<number, Details> {
    return this.#answers.assignWithDetails(key, subject, attributes, other, "numeric");
  }

  getStringAssignmentDetails(
    key: string,
    subject: string,
    attributes: Given,
    other: string,
  ): AssignmentDetails<string, Details> {
    return this.#answers.assignWithDetails(key, subject, attributes, other, "string");
  }

  getJSONAssignmentDetails<T extends object | null>(
    key: string,
    subject: string,
    attributes: Given,
    other: T,
  ): AssignmentDetails<T, Details> {
    return this.#answers.assignWithDetails(key, subject, attributes, other, "json");
  }

  evaluate(request: EvaluationRequest<Extras>): AssignmentDetails<unknown, Details> {
    return this.#answers.evaluateFor(request);
  }

  getBanditAction(
    flagKey: string,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: string,
  ): BanditResult {
    const request = { flagKey, subjectKey, subject, actions, defaultValue, wantsDetails: false };
    const { variation, action } = this.#banditEvaluator().choose(request);
    return { variation, action };
  }

  getBanditActionDetails(
    flagKey: string,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: string,
  ): BanditDetails<Details> {
    const request = { flagKey, subjectKey, subject, actions, defaultValue, wantsDetails: true };
    const { variation, action, details, ...rest } = this.#banditEvaluator().choose(request);
    return {
      variation,
      action,
      evaluationDetails: details as Details, // details were requested
      ...rest,
      exposure: plainOutcome(rest.exposure),
      banditExposure: plainOutcome(rest.banditExposure),
    };
  }

  getBestAction(
    flagKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultAction: string,
  ): string {
    return this.#banditEvaluator().best(flagKey, subject, actions, defaultAction);
  }

  getFlagKeys(): ReadonlySet<string> {
    return this.getConfiguration()?.flagKeys ?? NO_KEYS;
  }

  getBanditKeys(): ReadonlySet<string> {
    return this.getConfiguration()?.bandits?.keys ?? NO_KEYS;
  }

  isInitialized(): boolean {
    return this.getConfiguration() !== null;
  }

  /** Created for the first call with a bandit, because few clients use bandits. */
  #banditEvaluator(): BanditEvaluator<Details> {
    this.#bandits ??= new BanditEvaluator(this.#banditParts);
    return this.#bandits;
  }
}
