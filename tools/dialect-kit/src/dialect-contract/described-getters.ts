import { type Configuration, DecodeError } from "@sortition/core";
import { isInPart } from "@sortition/test-kit";
import { expect } from "vitest";
import { HOSTILE_VALUES, type HostileValue } from "../fuzz/hostile-values.js";
import { pathsOf } from "../fuzz/json-path.js";
import { type Mutation, mutationText } from "../fuzz/mutation.js";
import type { DialectCheck } from "./check.js";
import { askDetails, VALUE_TYPES } from "./getters.js";
import type { DialectHarness } from "./harness.js";
import {
  type Bodies,
  clientOf,
  compile,
  configurationOf,
  mutatedBodies,
  payloadsOf,
} from "./payloads.js";

/** Number of hostile values to replace each node of a payload with. */
const VALUES_PER_NODE = Number(process.env["SORTITION_VALUES_PER_NODE"] ?? 1);

/** Rules about the getters that an explainer describes. */
export const DESCRIBED_GETTERS: readonly DialectCheck[] = [
  {
    name: "describes the getters that return values for a flag, and all of these values",
    async check(harness) {
      const { explainer } = harness;
      if (explainer === undefined) return;
      const configuration = await configurationOf(harness);
      const client = clientOf(configuration);
      const found = new Set<string>();
      for (const asked of harness.calls) {
        const key = explainer.payloadKey(configuration, asked.flagKey);
        const getters = key === null ? [] : explainer.gettersOf(configuration, key);
        for (const type of VALUE_TYPES) {
          const { isDefault, value } = askDetails(client, { ...asked, type });
          const getter = getters.find((it) => it.type === type);
          const call = `${asked.flagKey} as ${type}`;
          if (!isDefault) {
            found.add(call);
            expect(getter?.values, call).toContainEqual(value);
            expect(getter?.assigned, call).toContainEqual(value);
          } else expect(getter?.isForAll ?? false, call).toBe(false);
        }
      }
      expect(found.size).toBeGreaterThan(0);
    },
  },
  {
    name: "promises a value for every subject only if none gets an error, however malformed a flag is",
    async check(harness) {
      const found: string[] = [];
      for (const [part, document] of Object.entries(harness.documents)) {
        for (const [i, mutation] of mutationsOf(document).entries()) {
          if (!isInPart(i, Math.floor(i / HOSTILE_VALUES.length))) continue;
          const bodies = await mutatedBodies(harness, part, mutation);
          const configuration = await compiledOrNull(harness, bodies);
          if (configuration === null) continue;
          const isBottomless = mutation.value.name.startsWith("bottomless");
          const broken = brokenPromises(harness, configuration, isBottomless);
          found.push(...broken.map((it) => `${part}: ${mutationText(mutation)}: ${it}`));
        }
      }
      expect(found).toEqual([]);
    },
  },
];

/** Replaces each node of a document with hostile values, which consecutive nodes take in turn. */
function mutationsOf(document: unknown): readonly Mutation[] {
  return [...pathsOf(document)].flatMap((path, index) =>
    Array.from({ length: VALUES_PER_NODE }, (_, i) => {
      const at = (index * VALUES_PER_NODE + i) % HOSTILE_VALUES.length;
      return { path, value: HOSTILE_VALUES[at] as HostileValue }; // at < length
    }),
  );
}

/**
 * Returns the calls that get none of the values that their getter promises to every subject.
 *
 * @param isBottomless - whether evaluations may overflow the stack. Then getters are only listed.
 */
function brokenPromises(
  { calls, explainer }: DialectHarness,
  configuration: Configuration,
  isBottomless: boolean,
): readonly string[] {
  const client = clientOf(configuration);
  return [...new Set(calls.map(({ flagKey }) => flagKey))].flatMap((flagKey) => {
    const key = explainer?.payloadKey(configuration, flagKey) ?? null;
    const getters = key === null ? [] : (explainer?.gettersOf(configuration, key) ?? []);
    const asking = calls.filter((it) => it.flagKey === flagKey);
    const pairs = asking.flatMap((asked) => getters.map((getter) => ({ asked, ...getter })));
    return pairs.flatMap(({ asked, assigned, isForAll, type }) => {
      if (!isForAll || isBottomless) return [];
      const { isDefault, value } = askDetails(client, { ...asked, type });
      const text = JSON.stringify(value);
      if (!isDefault && assigned.some((it) => JSON.stringify(it) === text)) return [];
      const result = isDefault ? "the default" : text;
      return [`${flagKey} as ${type} for ${asked.subjectKey} is ${result}`];
    });
  });
}

/** Compiles a payload, or returns `null` if it is unusable as a whole. */
async function compiledOrNull(
  harness: DialectHarness,
  bodies: Bodies,
): Promise<Configuration | null> {
  try {
    return await compile(harness.createDialect(), payloadsOf(bodies));
  } catch (error) {
    if (error instanceof DecodeError) return null;
    throw error;
  }
}
