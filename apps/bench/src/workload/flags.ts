import { createRandom } from "./random.js";

/** The format's usual number of shards. */
export const TOTAL_SHARDS = 10_000;

/** A flag as the vendor's server writes it. */
export interface FlagBody {
  readonly key: string;
  readonly enabled: boolean;
  readonly variationType: "BOOLEAN" | "STRING" | "INTEGER" | "NUMERIC" | "JSON";
  readonly variations: Readonly<Record<string, { readonly key: string; readonly value: unknown }>>;
  readonly allocations: readonly AllocationBody[];
  readonly totalShards: number;
}

interface AllocationBody {
  readonly key: string;
  readonly startAt?: string;
  readonly rules?: readonly { readonly conditions: readonly ConditionBody[] }[];
  readonly splits: readonly SplitBody[];
  readonly doLog: boolean;
}

interface ConditionBody {
  readonly attribute: string;
  readonly operator: string;
  readonly value: unknown;
}

interface SplitBody {
  readonly variationKey: string;
  readonly shards: readonly {
    readonly salt: string;
    readonly ranges: readonly { readonly start: number; readonly end: number }[];
  }[];
}

/**
 * The bytes of a configuration, as a server would send them.
 *
 * @param more - other members of the body.
 */
export function configurationBytes(flags: readonly FlagBody[], more: object = {}): Uint8Array {
  const body = {
    createdAt: "2024-04-17T19:40:53.716Z",
    format: "SERVER",
    environment: { name: "production" },
    flags: Object.fromEntries(flags.map((flag) => [flag.key, flag])),
    ...more,
  };
  return new TextEncoder().encode(JSON.stringify(body));
}

/** Cuts all traffic into equal parts, one for each variation, by one hash of `salt`. */
export function evenSplits(salt: string, variationKeys: readonly string[]): readonly SplitBody[] {
  const bound = (i: number): number => Math.round((i * TOTAL_SHARDS) / variationKeys.length);
  return variationKeys.map((variationKey, i) => ({
    variationKey,
    shards: [{ salt, ranges: [{ start: bound(i), end: bound(i + 1) }] }],
  }));
}

/** One of a large shop's flags: `index` decides its type and how it is targeted. */
export function shopFlag(index: number): FlagBody {
  const random = createRandom(index + 1);
  const key = `team-${index % 40}-feature-${index}`;
  const [variationType, values] = SHOP_TYPES[index % SHOP_TYPES.length]!; // index is not negative
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

/**
 * Asks one of the flags of {@link shopBytes}.
 *
 * @throws Error if the answer is not one of the flag's.
 */
export function answerOfShop(client: {
  getStringAssignment(
    flagKey: string,
    subjectKey: string,
    subjectAttributes: Record<string, string>,
    defaultValue: string,
  ): string;
}): void {
  const answer = client.getStringAssignment(shopFlag(1).key, "user-1", {}, "nothing");
  if (answer !== "Buy now") throw new Error(`the answer is "${answer}"`);
}

/** The bytes of a large shop's configuration. */
export function shopBytes(flagCount: number): Uint8Array {
  return configurationBytes(Array.from({ length: flagCount }, (_, index) => shopFlag(index)));
}

const SHOP_TYPES: readonly (readonly [FlagBody["variationType"], readonly unknown[]])[] = [
  ["BOOLEAN", [false, true]],
  ["STRING", ["Buy now", "Add to basket", "Order with obligation to pay"]],
  ["INTEGER", [10, 25, 50]],
  ["NUMERIC", [0.05, 0.1]],
  ["JSON", ['{"layout":"list","columns":1}', '{"layout":"grid","columns":3}']],
];
