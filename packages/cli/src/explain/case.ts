import type { BanditActions, BanditSubject, Configuration } from "@sortition/core";
import { type Explanation, messageOf, type WeighedAction } from "@sortition/core/dialect";
import { UsageError } from "../errors.js";
import type { Answer } from "../evaluate/dialect.js";
import { type JsonObject, RequestError } from "../evaluate/request.js";
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
  /** What a bandit weighed; `null` if none was asked or there is none. */
  readonly bandit: ExplainedBandit | null;
  /** Whether the configuration names flags and attributes by hashes. */
  readonly isObfuscated: boolean;
}

/** A bandit, and what it drew from. */
export interface ExplainedBandit {
  readonly key: string;
  readonly actions: readonly WeighedAction[];
  /** Why it could not choose; `null` if it could. */
  readonly error: string | null;
}

/**
 * Answers as `sortition evaluate` would, on the same way, and watches.
 *
 * @throws UsageError, FileError
 */
export async function explainCase(options: ExplainOptions): Promise<ExplainedCase> {
  const { actions, attributes, defaultValue, dialect, flag, subjectKey } = options;
  const evaluation = await dialect.open({
    configPath: options.configPath,
    hasEvents: false,
    isExplained: true,
    option: (name) => options.dialectOptions.get(name),
    // Other flags do not matter here, and what is wrong with this one comes out.
    warn: () => {},
  });
  const { configuration } = evaluation;
  const type = actions === null ? (options.type ?? typeOf(configuration, flag)) : "bandit";
  const time = { nowMs: options.nowMs ?? Date.now(), isSet: options.nowMs !== null };
  const request = {
    flag,
    type,
    subjectKey,
    subjectAttributes: attributes,
    default: defaultValue,
    ...(actions === null ? {} : { actions }),
  };
  const answer = asked(() => evaluation.answer(request, time));
  return {
    flag,
    subjectKey,
    type,
    nowMs: time.nowMs,
    answer,
    explanation: evaluation.explanation() as Explanation, // it has just been asked
    bandit: actions === null ? null : weighed(configuration, flag, answer, attributes, actions),
    isObfuscated: configuration.isObfuscated,
  };
}

/** The type that the flag declares, so that asking for it does not fail by the type. */
function typeOf(configuration: Configuration, flag: string): string {
  const declared = configuration.flag(flag)?.valueType ?? "string";
  return declared === "unknown" ? "string" : declared;
}

/** A request made of options is malformed where an option is. */
function asked(ask: () => Answer): Answer {
  try {
    return ask();
  } catch (error) {
    throw error instanceof RequestError ? new UsageError(`--${error.message}`) : error;
  }
}

/** The bandit behind the variation that came of the call. */
function weighed(
  configuration: Configuration,
  flag: string,
  answer: Answer,
  attributes: JsonObject,
  actions: JsonObject,
): ExplainedBandit | null {
  const variation = answer.kind === "result" ? answer.fields["variation"] : undefined;
  const bandit = configuration.bandit(flag, variation);
  if (bandit === null) return null;
  const { key } = bandit;
  try {
    // As the request was: the vendor takes attributes of any kind.
    const weights = bandit.weighed(attributes as BanditSubject, actions as BanditActions);
    return { key, actions: weights, error: null };
  } catch (error) {
    return { key, actions: [], error: messageOf(error) };
  }
}
