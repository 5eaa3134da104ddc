import type { Attributes, Configuration } from "@sortition/core";
import type { ExposureBase, Scope, ValueType } from "@sortition/core/dialect";
import { messageOf } from "@sortition/core/dialect-internal";
import type { JsonObject } from "../evaluate/request.js";
import { madeOnce } from "../made-once.js";
import type { ExperimentNames } from "./experiment-names.js";
import { WatchedAttributes } from "./watched-attributes.js";

/** How a dialect evaluates subjects: the part of {@link JudgeSupport} that warehouse functions contain. */
export interface JudgeRules {
  /** Names of attributes that no subject lacks, because they mean its key or have a default. */
  readonly keyAttributes: readonly string[];
  /** For flags that declare no type, the type to request; `null`: any type. */
  readonly askedType: ValueType | null;
  /** Converts attributes before an evaluation reads them. Exposures contain them as the caller passed them. */
  attributesOf(attributes: JsonObject): JsonObject;
  /**
   * Converts the columns of a table to a subject's attributes. Those whose names have dots are also nested. Absent: they are
   * used unchanged.
   *
   * @param key - the key of the subject.
   */
  ofColumns?(attributes: JsonObject, key: string): JsonObject;
  /** The variation that exposures contain if a flag assigns none. Absent: exposures contain no variation. */
  readonly noVariation?: string;
  /**
   * Returns data that a flag needs and the configuration lacks; `null` if it is complete. Absent if configurations
   * are always complete.
   */
  gapOf?(flagKey: string, configuration: Configuration): FlagGap | null;
  /**
   * Explains that the model of a flag's bandit is missing; `null` if it is present or there is no such bandit.
   *
   * @param banditKey - the bandit; `null` for any bandit of the flag.
   */
  modelGapOf?(
    flagKey: string,
    banditKey: string | null,
    configuration: Configuration,
  ): string | null;
}

/** Something that a flag reads but the configuration does not contain. */
export interface FlagGap {
  /** A clause such as `the flag reads …`, without a full stop. */
  readonly problem: string;
  /**
   * Copies of the configuration that fill the gap in different ways. If a flag has the same result in all of them,
   * the gap does not matter. Empty if the evaluation itself detects missing data.
   */
  readonly completed: readonly Configuration[];
}

/**
 * The types that rules compare attributes with, by attribute path: `number`, `boolean`, `string`, `absent`, or any other
 * name for a use that leaves the type open, such as `hash` for a hashed attribute.
 */
export type Comparisons = ReadonlyMap<string, ReadonlySet<string>>;

/** The dialect-specific parts of commands that evaluate subjects without a request. */
export interface JudgeSupport extends JudgeRules {
  /** Whether results for {@link askedType} contain the variation's value. If not, it is in the variation's description. */
  readonly answersHaveValues: boolean;
  /** The experiments of a configuration, by their names in exposures. */
  experiments(configuration: Configuration): ExperimentNames;
  /** Whether flags may depend on others, so that the result of an unchanged flag may change. */
  readonly hasDependencies: boolean;
  /** The variation in events of subjects with several variations, which is not a variation of the flag. */
  readonly severalVariations?: string;
  /** The types that rules compare attributes with. Absent if the dialect converts types before it compares values. */
  comparisons?(configuration: Configuration): Comparisons;
  /**
   * Reads a subject from a row, which is either a request of `sortition evaluate` without the flag or an object with
   * `subjectKey` and `subjectAttributes`.
   *
   * @throws RequestError with the missing or invalid member.
   */
  subjectOf(row: JsonObject): JudgedSubject;
}

export interface JudgedSubject {
  /** The subject's key. It is empty if the subject has none and flags hash an attribute. */
  readonly key: string;
  readonly attributes: JsonObject;
  /** The attributes with the other types that cells of CSV may have had. If the result depends on them, it is unresolved. */
  readonly retyped?: readonly Retyped[] | undefined;
}

/** Attributes in which one cell of CSV has another type. */
export interface Retyped {
  readonly attributes: JsonObject;
  /** Explains that the cell's type is unknown, as a clause. It contains no value of a subject. */
  readonly problem: string;
}

/** The result of a flag for one subject. */
export interface Decision {
  readonly kind: "assigned" | "default" | "unresolved" | "error" | "no-flag";
  /** `null` unless the kind is `assigned`. */
  readonly variation: string | null;
  readonly allocation: string | null;
  /** The value. It is serialized as JSON if {@link isJson} is true. */
  readonly value: unknown;
  readonly isJson: boolean;
  /** Exposures that a client would log: first those of experiments that the evaluation ran on the way, then the flag's own. */
  readonly exposures: readonly ExposureBase[];
  /** The flag's own exposure; `null` if there is none. */
  readonly exposure: ExposureBase | null;
  /** Why nothing is assigned: the reason for the default, an error message, or why the flag cannot be evaluated. */
  readonly reason: string | null;
  /** An attribute that the flag read and the subject lacks; `null` if there is none or reads were not watched. */
  readonly missing: string | null;
}

const NOTHING: ReadonlySet<string> = new Set();
const UNRESOLVED = "the flag cannot be evaluated with the given data";
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

/** Evaluates the flags of one configuration like a client, without creating one. */
export class FlagJudge {
  readonly configuration: Configuration;
  readonly #rules: JudgeRules;
  readonly #watched: WatchedAttributes;
  readonly #gaps = new Map<string, FlagGap | null>();
  readonly #unneededBy: (flagKey: string) => ReadonlySet<string>;

  /** @param unneededBy - what evaluations of a flag read although it does not need it. Default: nothing. */
  constructor(
    configuration: Configuration,
    rules: JudgeRules,
    unneededBy: (flagKey: string) => ReadonlySet<string> = () => NOTHING,
  ) {
    this.configuration = configuration;
    this.#rules = rules;
    this.#unneededBy = unneededBy;
    this.#watched = new WatchedAttributes((name) => rules.keyAttributes.includes(name));
  }

  /** See {@link JudgeSupport.noVariation}. */
  get noVariation(): string | null {
    return this.#rules.noVariation ?? null;
  }

  /** @param watched - the attributes among which to look for {@link Decision.missing}, which takes time; `true`: all. */
  decide(
    flagKey: string,
    subject: JudgedSubject,
    nowMs: number,
    watched: boolean | ReadonlySet<string>,
  ): Decision {
    const decision = this.#decideIn(this.configuration, flagKey, subject, nowMs, watched);
    const open = subject.retyped?.find(({ attributes }) => {
      const typed = { key: subject.key, attributes };
      return !isSame(this.#decideIn(this.configuration, flagKey, typed, nowMs, false), decision);
    });
    if (open !== undefined) return { ...NO_FLAG, kind: "unresolved", reason: open.problem };
    const gap = this.gapOf(flagKey);
    if (gap === null) return decision;
    const isOpen =
      decision.kind === "unresolved" ||
      gap.completed.some(
        (it) => !isSame(this.#decideIn(it, flagKey, subject, nowMs, false), decision),
      );
    return isOpen ? { ...NO_FLAG, kind: "unresolved", reason: gap.problem } : decision;
  }

  /** The attribute of a `bigint` that a flag reads, which an evaluation would round; `null` if there is none. */
  roundedIn(flagKey: string, subject: JudgedSubject, nowMs: number): string | null {
    this.#watched.rounded = null;
    this.#decideIn(this.configuration, flagKey, subject, nowMs, true);
    return this.#watched.rounded;
  }

  /** See {@link JudgeRules.modelGapOf}. */
  modelGapOf(flagKey: string, banditKey: string | null): string | null {
    return this.#rules.modelGapOf?.(flagKey, banditKey, this.configuration) ?? null;
  }

  /** See {@link JudgeRules.gapOf}. */
  gapOf(flagKey: string): FlagGap | null {
    const { gapOf } = this.#rules;
    return gapOf ? madeOnce(this.#gaps, flagKey, () => gapOf(flagKey, this.configuration)) : null;
  }

  #decideIn(
    configuration: Configuration,
    flagKey: string,
    subject: JudgedSubject,
    nowMs: number,
    watched: boolean | ReadonlySet<string>,
  ): Decision {
    const { askedType, attributesOf } = this.#rules;
    const flag = configuration.flag(flagKey);
    if (flag === null) return NO_FLAG;
    const { valueType } = flag;
    const own = valueType === "unknown" ? null : valueType;
    const exposures: ExposureBase[] = [];
    const seen = watched === false ? null : this.#watched;
    const scope = new JudgeScope(configuration, nowMs, own ?? askedType, exposures, seen);
    const given = attributesOf(subject.attributes);
    const attributes =
      watched === false
        ? (given as Attributes) // any JSON value is an attribute
        : this.#watched.of(given, watched === true ? null : watched, this.#unneededBy(flagKey));
    const missing = (): string | null => (watched === false ? null : this.#watched.missing);
    try {
      const evaluation = flag.evaluate({ key: subject.key, attributes }, scope);
      if (evaluation.kind === "default") {
        const isUnresolved = evaluation.reason === "unresolved";
        return {
          ...NO_FLAG,
          kind: isUnresolved ? "unresolved" : "default",
          exposures,
          reason: isUnresolved ? (scope.problem ?? UNRESOLVED) : evaluation.reason,
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

/** Whether two evaluations of a flag have the same result. */
function isSame(one: Decision, other: Decision): boolean {
  return (
    one.kind === other.kind &&
    one.variation === other.variation &&
    one.value === other.value &&
    one.exposure?.experiment === other.exposure?.experiment
  );
}

class JudgeScope implements Scope {
  readonly trace = null;
  readonly extras = null;
  #memo: Map<unknown, unknown> | null = null;
  #mistake: (() => string) | null = null;
  readonly #nowMs: number;
  readonly #exposures: ExposureBase[];
  readonly #watched: WatchedAttributes | null;

  constructor(
    readonly configuration: Configuration,
    nowMs: number,
    readonly expectedType: ValueType | null,
    exposures: ExposureBase[],
    watched: WatchedAttributes | null,
  ) {
    this.#nowMs = nowMs;
    this.#exposures = exposures;
    this.#watched = watched;
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

  /** Why the flag has no result, such as a missing property; `null` if the dialect does not say it. */
  get problem(): string | null {
    return this.#mistake?.().replace(/: default returned$/, "") ?? null;
  }

  noteMistake(_: string, __: string, text: () => string): void {
    this.#mistake = text;
  }

  lacks(attribute: string): void {
    this.#watched?.note(attribute, "");
  }

  /** Not needed, because these subjects have their own keys. */
  hashedBy(): void {}
}
