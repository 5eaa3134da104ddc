import type { Configuration } from "@sortition/core";
import type { Explanation } from "@sortition/core/dialect";
import type { Answer } from "../evaluate/dialect.js";
import type { ExplainOptions } from "./options.js";

/** An answer, and how it came about. */
export interface ExplainedCase {
  readonly flag: string;
  readonly subjectKey: string;
  /** The type that the flag was asked for as. */
  readonly type: string;
  readonly nowMs: number;
  readonly answer: Answer;
  readonly explanation: Explanation;
  /** Whether the configuration names flags and attributes by hashes. */
  readonly isObfuscated: boolean;
}

/**
 * Answers as `sortition evaluate` would, on the same way, and watches.
 *
 * @throws UsageError, FileError
 */
export async function explainCase(options: ExplainOptions): Promise<ExplainedCase> {
  const { attributes, defaultValue, dialect, flag, subjectKey } = options;
  const evaluation = await dialect.open({
    configPath: options.configPath,
    hasEvents: false,
    isExplained: true,
    option: (name) => options.dialectOptions.get(name),
    // Other flags do not matter here, and what is wrong with this one comes out.
    warn: () => {},
  });
  const { configuration } = evaluation;
  const type = options.type ?? typeOf(configuration, flag);
  const time = { nowMs: options.nowMs ?? Date.now(), isSet: options.nowMs !== null };
  const request = {
    flag,
    type,
    subjectKey,
    subjectAttributes: attributes,
    default: defaultValue,
  };
  const answer = evaluation.answer(request, time);
  return {
    flag,
    subjectKey,
    type,
    nowMs: time.nowMs,
    answer,
    explanation: evaluation.explanation() as Explanation, // it has just been asked
    isObfuscated: configuration.isObfuscated,
  };
}

/** The type that the flag declares, so that asking for it does not fail by the type. */
function typeOf(configuration: Configuration, flag: string): string {
  const declared = configuration.flag(flag)?.valueType ?? "string";
  return declared === "unknown" ? "string" : declared;
}
