import { Random, seedOr } from "@sortition/dialect-kit/differential";
import { generateCall } from "@sortition/dialect-kit/openfeature";
import { expect } from "vitest";
import { asJson, generateGrounds, type Json, nativeAnswer } from "./generated.js";
import { askAll, askOne, type DialectName } from "./ground.js";
import type { CheckSchema } from "./schema.js";

const CALLS = 20;

/** Converts a response of the relay to the same form. */
function answerOf(answer: Json): object {
  const { errorCode, key: _, errorDetails: __, metadata, reason, ...others } = answer;
  if (errorCode !== undefined) return { code: errorCode };
  const { reason: further } = (metadata ?? {}) as { readonly reason?: string };
  return { ...others, reason: reason === "UNKNOWN" ? `UNKNOWN ${further}` : reason };
}

/**
 * Compares a relay with the native client for generated configurations and contexts, for single flags and in bulk.
 *
 * @returns all reasons and codes that occurred.
 * @throws AssertionError for the first difference, which names the seed.
 */
export async function checkAnswers(
  name: DialectName,
  configurations: number,
  checkSchema: CheckSchema,
): Promise<readonly unknown[]> {
  const seed = seedOr(56);
  const random = new Random(seed);
  const seen = new Set<unknown>();
  const grounds = await generateGrounds(random, name, configurations);
  for (const { flagKeys, native, payload, url } of grounds) {
    for (let i = 0; i < CALLS; i++) {
      const { context, flagKey } = generateCall(random, flagKeys);
      const sent = asJson(context) as Json;
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
