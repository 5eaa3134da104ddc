import { amplitude } from "@sortition/amplitude/dialect";
import { type Client, Configuration, createClient, type Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { Random, seedOr } from "@sortition/dialect-kit/differential";
import { generateCall, generatePayload, PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { growthbook } from "@sortition/growthbook/dialect";
import { resolutionOf, subjectOf } from "@sortition/openfeature/resolution";
import { posthog } from "@sortition/posthog/dialect";
import { expect } from "vitest";
import { relayOf } from "../start.js";
import { askAll, askOne, type DialectName, evaluating } from "./ground.js";
import type { CheckSchema } from "./schema.js";

const DIALECTS: Readonly<Record<DialectName, () => Dialect>> = {
  eppo: () => eppo({ refuseRiskyPatterns: true }) as Dialect,
  growthbook: () => growthbook({ refuseRiskyPatterns: true }) as Dialect,
  amplitude: () => amplitude({ refuseRiskyPatterns: true }) as Dialect,
  posthog: () => posthog({ refuseRiskyPatterns: true }) as Dialect,
};
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const CALLS = 20;

/** A client over a payload; `null` if it is unusable as a whole. */
function nativeOf(name: DialectName, payload: unknown): Client | null {
  const dialect = DIALECTS[name]();
  try {
    // Some are nested too deeply.
    const bytes = new TextEncoder().encode(JSON.stringify(payload));
    const initialConfiguration = Configuration.from({ dialect, payloads: { flags: bytes } });
    return createClient({ dialect, initialConfiguration, diagnostics: SILENT });
  } catch {
    return null;
  }
}

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

/** What the native client answers, in the words that the protocol has. */
function nativeAnswer(
  client: Client,
  name: DialectName,
  flagKey: string,
  context: Readonly<Record<string, unknown>>,
): Expected {
  const { attributes, key } = subjectOf(context, name);
  if (key === null && client.getConfiguration()?.dialect.needsSubjectKey === true) {
    return { code: "TARGETING_KEY_MISSING" };
  }
  const details = client.evaluate({ flagKey, subjectKey: key, subjectAttributes: attributes });
  const call = { flagKey, subjectKey: key, details, dialect: name };
  const about = { revision: null, environment: null, isStale: false };
  const { errorCode, reason } = resolutionOf({ ...call, ...about }, details.variation, undefined);
  if (errorCode !== undefined) {
    return { code: PROTOCOL_CODES.includes(errorCode) ? errorCode : "GENERAL" };
  }
  return {
    reason: PROTOCOL_REASONS.includes(reason) ? reason : `UNKNOWN ${reason}`,
    ...(details.how !== null && { value: asJson(details.variation) }),
    ...(details.variationKey !== null && { variant: details.variationKey }),
  };
}

type Json = Readonly<Record<string, unknown>>;

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify({ value })).value;
}

/** The same of an answer of the relay. */
function answerOf(answer: Json): object {
  const { errorCode, key: _, errorDetails: __, metadata, reason, ...others } = answer;
  if (errorCode !== undefined) return { code: errorCode };
  const { reason: further } = (metadata ?? {}) as { readonly reason?: string };
  return { ...others, reason: reason === "UNKNOWN" ? `UNKNOWN ${further}` : reason };
}

/**
 * Asks a relay and the native client the same of generated configurations and contexts, one flag and all flags.
 *
 * @returns reasons and codes that were seen.
 * @throws AssertionError for the first difference, which names the seed.
 */
export async function checkAnswers(
  name: DialectName,
  configurations: number,
  checkSchema: CheckSchema,
): Promise<readonly unknown[]> {
  const seed = seedOr(56);
  const random = new Random(seed);
  const grounds = Array.from({ length: configurations }, (_, i) => {
    const payload = generatePayload(random, PAYLOADS[name]);
    return { payload, name: `e${i}`, native: nativeOf(name, payload) };
  }).filter(({ native }) => native !== null);
  const environments = grounds.map((it) => evaluating(name, it.payload, { name: it.name }));
  const relay = await relayOf({ environments });
  const seen = new Set<unknown>();
  for (const { name: environment, native, payload } of grounds) {
    if (native === null) continue;
    const flagKeys = [...native.getFlagKeys()];
    if (flagKeys.length === 0) continue;
    const url = `${relay.url}/${environment}`;
    for (let i = 0; i < CALLS; i++) {
      const { context, flagKey } = generateCall(random, flagKeys);
      const sent = asJson(context) as Readonly<Record<string, unknown>>;
      const what = { seed, payload, context, flagKey };
      const expected = nativeAnswer(native, name, flagKey, sent);
      const one = await askOne(url, flagKey, sent);
      const body = (await one.json()) as Json;
      expect({ ...what, answer: answerOf(body) }).toEqual({ ...what, answer: expected });
      const [schema, status] =
        expected.code === undefined
          ? ["serverEvaluationSuccess", 200]
          : expected.code === "FLAG_NOT_FOUND"
            ? ["flagNotFound", 404]
            : ["evaluationFailure", 400];
      expect([one.status, checkSchema(`${schema}`, body)]).toEqual([status, []]);
      seen.add(expected.code ?? expected.reason);

      const all = await askAll(url, sent);
      const list = (await all.json()) as { readonly flags: readonly Json[] };
      if (expected.code === "TARGETING_KEY_MISSING") {
        expect([all.status, checkSchema("bulkEvaluationFailure", list)]).toEqual([400, []]);
        continue;
      }
      expect([all.status, checkSchema("bulkEvaluationSuccess", list)]).toEqual([200, []]);
      const answers = list.flags.map((it) => [it["key"], answerOf(it)]);
      const natives = flagKeys.map((it) => [it, nativeAnswer(native, name, it, sent)]);
      expect({ ...what, answers }).toEqual({ ...what, answers: natives });
    }
  }
  return [...seen];
}
