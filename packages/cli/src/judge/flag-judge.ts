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
import type { ReadsOf } from "./flag-reads.js";
import { WatchedAttributes } from "./watched-attributes.js";

/** How subjects are evaluated in a dialect. It is all that the functions of warehouses have of {@link JudgeSupport}. */
export interface JudgeRules {
  /** Attributes that the key of the subject stands for. */
  readonly keyAttributes: readonly string[];
  /** The type that flags without one of their own are asked for as; `null`: any. */
  readonly askedType: ValueType | null;
  /** The attributes as an evaluation reads them first; they are logged as the caller gave them. */
  attributesOf(attributes: JsonObject): JsonObject;
  /** The attributes of a subject whose columns a table has side by side. Absent: they stay. */
  ofColumns?(attributes: JsonObject): JsonObject;
  /** What exposures name as the variation of a subject whom a flag gives none; absent: nothing. */
  readonly noVariation?: string;
  /** What the configuration lacks to decide a flag; `null`: nothing. Absent: always nothing. */
  gapOf?(flagKey: string, configuration: Configuration): FlagGap | null;
  /**
   * Says that the model of a bandit behind a flag is not there; `null`: it is, or there is no such bandit.
   *
   * @param banditKey - `null`: any bandit behind the flag.
   */
  modelGapOf?(
    flagKey: string,
    banditKey: string | null,
    configuration: Configuration,
  ): string | null;
}

/** Something that a flag reads, and that the configuration does not contain. */
export interface FlagGap {
  /** A sentence about the flag, without its end. */
  readonly problem: string;
  /**
   * The same configuration, completed in different ways. A flag that gives the same in all of them is decided. Empty: the
   * evaluation itself notices what is missing.
   */
  readonly completed: readonly Configuration[];
}

/**
 * What rules compare attributes with, by the path of the attribute: `number`, `boolean`, `string`, `absent`, or any other
 * name for what leaves the type open, such as `hash` for an attribute that is hashed.
 */
export type Comparisons = ReadonlyMap<string, ReadonlySet<string>>;

/** What a dialect adds to the commands that evaluate subjects without a request. */
export interface JudgeSupport extends JudgeRules {
  /** Whether an answer to {@link askedType} has the value of its variation; else the description of the variation does. */
  readonly answersHaveValues: boolean;
  /** The experiments of a configuration, by the names that exposures have. */
  experiments(configuration: Configuration): ExperimentNames;
  /** Whether a flag may depend on others: then it may change its answer while it stays the same. */
  readonly hasDependencies: boolean;
  /** Finds what a flag reads. */
  readonly readsOf: ReadsOf;
  /** The attribute whose values a flag hashes in place of the subject's key; `null`: the key. Absent: always the key. */
  unitOf?(flag: CompiledFlag, configuration: Configuration): string | null;
  /** What rules compare attributes with, where a value of another type never equals. Absent: types are converted. */
  comparisons?(configuration: Configuration): Comparisons;
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
  readonly kind: "assigned" | "default" | "unresolved" | "error" | "no-flag";
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
  /** Why there is no assignment: the reason of a default, the message of an error, or why the flag cannot be decided. */
  readonly reason: string | null;
  /** An attribute that the flag read and the subject does not have; `null`: none, or reads were not watched. */
  readonly missing: string | null;
}

const UNRESOLVED = "it cannot be decided with the given data";
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
  readonly #gaps = new Map<string, FlagGap | null>();

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
    const decision = this.#decideIn(this.configuration, flagKey, subject, nowMs, isWatched);
    const gap = this.gapOf(flagKey);
    if (gap === null) return decision;
    const isOpen =
      decision.kind === "unresolved" ||
      gap.completed.some((it) => {
        const other = this.#decideIn(it, flagKey, subject, nowMs, false);
        return other.kind !== decision.kind || other.variation !== decision.variation;
      });
    return isOpen ? { ...NO_FLAG, kind: "unresolved", reason: gap.problem } : decision;
  }

  /** See {@link JudgeRules.modelGapOf}. */
  modelGapOf(flagKey: string, banditKey: string | null): string | null {
    return this.#rules.modelGapOf?.(flagKey, banditKey, this.configuration) ?? null;
  }

  /** See {@link JudgeRules.gapOf}. */
  gapOf(flagKey: string): FlagGap | null {
    if (this.#rules.gapOf === undefined) return null;
    const known = this.#gaps.get(flagKey);
    if (known !== undefined) return known;
    const gap = this.#rules.gapOf(flagKey, this.configuration);
    this.#gaps.set(flagKey, gap);
    return gap;
  }

  #decideIn(
    configuration: Configuration,
    flagKey: string,
    subject: JudgedSubject,
    nowMs: number,
    isWatched: boolean,
  ): Decision {
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
        const isUnresolved = evaluation.reason === "unresolved";
        return {
          ...NO_FLAG,
          kind: isUnresolved ? "unresolved" : "default",
          exposures,
          reason: isUnresolved ? UNRESOLVED : evaluation.reason,
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
