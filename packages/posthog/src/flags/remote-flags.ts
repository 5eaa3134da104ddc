import { HttpStatusError } from "@sortition/core/client";
import { type Clock, NetworkError, TimeoutError } from "@sortition/core/source";
import { parsedOr } from "../dialect/parsed-or.js";
import { pause } from "../http/pause.js";
import { holding, type Requester } from "../http/requester.js";
import { type FeatureFlagValue, isRecord, jsonOf } from "./json.js";

/** How flags are requested. */
export interface RemoteSettings {
  readonly host: string;
  readonly projectApiKey: string;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly retryDelayMs: number;
  readonly evaluationContexts: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** One evaluation by the server. */
export interface RemoteRequest {
  readonly distinctId: string;
  readonly groups: Readonly<Record<string, unknown>>;
  readonly personProperties: Readonly<Record<string, unknown>>;
  readonly groupProperties: Readonly<Record<string, unknown>>;
  readonly disableGeoip: boolean;
  /** `undefined`: all. */
  readonly flagKeys: readonly string[] | undefined;
}

/** A flag as the server evaluated it. */
export interface RemoteFlag {
  readonly enabled: boolean;
  readonly variant: string | undefined;
  /** Parsed; `undefined`: none. */
  readonly payload: unknown;
  readonly id?: unknown;
  readonly version?: unknown;
  readonly reason?: string | undefined;
  readonly reasonCode?: string | undefined;
  readonly hasExperiment?: boolean | undefined;
}

/** What the server answered. */
export interface RemoteFlags {
  readonly flags: ReadonlyMap<string, RemoteFlag>;
  /** Of flags that are on, parsed. */
  readonly payloads: ReadonlyMap<string, unknown>;
  readonly requestId: unknown;
  readonly evaluatedAt: unknown;
  readonly hasErrors: boolean;
  readonly isQuotaLimited: boolean;
  readonly hasMinimalEvents: boolean;
}

/**
 * Asks the server to evaluate flags, with one deadline for each try.
 *
 * @throws what the last try failed with.
 */
export async function requestFlags(
  settings: RemoteSettings,
  request: RemoteRequest,
  ports: { readonly clock: Clock; readonly send: Requester; readonly signal: AbortSignal },
): Promise<RemoteFlags> {
  const { headers, host, maxRetries, retryDelayMs, timeoutMs } = settings;
  const message = {
    url: new URL(`${host}/flags/?v=2`),
    method: "POST" as const,
    headers,
    body: JSON.stringify(bodyOf(settings, request)),
    timeoutMs,
    signal: ports.signal,
  };
  for (let tries = 0; ; tries++) {
    try {
      const { bytes, status } = await holding(ports.clock, timeoutMs, () => ports.send(message));
      if (status < 200 || status >= 400) throw new HttpStatusError(status, null);
      return readAnswer(jsonOf(bytes));
    } catch (error) {
      if (tries >= maxRetries || !isTemporary(error) || ports.signal.aborted) throw error;
    }
    await pause(retryDelayMs, { ...ports, holdsProcess: true });
  }
}

function isTemporary(error: unknown): boolean {
  if (error instanceof HttpStatusError) return [502, 504].includes(error.httpStatus);
  return error instanceof NetworkError || error instanceof TimeoutError;
}

function bodyOf(
  { evaluationContexts, projectApiKey }: RemoteSettings,
  request: RemoteRequest,
): object {
  const { disableGeoip, distinctId, flagKeys, groupProperties, groups, personProperties } = request;
  const deviceId = personProperties["$device_id"];
  return {
    token: projectApiKey,
    distinct_id: distinctId,
    groups,
    person_properties: personProperties,
    group_properties: groupProperties,
    geoip_disable: disableGeoip,
    ...(flagKeys === undefined ? {} : { flag_keys_to_evaluate: flagKeys }),
    ...(deviceId ? { $device_id: deviceId } : {}),
    ...(evaluationContexts.length === 0 ? {} : { evaluation_contexts: evaluationContexts }),
    evaluation_runtime: "server",
  };
}

/** @throws Error if it is not an answer to a request for flags. */
function readAnswer(body: unknown): RemoteFlags {
  const answer = isRecord(body) ? body : {};
  const quota = answer["quotaLimited"];
  const isQuotaLimited = Array.isArray(quota) && quota.includes("feature_flags");
  const common = {
    requestId: answer["requestId"],
    evaluatedAt: answer["evaluatedAt"],
    hasErrors: Boolean(answer["errorsWhileComputingFlags"]),
    isQuotaLimited,
    hasMinimalEvents: answer["minimalFlagCalledEvents"] === true,
  };
  if (isQuotaLimited) {
    return { ...common, evaluatedAt: undefined, flags: new Map(), payloads: new Map() };
  }
  if (!("flags" in answer)) return { ...common, ...readOldFlags(answer) };
  const flags = readFlags(answer["flags"]);
  const on = [...flags].filter(([, { enabled, payload }]) => enabled && payload !== undefined);
  return { ...common, flags, payloads: new Map(on.map(([key, { payload }]) => [key, payload])) };
}

function readFlags(flags: unknown): ReadonlyMap<string, RemoteFlag> {
  if (!isRecord(flags)) {
    throw new Error(
      "/flags response has a non-object `flags` field, treating it as a failed request",
    );
  }
  return new Map(Object.entries(flags).map(([key, flag]) => [key, readFlag(flag)]));
}

function readFlag(raw: unknown): RemoteFlag {
  const flag = isRecord(raw) ? raw : {};
  const metadata = isRecord(flag["metadata"]) ? flag["metadata"] : {};
  const reason = isRecord(flag["reason"]) ? flag["reason"] : {};
  const { code, description } = reason;
  const { has_experiment: hasExperiment, payload } = metadata;
  const { enabled, variant } = flag;
  return {
    enabled: enabled as boolean, // as the server says
    variant: (variant as string | null | undefined) ?? undefined,
    payload: parsedOr(payload),
    id: metadata["id"],
    version: metadata["version"],
    reason: (description ?? code) as string | undefined,
    reasonCode: code as string | undefined,
    hasExperiment: hasExperiment as boolean | undefined,
  };
}

/** Older servers answer with values and payloads apart. */
function readOldFlags(
  answer: Readonly<Record<string, unknown>>,
): Pick<RemoteFlags, "flags" | "payloads"> {
  const values = isRecord(answer["featureFlags"]) ? answer["featureFlags"] : {};
  const raw = isRecord(answer["featureFlagPayloads"]) ? answer["featureFlagPayloads"] : {};
  const payloads = new Map(Object.entries(raw).map(([key, payload]) => [key, parsedOr(payload)]));
  const flags = Object.entries(values).map(
    ([key, value]) => [key, oldFlag(value, payloads.get(key))] as const,
  );
  return { flags: new Map(flags), payloads };
}

function oldFlag(value: unknown, payload: unknown): RemoteFlag {
  return {
    enabled: typeof value === "string" ? true : (value as boolean),
    variant: typeof value === "string" ? value : undefined,
    payload,
  };
}

/** The value of a flag that the server evaluated. */
export function remoteValue({ enabled, variant }: RemoteFlag): FeatureFlagValue {
  return variant ?? enabled;
}
