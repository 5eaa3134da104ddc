import type { Attributes, Configuration } from "@sortition/core";
import {
  type CompiledFlag,
  type ExposureBase,
  messageOf,
  type Scope,
  type ValueType,
} from "@sortition/core/dialect";
import type { JsonObject } from "../evaluate/request.js";
import type { ExperimentNames } from "./experiment-names.js";
import { WatchedAttributes } from "./watched-attributes.js";

/** How subjects are evaluated in a dialect. It is all that the functions of warehouses have of {@link JudgeSupport}. */
export interface JudgeRules {
  /** Attributes that the key of the subject stands for. */
  readonly keyAttributes: readonly string[];
  /** The type that flags without one of their own are asked for as; `null`: any. */
  readonly askedType: ValueType | null;
  /** The attributes as an evaluation reads them first; they are logged as the caller gave them. */
  attributesOf(attributes: JsonObject): JsonObject;
  /** What exposures name as the variation of a subject whom a flag gives none; absent: nothing. */
  readonly noVariation?: string;
}

/** What a dialect adds to the commands that evaluate subjects without a request. */
export interface JudgeSupport extends JudgeRules {
  /** Whether an answer to {@link askedType} has the value of its variation; else the description of the variation does. */
  readonly answersHaveValues: boolean;
  /** The experiments of a configuration, by the names that exposures have. */
  experiments(configuration: Configuration): ExperimentNames;
  /** Whether a flag may depend on others: then it may change its answer while it stays the same. */
  readonly hasDependencies: boolean;
  /** The attribute whose values a flag hashes in place of the subject's key; `null`: the key. Absent: always the key. */
  unitOf?(flag: CompiledFlag, configuration: Configuration): string | null;
  /**
   * Reads a subject from a row, which is a request of `sortition evaluate` without the flag, or has `subjectKey` and
   * `subjectAttributes`.
   *
   * @throws RequestError that names what is missing or wrong.
   */
  subjectOf(row: JsonObject): JudgedSubject;
}

export interface JudgedSubject {
  /** Empty: it has none, and is hashed by an attribute. */
  readonly key: string;
  readonly attributes: JsonObject;
}

/** What a configuration gives to a subject. */
export interface Decision {
  readonly kind: "assigned" | "default" | "error" | "no-flag";
  /** `null` unless it is assigned. */
  readonly variation: string | null;
  readonly allocation: string | null;
  /** As JSON if {@link isJson}. */
  readonly value: unknown;
  readonly isJson: boolean;
  /** What would have been logged: those that were met on the way, then the flag's own. */
  readonly exposures: readonly ExposureBase[];
  /** The flag's own one; `null`: none. */
  readonly exposure: ExposureBase | null;
  /** Why there is no assignment: the reason of a default, or the message of an error. */
  readonly reason: string | null;
  /** An attribute that the flag read and the subject does not have; `null`: none, or reads were not watched. */
  readonly missing: string | null;
}

const NO_FLAG: Decision = {
  kind: "no-flag",
  variation: null,
  allocation: null,
  value: undefined,
  isJson: false,
  exposures: [],
  exposure: null,
  reason: null,
  missing: null,
};

/** Evaluates flags of one configuration as a client does, without a client. */
export class FlagJudge {
  readonly configuration: Configuration;
  readonly #rules: JudgeRules;
  readonly #watched: WatchedAttributes;

  constructor(configuration: Configuration, rules: JudgeRules) {
    this.configuration = configuration;
    this.#rules = rules;
    this.#watched = new WatchedAttributes((name) => rules.keyAttributes.includes(name));
  }

  /** See {@link JudgeSupport.noVariation}. */
  get noVariation(): string | null {
    return this.#rules.noVariation ?? null;
  }

  /** @param isWatched - whether {@link Decision.missing} is wanted, which takes time. */
  decide(flagKey: string, subject: JudgedSubject, nowMs: number, isWatched: boolean): Decision {
    const { configuration } = this;
    const { askedType, attributesOf } = this.#rules;
    const flag = configuration.flag(flagKey);
    if (flag === null) return NO_FLAG;
    const { valueType } = flag;
    const own = valueType === "unknown" ? null : valueType;
    const exposures: ExposureBase[] = [];
    const scope = new JudgeScope(configuration, nowMs, own ?? askedType, exposures);
    const given = attributesOf(subject.attributes);
    const attributes = isWatched ? this.#watched.of(given) : (given as Attributes); // any JSON is one
    const missing = (): string | null => (isWatched ? this.#watched.missing : null);
    try {
      const evaluation = flag.evaluate({ key: subject.key, attributes }, scope);
      if (evaluation.kind === "default") {
        return {
          ...NO_FLAG,
          kind: "default",
          exposures,
          reason: evaluation.reason,
          missing: missing(),
        };
      }
      const { exposure } = evaluation;
      if (exposure !== null) exposures.push(exposure);
      if (evaluation.kind === "error") {
        const reason = evaluation.error.message;
        return { ...NO_FLAG, kind: "error", exposures, exposure, reason, missing: missing() };
      }
      const { allocation, json, value, variation } = evaluation;
      return {
        kind: "assigned",
        variation,
        allocation,
        value: json ?? value,
        isJson: json !== null,
        exposures,
        exposure,
        reason: null,
        missing: missing(),
      };
    } catch (error) {
      return { ...NO_FLAG, kind: "error", exposures, reason: messageOf(error), missing: missing() };
    }
  }
}

/** What one evaluation sees. */
class JudgeScope implements Scope {
  readonly trace = null;
  readonly extras = null;
  #memo: Map<unknown, unknown> | null = null;
  readonly #nowMs: number;
  readonly #exposures: ExposureBase[];

  constructor(
    readonly configuration: Configuration,
    nowMs: number,
    readonly expectedType: ValueType | null,
    exposures: ExposureBase[],
  ) {
    this.#nowMs = nowMs;
    this.#exposures = exposures;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  memo(): Map<unknown, unknown> {
    this.#memo ??= new Map();
    return this.#memo;
  }

  expose(exposure: ExposureBase): void {
    this.#exposures.push(exposure);
  }

  /** Subjects have keys of their own here. */
  hashedBy(): void {}
}
