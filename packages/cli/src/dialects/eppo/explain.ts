import type { BanditActions, BanditSubject, Configuration } from "@sortition/core";
import type { FlagQuestion, ValueType } from "@sortition/core/dialect";
import { messageOf, valueText } from "@sortition/core/dialect-internal";
import { isEppoConfiguration } from "@sortition/core/eppo";
import { flattened } from "@sortition/core/internal";
import { UsageError } from "../../errors.js";
import type { JsonObject } from "../../evaluate/request.js";
import { readJson, readJsonObject } from "../../json-option.js";
import type { DialectOption, ExplainRequest, ExplainSupport, Question } from "../dialect.js";
import { readType, typedOptions } from "../typed-explain.js";
import { banditLines, type ExplainedBandit } from "./bandit-text.js";
import { GETTERS } from "./request.js";

const HASHED =
  "The configuration is obfuscated. Listed values, and the names of attributes that the subject lacks, are shown as MD5 hashes.";

/** Options of `sortition explain` that Eppo's requests need. */
export const EXPLAIN_OPTIONS: readonly DialectOption[] = [
  ...typedOptions(Object.keys(GETTERS), "the flag's type"),
  {
    name: "actions",
    value: "JSON",
    help: [
      `the bandit's actions: a JSON object of action names and their attributes, e.g. '{"a":{"price":5}}';`,
      "also shows the scores and weights of the actions",
    ],
    commands: ["explain"],
  },
];

/** What Eppo adds to `sortition explain`: types, bandits, and a note about hashes. */
export const eppoExplain: ExplainSupport = {
  requestOf,
  valueText(fields) {
    const { action, value, variation } = fields;
    if (action === undefined) return valueText(value);
    const text = valueText(variation);
    return typeof action === "string" ? `${text} with action ${valueText(action)}` : text;
  },
  extrasOf({ answer, configuration, question }) {
    const fields = answer.kind === "result" ? answer.fields : {};
    const actions = actionsOf(question);
    const bandit =
      actions === null
        ? null
        : weighedBandit(configuration, question, fields["variation"], actions);
    const isObfuscated = isEppoConfiguration(configuration) && configuration.isObfuscated;
    return {
      fields: { isObfuscated, ...(bandit === null ? {} : { bandit }) },
      paragraphs: [
        ...(bandit === null ? [] : [banditLines(bandit, fields["action"])]),
        ...(bandit === null && actions !== null ? [[noBandit(question)]] : []),
        ...(isObfuscated ? [[HASHED]] : []),
      ],
    };
  },
};

function noBandit({ option }: Question): string {
  const advice = option("bandits") === undefined ? ", or pass one as --bandits FILE" : "";
  return `--actions has no effect, because the variation has no bandit model: omit it${advice}`;
}

function requestOf(question: Question, configuration: Configuration): ExplainRequest {
  const { attributes, flag, option, subjectKey } = question;
  const actions = actionsOf(question);
  const givenType = option("type");
  if (actions !== null && givenType !== undefined) {
    throw new UsageError(
      "--actions cannot be combined with --type, because the variation of a bandit is a string",
    );
  }
  const defaultValue = readJson("--default", option("default") ?? "null", '"standard"');
  const request = { flag, subjectKey, subjectAttributes: attributes, default: defaultValue };
  if (actions !== null) {
    const asked: Partial<FlagQuestion> = {
      attributes: flattened(attributes as BanditSubject), // as in the request
      expectedType: "string",
      defaultValue,
    };
    return { request: { ...request, type: "bandit", actions }, type: "bandit", asked };
  }
  const types = Object.keys(GETTERS) as (keyof typeof GETTERS)[]; // its own members
  const type =
    givenType === undefined ? declaredType(configuration, flag) : readType(types, givenType);
  return { request: { ...request, type }, type, asked: { expectedType: type, defaultValue } };
}

function actionsOf({ option }: Question): JsonObject | null {
  const text = option("actions");
  return text === undefined ? null : readJsonObject("--actions", text, '{"nike":{}}');
}

/** Returns the flag's declared type, which is requested without `--type`. */
function declaredType(configuration: Configuration, flag: string): ValueType {
  const declared = configuration.flag(flag)?.valueType ?? "string";
  return declared === "unknown" ? "string" : declared;
}

/** Returns the bandit behind the variation of the result, with the weights of its actions. */
function weighedBandit(
  configuration: Configuration,
  { attributes, flag }: Question,
  variation: unknown,
  actions: JsonObject,
): ExplainedBandit | null {
  const bandit = configuration.bandits?.behind(flag, variation) ?? null;
  if (bandit === null) return null;
  const { key } = bandit;
  try {
    // As in a request, because the vendor accepts attributes of any type.
    const weights = bandit.weighed(attributes as BanditSubject, actions as BanditActions);
    return { key, actions: weights, error: null };
  } catch (error) {
    return { key, actions: [], error: messageOf(error) };
  }
}
