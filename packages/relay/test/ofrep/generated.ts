import { amplitude } from "@sortition/amplitude/dialect";
import { type Client, Configuration, createClient, type Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import type { Random } from "@sortition/dialect-kit/differential";
import { generatePayload, PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { growthbook } from "@sortition/growthbook/dialect";
import { resolutionOf, subjectOf } from "@sortition/openfeature/resolution";
import { posthog } from "@sortition/posthog/dialect";
import { relayOf } from "../start.js";
import { type DialectName, evaluating } from "./ground.js";

const DIALECTS: Readonly<Record<DialectName, () => Dialect>> = {
  eppo: () => eppo({ refuseRiskyPatterns: true }) as Dialect,
  growthbook: () => growthbook({ refuseRiskyPatterns: true }) as Dialect,
  amplitude: () => amplitude({ refuseRiskyPatterns: true }) as Dialect,
  posthog: () => posthog({ refuseRiskyPatterns: true }) as Dialect,
};
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** Creates a client with a payload; `null` if the payload is unusable. */
function nativeOf(name: DialectName, payload: unknown): Client | null {
  const dialect = DIALECTS[name]();
  try {
    // Some payloads are nested too deeply.
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    const initialConfiguration = Configuration.from({ dialect, payloads: { flags: bytes } });
    return createClient({ dialect, initialConfiguration, diagnostics: SILENT });
  } catch {
    return null;
  }
}

/** An expected result in the protocol's format. */
interface Expected {
  readonly value?: unknown;
  readonly variant?: string | undefined;
  readonly reason?: string;
  readonly code?: string;
}

const PROTOCOL_REASONS = ["STATIC", "TARGETING_MATCH", "SPLIT", "DISABLED"];
const PROTOCOL_CODES = [
  "PARSE_ERROR",
  "INVALID_CONTEXT",
  "TARGETING_KEY_MISSING",
  "FLAG_NOT_FOUND",
];

/** Returns the native client's result in the protocol's format. */
export function nativeAnswer(
  client: Client,
  name: DialectName,
  flagKey: string,
  context: Readonly<Record<string, unknown>>,
): Expected {
  const dialect = DIALECTS[name]();
  const { attributes, key } = subjectOf(context, dialect);
  if (key === null && dialect.needsSubjectKey) {
    return { code: "TARGETING_KEY_MISSING" };
  }
  const details = client.evaluate({ flagKey, subjectKey: key, subjectAttributes: attributes });
  const call = {
    flagKey,
    subjectKey: key,
    details,
    dialect: name,
    openFeature: dialect.openFeature,
  };
  const about = { revision: null, environment: null, isStale: false };
  const { errorCode, reason } = resolutionOf({ ...call, ...about }, details.value, undefined);
  if (errorCode !== undefined) {
    return { code: PROTOCOL_CODES.includes(errorCode) ? errorCode : "GENERAL" };
  }
  return {
    reason: PROTOCOL_REASONS.includes(reason) ? reason : `UNKNOWN ${reason}`,
    ...(!details.isDefault && { value: asJson(details.value) }),
    ...(details.variationKey !== null && { variant: details.variationKey }),
  };
}

export type Json = Readonly<Record<string, unknown>>;

/** Returns a value after it was serialized and parsed. */
export function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify({ value })).value;
}

/** An environment of a relay, and a native client with the same payload. */
export interface GeneratedGround {
  readonly url: string;
  readonly native: Client;
  readonly payload: unknown;
  readonly flagKeys: readonly string[];
}

/** Starts a relay with generated configurations. Unusable configurations and those without flags are skipped. */
export async function generateGrounds(
  random: Random,
  name: DialectName,
  configurations: number,
): Promise<readonly GeneratedGround[]> {
  const usable = Array.from({ length: configurations }, (_, i) => {
    const payload = generatePayload(random, PAYLOADS[name]);
    return { payload, name: `e${i}`, native: nativeOf(name, payload) };
  }).flatMap(({ native, ...it }) => {
    const flagKeys = [...(native?.getFlagKeys() ?? [])];
    return native === null || flagKeys.length === 0 ? [] : [{ ...it, native, flagKeys }];
  });
  const environments = usable.map((it) => evaluating(name, it.payload, { name: it.name }));
  const relay = await relayOf({ environments });
  return usable.map(({ name: environment, ...it }) => ({
    ...it,
    url: `${relay.url}/${environment}`,
  }));
}
