import type { Configuration } from "@sortition/core";
import type {
  Explanation,
  FlagDescription,
  FlagQuestion,
  ValueType,
} from "@sortition/core/dialect";
import { createExplainingClient, type ExplainingClient } from "@sortition/core/internal";
import type { GivenConfiguration } from "../configuration-options.js";
import type { CliDialect } from "../dialects/dialect.js";
import { FileError } from "../errors.js";
import { FlagJudge, type JudgedSubject } from "../judge/flag-judge.js";
import { type FlagReads, readsOfAll, unneededBy } from "../judge/flag-reads.js";
import { madeOnce } from "../made-once.js";

/** A configuration to compare, ready to evaluate. */
export class ComparedSide {
  readonly dialect: CliDialect;
  readonly configuration: Configuration;
  readonly #explaining: ExplainingClient;
  readonly #nowMs: number;
  readonly #judges = new Map<ValueType | null, FlagJudge>();

  constructor(dialect: CliDialect, configuration: Configuration, nowMs: number) {
    this.dialect = dialect;
    this.configuration = configuration;
    this.#explaining = createExplainingClient(configuration, dialect.explainer);
    this.#nowMs = nowMs;
  }

  /** @throws UsageError, FileError */
  static async open(
    given: GivenConfiguration,
    nowMs: number,
    warn: (message: string) => void,
  ): Promise<ComparedSide> {
    const { config, dialect } = given;
    const { configuration } = await dialect.open({ ...given, warn });
    const [issue] = configuration.flagKeys.size === 0 ? configuration.issues : [];
    if (issue !== undefined) {
      const { name } = await config();
      throw new FileError(`${name}: no flag can be read: ${issue.path}: ${issue.message}`);
    }
    return new ComparedSide(dialect, configuration, nowMs);
  }

  /** Returns a judge that requests flags as this type. */
  judgeOf(type: ValueType | null): FlagJudge {
    return madeOnce(this.#judges, type, () => {
      const rules = { ...this.dialect.judge, askedType: type };
      return new FlagJudge(this.configuration, rules, unneededBy(this.configuration, this.dialect));
    });
  }

  /** Describes a flag, whose key may be hashed. */
  descriptionOf(flagKey: string): FlagDescription {
    const { explainer } = this.dialect;
    const key = explainer.payloadKey(this.configuration, flagKey) ?? flagKey;
    return explainer.describe(this.configuration, key);
  }

  /** What a flag and its dependencies read. */
  readsOf(flagKey: string): FlagReads {
    return readsOfAll(flagKey, this.configuration, this.dialect);
  }

  /** Whether an attribute of this name means the subject's key. */
  isKey(attribute: string): boolean {
    return this.dialect.judge.keyAttributes.includes(attribute);
  }

  /** Traces the evaluation of a subject. */
  explain(flagKey: string, subject: JudgedSubject): Explanation {
    return this.#explaining.answer(this.#question(flagKey, subject)).explanation;
  }

  /** Explains the result of a subject. */
  reasonsFor(flagKey: string, subject: JudgedSubject): readonly string[] {
    return this.#explaining.reasonsFor(this.#question(flagKey, subject));
  }

  #question(flagKey: string, { attributes, key }: JudgedSubject): FlagQuestion {
    return { flagKey, subjectKey: key, attributes, nowMs: this.#nowMs };
  }
}
