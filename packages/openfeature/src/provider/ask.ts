import type { EvaluationContext, Logger } from "@openfeature/server-sdk";
import type { BanditSubject } from "@sortition/core";
import type { Answered } from "../resolution/resolve.js";
import { type ContextSubject, requestFor } from "../resolution/subject.js";
import type { ProviderClient } from "./client.js";
import type { GetterType } from "./expected-value.js";
import type { BanditActionsOf } from "./options.js";

type Details = Answered["details"];

/** OpenFeature's getters by the type of a flag, for messages. */
const GETTERS = {
  boolean: "getBooleanValue",
  integer: "getNumberValue",
  numeric: "getNumberValue",
  string: "getStringValue",
  json: "getObjectValue",
} as const;

/** What to write for an object getter of a flag with a bandit, whose value is the key of a variation. */
const BANDIT_GETTERS = {
  ...GETTERS,
  string:
    "new SortitionProvider(client, { banditActions: (flagKey, context) => actions }), because the flag has a bandit",
} as const;

/** One call of a getter. */
export interface Question<T = unknown> {
  readonly type: GetterType;
  readonly flagKey: string;
  readonly defaultValue: T;
  readonly context: EvaluationContext;
  readonly logger: Logger | undefined;
}

/**
 * Evaluates a flag, and returns details whose `variation` is passed to the caller. A second
 * evaluation is needed only for a number that is the key of a variation.
 */
export function ask(
  client: ProviderClient,
  question: Question,
  subject: ContextSubject,
  hasNumericVariations: boolean,
  banditActions: BanditActionsOf | undefined,
): Details {
  const { context, flagKey, type } = question;
  if (type === "object" && banditActions !== undefined && subject.key !== null) {
    const actions = banditActions(flagKey, context) ?? null;
    if (actions !== null) return askBandit(client, question, subject, subject.key, actions);
  }
  // The key of a variation may be a number too, so a flag of another type is no mistake yet.
  const mayBeVariation = type === "number" && hasNumericVariations;
  const hasBandit = type === "object" && client.getConfiguration()?.bandits?.first(flagKey);
  const named = hasBandit ? BANDIT_GETTERS : GETTERS;
  const getters = mayBeVariation && hasFlag(client, flagKey) ? undefined : named;
  const expectedType = type === "object" ? "json" : type;
  const details = evaluate(client, question, subject, expectedType, getters);
  if (mayBeVariation && hasNoNumber(details)) {
    return askForVariation(client, question, subject, details);
  }
  return details;
}

function evaluate(
  client: ProviderClient,
  { defaultValue, flagKey }: Question,
  subject: ContextSubject,
  expectedType: "boolean" | "string" | "number" | "json",
  getters: Readonly<Record<keyof typeof GETTERS, string>> | undefined,
): Details {
  return client.evaluate({ flagKey, ...requestFor(subject), defaultValue, expectedType, getters });
}

function hasFlag(client: ProviderClient, flagKey: string): boolean {
  return (client.getConfiguration()?.flag(flagKey) ?? null) !== null;
}

function askBandit(
  client: ProviderClient,
  { defaultValue, flagKey }: Question,
  { attributes }: ContextSubject,
  subjectKey: string,
  actions: NonNullable<ReturnType<BanditActionsOf>>,
): Details {
  const fallback = (defaultValue as { readonly variation?: unknown } | null)?.variation;
  const details = client.getBanditActionDetails(
    flagKey,
    subjectKey,
    attributes as BanditSubject, // Eppo's attributes have no nested values
    actions,
    typeof fallback === "string" ? fallback : "",
  );
  const { action, isDefault, reason, variation } = details;
  const isChosen = (!isDefault && reason !== "error") || action !== null;
  return { ...details, value: isChosen ? { variation, action } : defaultValue };
}

/**
 * Whether the flag has no payload, or one that is not a number. Nothing was logged in either case.
 */
function hasNoNumber({ errorCode, isDefault, reason }: Details): boolean {
  if (errorCode === "SORTITION_TYPE_MISMATCH") return true;
  return isDefault && (reason === "no-allocation" || reason === "disabled");
}

function askForVariation(
  client: ProviderClient,
  question: Question,
  subject: ContextSubject,
  first: Details,
): Details {
  const { defaultValue } = question;
  const details = evaluate(client, question, subject, "string", GETTERS);
  if (details.isDefault) return { ...first, value: defaultValue };
  const { variationKey } = details;
  const value = variationKey === null || variationKey.trim() === "" ? NaN : Number(variationKey);
  if (Number.isFinite(value)) return { ...details, value };
  const { exposure } = details; // the variation was assigned, even though the caller gets the default
  const errorCode = "SORTITION_TYPE_MISMATCH";
  return { ...first, value: defaultValue, exposure, reason: "error", errorCode };
}
