import { OFREPProvider } from "@openfeature/ofrep-provider";
import type { ResolutionDetails } from "@openfeature/server-sdk";
import { Random, seedOr } from "@sortition/dialect-kit/differential";
import { type GeneratedCall, generateCall } from "@sortition/dialect-kit/openfeature";
import { expect } from "vitest";
import { VARIABLES } from "../start.js";
import { asJson, type Expected, generateGrounds, type Json, nativeAnswer } from "./generated.js";
import type { DialectName } from "./ground.js";

const CALLS = 20;

/**
 * Compares the official provider for servers with the native client for generated configurations and calls.
 *
 * @returns all reasons and codes that occurred, and why some results cannot equal the native ones.
 * @throws AssertionError for the first difference, which names the seed.
 */
export async function checkProvider(
  name: DialectName,
  configurations: number,
): Promise<readonly string[]> {
  const seed = seedOr(57);
  const random = new Random(seed);
  const seen = new Set<string>();
  const grounds = await generateGrounds(random, name, configurations);
  for (const { flagKeys, native, payload, url } of grounds) {
    const headers: [string, string][] = [["authorization", `Bearer ${VARIABLES.PAGE_TOKEN}`]];
    const provider = new OFREPProvider({ baseUrl: url, headers });
    for (let i = 0; i < CALLS; i++) {
      const call = generateCall(random, flagKeys);
      const answer = await ask(provider, call);
      const untyped = nativeAnswer(native, name, call.flagKey, asJson(call.context) as Json);
      const [expected, why] = ofProvider(untyped, call);
      const what = { seed, payload, call };
      expect({ ...what, answer }).toEqual({ ...what, answer: expected });
      seen.add(why ?? expected.code ?? expected.reason ?? "");
    }
  }
  return [...seen];
}

/** Returns the provider's result for a native result, and why it differs; `null` if it is the same. */
function ofProvider(
  native: Expected,
  { defaultValue }: GeneratedCall,
): readonly [Expected, string | null] {
  if (native.code !== undefined) return [native, null];
  if (!("value" in native)) {
    return [{ code: "GENERAL" }, "the provider does not support responses without a value"];
  }
  if (typeof native.value !== typeof defaultValue) {
    return [{ code: "TYPE_MISMATCH" }, "a request does not say which type it is for"];
  }
  return [{ ...native, reason: native.reason?.split(" ")[0] ?? "" }, null];
}

async function ask(provider: OFREPProvider, call: GeneratedCall): Promise<Expected> {
  try {
    const { reason = "", value, variant } = await resolve(provider, call);
    return { value, reason, ...(variant !== undefined && { variant }) };
  } catch (error) {
    const { code } = error as { readonly code?: string }; // errors of OpenFeature have one
    return { code: code ?? "GENERAL" };
  }
}

function resolve(
  provider: OFREPProvider,
  { context, defaultValue, flagKey, getter }: GeneratedCall,
): Promise<ResolutionDetails<unknown>> {
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
