import type { Attributes, Client } from "@sortition/core";
import {
  flagCalledProperties,
  localCall,
  minimalProperties,
  type PosthogConfiguration,
  type PosthogDetails,
  type PosthogExtras,
} from "@sortition/posthog/dialect";
import type { JsonObject } from "../../evaluate/request.js";
import type { CliAnswer, LineTime } from "../dialect.js";
import type { PosthogRequest } from "./request.js";

export interface PosthogParts {
  readonly client: Client<PosthogDetails, PosthogExtras>;
  readonly configuration: PosthogConfiguration;
  readonly hasEvents: boolean;
  /** Time at which the file was read, in epoch ms. */
  readonly readAtMs: number;
}

/** Properties that the vendor's SDK adds to each event. */
const COMMON: JsonObject = {
  $lib: "posthog-node",
  $lib_version: "5.70.0",
  $is_server: true,
  $geoip_disable: true,
};

/** Answers a request as the vendor's SDK would with local evaluation only. */
export function answer(parts: PosthogParts, request: PosthogRequest, time: LineTime): CliAnswer {
  if (request.kind === "all") return { kind: "result", fields: answerAll(parts, request) };
  try {
    return { kind: "result", fields: answerOne(parts, request, time) };
  } catch (error) {
    return { kind: "throws", error: causeOf(error) };
  }
}

type One = Extract<PosthogRequest, { kind: "one" }>;

function answerOne(parts: PosthogParts, request: One, time: LineTime): JsonObject {
  // Quirk: without a distinct id nothing is evaluated and nothing is sent (posthog).
  const isAsked = request.distinctId !== "";
  const details = isAsked ? ask(parts, request.flag, request) : null;
  const value = details?.value ?? null;
  const event = isAsked ? eventOf(parts, request, value, time) : null;
  const events = parts.hasEvents ? { event } : {};
  if (details === null || value === null) {
    return { resolved: false, unresolvedReason: details?.unresolvedReason ?? null, ...events };
  }
  return {
    resolved: true,
    value,
    enabled: value !== false,
    variant: typeof value === "string" ? value : null,
    payload: details.payload,
    reason: details.reason,
    ...(details.reasonCode === null ? {} : { reasonCode: details.reasonCode }),
    ...events,
  };
}

function answerAll(
  parts: PosthogParts,
  request: Extract<PosthogRequest, { kind: "all" }>,
): JsonObject {
  const featureFlags = new Map<string, unknown>();
  const featureFlagPayloads = new Map<string, unknown>();
  const unresolvedFlags = new Map<string, unknown>();
  const { flagKeys } = parts.configuration;
  const isAsked = request.distinctId !== "";
  for (const key of isAsked ? (request.flagKeys ?? flagKeys) : []) {
    if (!flagKeys.has(key)) continue;
    let details: PosthogDetails;
    try {
      details = ask(parts, key, request);
    } catch {
      continue; // the vendor's SDK omits flags whose evaluation throws
    }
    const { payload, unresolvedReason, value } = details;
    if (unresolvedReason !== null) unresolvedFlags.set(key, unresolvedReason);
    if (value === null) continue;
    featureFlags.set(key, value);
    // Quirk: a falsy payload such as 0 is omitted here, but returned for a single flag (posthog).
    if (payload) featureFlagPayloads.set(key, payload);
  }
  return {
    featureFlags: Object.fromEntries(featureFlags),
    featureFlagPayloads: Object.fromEntries(featureFlagPayloads),
    unresolvedFlags: Object.fromEntries(unresolvedFlags),
  };
}

function ask({ client }: PosthogParts, flagKey: string, request: PosthogRequest): PosthogDetails {
  const { distinctId, groupProperties, groups, personProperties } = request;
  return client.evaluate({
    flagKey,
    subjectKey: distinctId,
    // Any JSON value is a valid attribute. Group properties are checked when they are used.
    subjectAttributes: personProperties as Attributes,
    extras: { groups, groupProperties } as PosthogExtras,
  }).evaluationDetails;
}

/** Builds the event `$feature_flag_called` as the SDK sends it, without its id and time. */
function eventOf(
  { configuration, readAtMs }: PosthogParts,
  { distinctId, flag, groups }: One,
  value: boolean | string | null,
  { isSet, nowMs }: LineTime,
): JsonObject {
  const times = { evaluatedAtMs: nowMs, loadedAtMs: isSet ? nowMs : readAtMs };
  const call = localCall(flag, configuration.flag(flag), value, times);
  const properties = flagCalledProperties(call);
  const isMinimal = configuration.hasMinimalEvents && call.hasExperiment === false;
  return {
    event: "$feature_flag_called",
    distinct_id: distinctId,
    properties: {
      ...(isMinimal ? minimalProperties(properties) : properties),
      ...(Object.keys(groups).length === 0 ? {} : { $groups: groups }),
      ...COMMON,
    },
  };
}

/** Unwraps the error that the evaluation threw. */
function causeOf(error: unknown): unknown {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause ?? error;
}
