import type { FlagDescription, HashedUnit, ValueType } from "@sortition/core/dialect";
import type { JsonObject } from "../evaluate/request.js";
import type { Decision, FlagJudge, JudgedSubject } from "../judge/flag-judge.js";
import type { FlagReads } from "../judge/flag-reads.js";
import { canonicalText } from "../text/canonical-text.js";
import type { ComparedSide } from "./compared-side.js";
import { SplitFinder } from "./split-finder.js";

/** Shown if a caller gets no value. */
export const NO_VALUE = "(default)";
const ERROR = "(error)";

/** Reasons for a missing value by kind of decision, if the decision has no reason that may be shown. */
const WITHOUT_VALUE: Readonly<Record<string, string>> = { assigned: "no value", error: "error" };

/** The result of a flag for one subject. */
export interface FlagResult {
  /** The value as canonical text, or `(default)` or `(error)`. */
  readonly value: string;
  /** The allocation that decided, or why none did. */
  readonly decider: string;
  /** The split that the subject is in; `null` if its hash does not matter. */
  readonly split: string | null;
  /** What was hashed in this split; `null` if nothing was. */
  readonly hashed: HashedValue | null;
  /** Why the file cannot decide the flag; `null` if it can. */
  readonly problem: string | null;
}

/** The unit of a split, and its value for the subject; `null` if the subject lacks it. */
export interface HashedValue {
  readonly unit: HashedUnit;
  readonly value: string | null;
}

/** How the values of a flag are read. */
export interface ValueReading {
  /** The type to request the flag as; `null`: any type. */
  readonly type: ValueType | null;
  /** Canonical texts to replace, and their replacements. */
  readonly renamed: ReadonlyMap<string, string>;
  /** The code's default value as canonical text; `null` if unknown. */
  readonly defaultText: string | null;
}

/** The flag that a {@link FlagSide} evaluates. */
export interface FlagPlace {
  readonly side: ComparedSide;
  readonly key: string;
  readonly reading: ValueReading;
  readonly nowMs: number;
  /** Whether to ignore the flags that it depends on. Default: false. */
  readonly isAlone?: boolean;
}

/** One flag of one configuration. */
export class FlagSide {
  readonly description: FlagDescription;
  readonly reads: FlagReads;
  readonly #side: ComparedSide;
  readonly #key: string;
  readonly #reading: ValueReading;
  readonly #judge: FlagJudge;
  readonly #finder: SplitFinder;
  /** Flags that this one depends on, and whose results depend on a hash. */
  readonly #dependencies: readonly (readonly [key: string, flag: FlagSide])[];
  /** Canonical texts by value. Caching them pays off, because a flag has few values and many subjects. */
  readonly #texts = new Map<unknown, string>();
  readonly #jsonTexts = new Map<unknown, string>();
  readonly #nowMs: number;

  constructor({ isAlone = false, key, nowMs, reading, side }: FlagPlace) {
    const { configuration } = side;
    this.#side = side;
    this.#key = key;
    this.#reading = reading;
    this.#nowMs = nowMs;
    this.#judge = side.judgeOf(reading.type);
    this.description = side.descriptionOf(key);
    this.reads = side.readsOf(key);
    this.#finder = new SplitFinder({
      description: this.description,
      attributes: this.reads.attributes,
      readsKey:
        this.reads.flags.length > 1 ||
        this.units.length > 0 ||
        this.reads.comparisons.some(({ attribute }) => side.isKey(attribute)),
      nowMs,
      decide: (subject) => this.#decide(subject),
      explain: (subject) => side.explain(key, subject),
    });
    const others = this.reads.flags.filter((it) => it !== key && configuration.flag(it) !== null);
    this.#dependencies = isAlone
      ? []
      : others
          .map(
            (it) => [it, new FlagSide({ side, key: it, reading, nowMs, isAlone: true })] as const,
          )
          .filter(([, flag]) => flag.#finder.hasSplits);
  }

  /** What is hashed instead of the key. */
  get units(): readonly HashedUnit[] {
    return this.reads.units.filter(({ attributes }) => attributes.length > 0);
  }

  /** Returns a subject's attributes with values of its own for all units. */
  withUnits({ attributes, key }: JudgedSubject, number: number): JsonObject {
    const { withUnit } = this.#side.dialect.explainer;
    return this.units.reduce<JsonObject>(
      (own, unit) => withUnit(unit, { key, attributes: own }, `${unit.name}-${number}`),
      attributes,
    );
  }

  resultOf(subject: JudgedSubject): FlagResult {
    const decision = this.#decide(subject);
    const { kind, reason } = decision;
    if (kind === "unresolved") {
      return { value: NO_VALUE, decider: "undecided", split: null, hashed: null, problem: reason };
    }
    const { decider, split } = this.#finder.pathOf(decision, subject);
    const isAssigned = kind === "assigned" && decision.value !== undefined;
    const place =
      split === null
        ? this.#splitOfDependency(subject)
        : { split, hashed: this.#hashedIn(split, subject) };
    return {
      value: isAssigned ? this.#textOf(decision.value, decision.isJson) : this.#missing(kind),
      decider: isAssigned ? decider : `${decider} (${WITHOUT_VALUE[kind] ?? reason})`,
      ...(place ?? { split: null, hashed: null }),
      problem: null,
    };
  }

  /**
   * The allocation that decides for a subject, or `default`, also if the value has another type than requested. `null`: the file
   * cannot decide the flag.
   */
  allocationOf(subject: JudgedSubject): string | null {
    const decision = this.#decideAny(this.#key, subject);
    return decision.kind === "unresolved" ? null : this.#finder.deciderOf(decision, subject);
  }

  /** The variation that another flag of the configuration assigns to a subject; `null`: none. */
  variationOf(flagKey: string, subject: JudgedSubject): string | null {
    return this.#decideAny(flagKey, subject).variation;
  }

  #decideAny(flagKey: string, subject: JudgedSubject): Decision {
    const judge = this.#side.judgeOf(this.#side.dialect.judge.askedType);
    return judge.decide(flagKey, subject, this.#nowMs, false);
  }

  /** Explains the result of a subject. */
  reasonsFor(subject: JudgedSubject): readonly string[] {
    return this.#side.reasonsFor(this.#key, subject);
  }

  /** See {@link FlagJudge.roundedIn}. */
  roundedIn(subject: JudgedSubject): string | null {
    return this.#judge.roundedIn(this.#key, subject, this.#nowMs);
  }

  /** One of these attributes that the flag reads and the subject lacks; `null` if there is none. */
  missingIn(subject: JudgedSubject, attributes: ReadonlySet<string>): string | null {
    return this.#judge.decide(this.#key, subject, this.#nowMs, attributes).missing;
  }

  #decide(subject: JudgedSubject): Decision {
    return this.#judge.decide(this.#key, subject, this.#nowMs, false);
  }

  #missing(kind: string): string {
    return kind === "error" ? ERROR : (this.#reading.defaultText ?? NO_VALUE);
  }

  #splitOfDependency(subject: JudgedSubject): Pick<FlagResult, "split" | "hashed"> | null {
    for (const [key, flag] of this.#dependencies) {
      const { hashed, split } = flag.resultOf(subject);
      if (split !== null) return { split: `${key}: ${split}`, hashed };
    }
    return null;
  }

  #hashedIn(split: string, subject: JudgedSubject): HashedValue | null {
    const unit = this.description.allocations.find(({ key }) => key === split)?.unit ?? null;
    if (unit === null) return null;
    return { unit, value: this.#side.dialect.explainer.unitOf(unit, subject) };
  }

  #textOf(value: unknown, isJson: boolean): string {
    const texts = isJson ? this.#jsonTexts : this.#texts;
    const known = texts.get(value);
    if (known !== undefined) return known;
    const text = canonicalText(isJson ? JSON.parse(String(value)) : value);
    const renamed = this.#reading.renamed.get(text) ?? text;
    if (typeof value !== "object") texts.set(value, renamed);
    return renamed;
  }
}
