import { createRandom } from "../../../workload/random.js";
import { configurationBytes, evenSplits, type FlagBody, TOTAL_SHARDS } from "./flags.js";

/** One of a large shop's flags. `index` determines its type and its targeting. */
export function shopFlag(index: number): FlagBody {
  const random = createRandom(index + 1);
  const key = `team-${index % 40}-feature-${index}`;
  const [variationType, values] = TYPES[index % TYPES.length]!; // index is not negative
  const variationKeys = values.map((_, i) => (i === 0 ? "control" : `treatment-${i}`));
  const minimumVersion = `${Math.floor(random() * 9)}.${Math.floor(random() * 20)}.0`;
  return {
    key,
    enabled: index % 10 !== 9,
    variationType,
    variations: Object.fromEntries(
      values.map((value, i) => [variationKeys[i], { key: variationKeys[i]!, value }]),
    ),
    allocations: [
      {
        key: `${key}-experiment`,
        startAt: "2024-01-01T00:00:00.000Z",
        rules: [
          {
            conditions: [
              { attribute: "country", operator: "ONE_OF", value: ["DE", "FR", "IT", "PL", "ES"] },
              { attribute: "appVersion", operator: "GTE", value: minimumVersion },
            ],
          },
        ],
        splits: evenSplits(`${key}-split`, variationKeys),
        doLog: true,
      },
      { key: `${key}-rest`, splits: [{ variationKey: "control", shards: [] }], doLog: false },
    ],
    totalShards: TOTAL_SHARDS,
  };
}

/** The bytes of a large shop's configuration. */
export function shopBytes(flagCount: number): Uint8Array {
  return configurationBytes(Array.from({ length: flagCount }, (_, index) => shopFlag(index)));
}

/** The part of a client that is used here. */
interface TextClient {
  getStringAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Record<string, string>,
    defaultValue: string,
  ): string;
}

/** Evaluates the string flags among the first `flagCount`: every fifth. */
export function askTexts(client: TextClient, flagCount: number): readonly string[] {
  return Array.from({ length: flagCount / TYPES.length }, (_, i) =>
    client.getStringAssignment(shopFlag(i * TYPES.length + 1).key, "user-1", ATTRIBUTES, "nothing"),
  );
}

/**
 * Evaluates one flag for a subject that it does not target.
 *
 * @throws Error if the answer is not the expected one.
 */
export function askOneText(client: TextClient): void {
  const answer = client.getStringAssignment(TEXT_FLAG_KEY, "user-1", {}, "nothing");
  if (answer !== "Buy now") throw new Error(`the answer is "${answer}"`);
}

/** Returns what is wrong with these answers, or `null`. */
export function findFaultOfTexts(texts: readonly unknown[]): string | null {
  return new Set(texts).size >= 3 ? null : "the flags give too few different answers";
}

/** Matches every rule except some minimum versions. */
export const ATTRIBUTES = { country: "DE", appVersion: "5.0.0" };
const TYPES: readonly (readonly [FlagBody["variationType"], readonly unknown[]])[] = [
  ["BOOLEAN", [false, true]],
  ["STRING", ["Buy now", "Add to basket", "Order with obligation to pay"]],
  ["INTEGER", [10, 25, 50]],
  ["NUMERIC", [0.05, 0.1]],
  ["JSON", ['{"layout":"list","columns":1}', '{"layout":"grid","columns":3}']],
];

/** Computed once: a cold start that is timed does not pay for it. */
const TEXT_FLAG_KEY = shopFlag(1).key;
