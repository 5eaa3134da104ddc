import type { AssignmentDetails, AttributeValue, Client } from "@sortition/core";
import { Random, seedOr } from "@sortition/dialect-kit/differential";
import {
  type GeneratedCall,
  generateCall,
  generatePayload,
  PAYLOADS,
} from "@sortition/dialect-kit/openfeature";
import { expect } from "vitest";
import { SortitionProvider } from "../../src/index.js";
import { type DialectName, type Ground, groundOf } from "../support/dialects.js";

const CALLS_PER_PAYLOAD = 20;

/** The outcome of many calls. */
export interface Tally {
  readonly reasons: ReadonlySet<string>;
  /** Number of calls without an error. */
  readonly answered: number;
  readonly logged: number;
}

/**
 * Compares the provider with the native client for generated configurations and contexts.
 *
 * @throws AssertionError for the first difference; its message names the seed.
 */
export async function checkCalls(name: DialectName, calls: number): Promise<Tally> {
  const seed = seedOr(27);
  const random = new Random(seed);
  const reasons = new Set<string>();
  let answered = 0;
  let logged = 0;
  for (let done = 0; done < calls; ) {
    const payload = generatePayload(random, PAYLOADS[name]);
    const [ours, native] = groundsOf(name, payload);
    if (ours === undefined || native === undefined) continue; // the whole payload is unusable
    const provider = new SortitionProvider(ours.client);
    const flagKeys = [...ours.client.getFlagKeys()];
    if (flagKeys.length === 0) continue;
    for (let i = 0; i < CALLS_PER_PAYLOAD; i++, done++) {
      const call = generateCall(random, flagKeys);
      const before = structuredClone(call.context);
      const { errorCode, reason, value, variant } = await ask(provider, call);
      const expected = askNative(native.client, call, name);
      const what = { seed, call, flag: payload };
      expect({ ...what, value, variant }).toEqual({ ...what, ...expected });
      expect(ours.events).toEqual(native.events);
      expect(errorCode !== undefined).toBe(reason === "ERROR");
      expect(call.context).toEqual(before);
      reasons.add(errorCode ?? String(reason));
      if (errorCode === undefined) answered += 1;
    }
    logged += ours.events.length;
  }
  return { reasons, answered, logged };
}

function groundsOf(name: DialectName, payload: unknown): Ground[] {
  try {
    const ours = groundOf(name, payload);
    const initialConfiguration = ours.client.getConfiguration();
    const dialect = initialConfiguration?.dialect;
    return [ours, groundOf(name, payload, { dialect, initialConfiguration })];
  } catch {
    return [];
  }
}

function ask(
  provider: SortitionProvider,
  { context, defaultValue, flagKey, getter }: GeneratedCall,
) {
  switch (getter) {
    case "boolean":
      return provider.resolveBooleanEvaluation(flagKey, defaultValue as boolean, context);
    case "string":
      return provider.resolveStringEvaluation(flagKey, defaultValue as string, context);
    case "number":
      return provider.resolveNumberEvaluation(flagKey, defaultValue as number, context);
    default:
      return provider.resolveObjectEvaluation(flagKey, defaultValue as never, context);
  }
}

interface Expected {
  readonly value: unknown;
  readonly variant: string | undefined;
}

/** Returns value and variant of the typed getters, and the events that they log. */
function askNative(client: Client, call: GeneratedCall, name: DialectName): Expected {
  const { context, defaultValue, flagKey, getter } = call;
  const { targetingKey = null, ...members } = context;
  const missing = { value: defaultValue, variant: undefined };
  const attributes = attributesOf(members, name);
  const keyless = targetingKey === null;
  if (keyless && (name === "eppo" || name === "posthog")) return missing;
  const typed = (type: "Boolean" | "String" | "Integer" | "Numeric" | "JSON") =>
    client[`get${type}AssignmentDetails`](
      flagKey,
      targetingKey as string,
      attributes,
      defaultValue as never,
    );
  const untyped = (expectedType: "boolean" | "string" | "number" | "json") =>
    client.evaluate({ flagKey, subjectAttributes: attributes, defaultValue, expectedType });
  switch (getter) {
    case "boolean":
      return expectedOf(keyless ? untyped("boolean") : typed("Boolean"), defaultValue);
    case "string":
      return expectedOf(keyless ? untyped("string") : typed("String"), defaultValue);
    case "number": {
      if (keyless) return expectedOf(untyped("number"), defaultValue);
      const isInteger = client.getConfiguration()?.flag(flagKey)?.valueType === "integer";
      const details = typed(isInteger ? "Integer" : "Numeric");
      const isUndecided =
        details.errorCode === "SORTITION_TYPE_MISMATCH" ||
        (details.isDefault && ["no-allocation", "disabled"].includes(details.reason));
      if (name !== "posthog" || !isUndecided) return expectedOf(details, defaultValue);
      const variant = typed("String");
      const { variationKey } = variant;
      const number = variationKey?.trim() ? Number(variationKey) : Number.NaN;
      const isNumber = !variant.isDefault && Number.isFinite(number);
      return isNumber ? { value: number, variant: variationKey ?? undefined } : missing;
    }
    case "object": {
      const expected = expectedOf(keyless ? untyped("json") : typed("JSON"), defaultValue);
      return kindOf(expected.value) === kindOf(defaultValue) ? expected : missing;
    }
  }
}

function expectedOf(
  { isDefault, value, variationKey }: AssignmentDetails<unknown>,
  defaultValue: unknown,
): Expected {
  if (isDefault) return { value: defaultValue, variant: undefined };
  return { value, variant: variationKey ?? undefined };
}

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "list" : typeof value;
}

/** Converts a context as the guide describes: dates become ISO 8601, and nested values are dropped for Eppo. */
function attributesOf(
  members: object,
  name: DialectName,
): Readonly<Record<string, AttributeValue>> {
  const plain = JSON.parse(JSON.stringify(members)) as Record<string, AttributeValue>;
  if (name !== "eppo") return plain;
  return Object.fromEntries(
    Object.entries(plain).filter(([, value]) => typeof value !== "object" || value === null),
  );
}
