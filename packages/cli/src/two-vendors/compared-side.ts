import type { Explanation, FlagQuestion, ValueType } from "@sortition/core/dialect";
import { createExplainingClient, type ExplainingClient } from "@sortition/core/internal";
import type { GivenConfiguration } from "../configuration-options.js";
import type { CliDialect, OpenConfiguration } from "../dialects/dialect.js";
import { FileError } from "../errors.js";
import { FlagJudge, type JudgedSubject } from "../judge/flag-judge.js";
import { type FlagReads, readsOfAll, unneededBy } from "../judge/flag-reads.js";

/** A configuration to compare, ready to evaluate. */
export class ComparedSide {
  readonly dialect: CliDialect;
  readonly #open: OpenConfiguration;
  readonly #explaining: ExplainingClient;
  readonly #nowMs: number;
  readonly #judges = new Map<ValueType | null, FlagJudge>();

  private constructor(dialect: CliDialect, opened: OpenConfiguration, nowMs: number) {
    this.dialect = dialect;
    this.#open = opened;
    this.#explaining = createExplainingClient(opened.configuration, dialect.explainer);
    this.#nowMs = nowMs;
  }

  /** @throws UsageError, FileError */
  static async open(
    given: GivenConfiguration,
    nowMs: number,
    warn: (message: string) => void,
  ): Promise<ComparedSide> {
    const { config, dialect } = given;
    const opened = await dialect.open({ ...given, warn });
    const [issue] = opened.configuration.flagKeys.size === 0 ? opened.configuration.issues : [];
    if (issue !== undefined) {
      const { name } = await config();
      throw new FileError(`${name}: no flag can be read: ${issue.path}: ${issue.message}`);
    }
    return new ComparedSide(dialect, opened, nowMs);
  }

  get configuration(): OpenConfiguration["configuration"] {
    return this.#open.configuration;
  }

  /** Returns a judge that requests flags as this type. */
  judgeOf(type: ValueType | null): FlagJudge {
    const known = this.#judges.get(type);
    if (known !== undefined) return known;
    const rules = { ...this.dialect.judge, askedType: type };
    const judge = new FlagJudge(
      this.configuration,
      rules,
      unneededBy(this.configuration, this.dialect),
    );
    this.#judges.set(type, judge);
    return judge;
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
