import { HttpStatusError } from "@sortition/core";
import {
  type Clock,
  holdProcess,
  NetworkError,
  ProtocolError,
  pause,
  TimeoutError,
} from "@sortition/core/internal";
import { parsedOr } from "../dialect/evaluation/parsed-or.js";
import { noFlagsMessage, notJsonMessage } from "../http/answer-message.js";
import type { Requester } from "../http/requester.js";
import { statusError } from "../http/status-error.js";
import { type FeatureFlagValue, isRecord, jsonOf } from "../source/json.js";
import type { FeatureFlag } from "./feature-flag.js";

export interface RemoteSettings {
  readonly host: string;
  readonly projectApiKey: string;
  readonly timeoutMs: number;
  readonly maxRetries: number;
  readonly retryDelayMs: number;
  readonly evaluationContexts: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** An evaluation by the server. */
export interface RemoteRequest {
  readonly distinctId: string;
  readonly groups: Readonly<Record<string, unknown>>;
  readonly personProperties: Readonly<Record<string, unknown>>;
  readonly groupProperties: Readonly<Record<string, unknown>>;
  readonly disableGeoip: boolean;
  /** `undefined` for all. */
  readonly flagKeys: readonly string[] | undefined;
}

/** A flag that the server evaluated. */
export interface RemoteFlag {
  readonly enabled: boolean;
  readonly variant: string | undefined;
  /** The parsed payload, or `undefined`. */
  readonly payload: unknown;
  readonly id?: unknown;
  readonly version?: unknown;
  readonly reason?: string | undefined;
  readonly reasonCode?: string | undefined;
  readonly hasExperiment?: boolean | undefined;
}

/** A response of the server. */
export interface RemoteFlags {
  readonly flags: ReadonlyMap<string, RemoteFlag>;
  /** Parsed payloads of flags that are on. `undefined` if the server sent none. */
  readonly payloads: ReadonlyMap<string, unknown>;
  readonly requestId: unknown;
  readonly evaluatedAt: unknown;
  readonly hasErrors: boolean;
  /** As the server sent it. After {@link withinQuota}, `null` unless the quota is exceeded. */
  readonly quotaLimited: unknown;
  readonly hasMinimalEvents: boolean;
  /** Why the response contains no flags. Ignored if the quota is exceeded. */
  readonly problem?: Error;
}

interface RequestPorts {
  readonly clock: Clock;
  readonly send: Requester;
  readonly signal: AbortSignal;
}

/**
 * Requests evaluated flags from the server, with a separate deadline for each try. The promise rejects with the error
 * of the last try.
 *
 * @throws if the request cannot be serialized (a BigInt, a circular reference).
 */
export function requestFlags(
  settings: RemoteSettings,
  request: RemoteRequest,
  ports: RequestPorts,
): Promise<RemoteFlags> {
  return sendRequest(settings, JSON.stringify(bodyOf(settings, request)), ports);
}

async function sendRequest(
  { headers, host, maxRetries, retryDelayMs, timeoutMs }: RemoteSettings,
  body: string,
  ports: RequestPorts,
): Promise<RemoteFlags> {
  const message = {
    url: `${host}/flags/?v=2`,
    method: "POST" as const,
    headers,
    body,
    timeoutMs,
    signal: ports.signal,
  };
  for (let tries = 0; ; tries++) {
    try {
      const { bytes, status } = await ports
        .send(message)
        .finally(holdProcess(ports.clock, timeoutMs));
      if (status < 200 || status >= 400) {
        throw statusError(status, null, host);
      }
      return readAnswer(parsed(bytes, host));
    } catch (error) {
      if (tries >= maxRetries || !isTemporary(error) || ports.signal.aborted) throw error;
    }
    await pause(ports.clock, retryDelayMs, { signal: ports.signal, holdsProcess: true });
  }
}

/** @throws ProtocolError for a body that is not JSON, or is neither an object nor a list. */
function parsed(bytes: Uint8Array, host: string): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = jsonOf(bytes);
  } catch {
    throw new ProtocolError(notJsonMessage(host));
  }
  if (typeof body !== "object" || body === null) {
    throw new ProtocolError(noFlagsMessage(host));
  }
  return body as Readonly<Record<string, unknown>>; // a list has none of these members
}

function isTemporary(error: unknown): boolean {
  if (error instanceof HttpStatusError) return [502, 504].includes(error.httpStatus);
  return (error instanceof NetworkError && !isRefused(error)) || error instanceof TimeoutError;
}

/** ECONNREFUSED is not retried, as in the vendor's SDK. */
function isRefused({ cause }: NetworkError): boolean {
  const { cause: origin, code = origin?.code } = (cause ?? {}) as SystemFailure;
  return code === "ECONNREFUSED";
}

/** An error of Node.js. `fetch` wraps it as the cause of another error. */
interface SystemFailure {
  readonly code?: string;
  readonly cause?: SystemFailure;
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
    ...(flagKeys ? { flag_keys_to_evaluate: flagKeys } : {}),
    ...(deviceId ? { $device_id: deviceId } : {}),
    ...(evaluationContexts.length === 0 ? {} : { evaluation_contexts: evaluationContexts }),
    evaluation_runtime: "server",
  };
}

/**
 * Reads a response.
 *
 * @throws Error if it is not a response to a flag request.
 */
function readAnswer(answer: Readonly<Record<string, unknown>>): RemoteFlags {
  const {
    errorsWhileComputingFlags,
    evaluatedAt,
    minimalFlagCalledEvents,
    quotaLimited,
    requestId,
  } = answer;
  return {
    requestId,
    evaluatedAt,
    quotaLimited,
    hasErrors: Boolean(errorsWhileComputingFlags),
    hasMinimalEvents: minimalFlagCalledEvents === true,
    ...("flags" in answer ? readFlags(answer["flags"]) : readOldFlags(answer)),
  };
}

/**
 * Removes the flags from a response if the server reports an exceeded quota.
 *
 * @throws TypeError for a member of the wrong type, such as `false`, as the vendor's SDK does.
 */
export function withinQuota(answer: RemoteFlags): RemoteFlags {
  const quotaLimited = answer.quotaLimited as string | null | undefined; // lists have this method, too
  // Quirk: a string that contains the name is accepted, too (posthog-node).
  if (!quotaLimited?.includes("feature_flags")) return { ...answer, quotaLimited: null };
  return {
    requestId: answer.requestId,
    evaluatedAt: undefined,
    flags: new Map(),
    payloads: new Map(),
    hasErrors: false,
    quotaLimited,
    hasMinimalEvents: false,
  };
}

type Read = Pick<RemoteFlags, "flags" | "payloads" | "problem">;

function readFlags(flags: unknown): Read {
  const entries = Object.entries((flags ?? {}) as Readonly<Record<string, FeatureFlag>>); // the expected type of the response
  const problem = "/flags answered with `flags` that are not an object";
  return {
    ...(isRecord(flags) ? {} : { problem: new Error(problem) }),
    flags: new Map(entries.map(([key, flag]) => [key, readFlag(flag)])),
    payloads: new Map(
      entries
        .filter(
          ([, { enabled, metadata }]) => enabled && metadata && metadata.payload !== undefined,
        )
        // If the payload is empty, the flag has none, even if its definition has one for another value.
        .map(([key, { metadata }]) => [key, parsedOr(metadata?.payload || undefined)]),
    ),
  };
}

function readFlag({ enabled, metadata, reason, variant }: FeatureFlag): RemoteFlag {
  const { has_experiment: hasExperiment, id, payload, version } = metadata ?? {};
  const { code: reasonCode, description } = reason ?? {};
  return {
    enabled,
    variant: variant ?? undefined,
    payload: readPayload(payload),
    id,
    version,
    reason: description ?? reasonCode,
    reasonCode,
    hasExperiment,
  };
}

/**
 * Quirk: a payload of any type is converted to a string and parsed, so a list with one number becomes that number
 * (posthog-node).
 */
function readPayload(payload: unknown): unknown {
  try {
    return JSON.parse(payload as string);
  } catch {
    return payload;
  }
}

/** Older servers send values and payloads in separate objects. */
function readOldFlags({
  featureFlagPayloads,
  featureFlags,
}: Readonly<Record<string, unknown>>): Read {
  const payloads = new Map(
    Object.entries(featureFlagPayloads ?? {}).map(([key, payload]) => [key, parsedOr(payload)]),
  );
  const flags = Object.entries(featureFlags ?? {}).map(
    ([key, value]) => [key, oldFlag(value, payloads.get(key) || undefined)] as const,
  );
  return { flags: new Map(flags), payloads };
}

function oldFlag(value: unknown, payload: unknown): RemoteFlag {
  const isVariant = typeof value === "string";
  return {
    enabled: isVariant || (value as boolean), // in the server's response
    variant: isVariant ? value : undefined,
    // Quirk: it is serialized and parsed again, so a number beyond the range of doubles becomes `null` (posthog-node).
    payload: payload === undefined ? undefined : readPayload(JSON.stringify(payload)),
  };
}

export function remoteValue({ enabled, variant }: RemoteFlag): FeatureFlagValue | undefined {
  return variant ?? enabled;
}
