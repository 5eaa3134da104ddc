import { seededRandom } from "@sortition/test-kit/random";
import { COUNTRIES, LEAST_VERSION, RANKINGS } from "../../workload/audience.js";
import type { FlagBody, Writer } from "../writer.js";

export const TOTAL_SHARDS = 10_000;
const TIERS: readonly string[] = ["silver", "gold"];

export interface EppoFlag extends FlagBody {
  readonly variationType: "BOOLEAN" | "STRING" | "INTEGER" | "NUMERIC" | "JSON";
  readonly allocations: readonly object[];
}

const TYPES: readonly (readonly [EppoFlag["variationType"], readonly unknown[]])[] = [
  ["BOOLEAN", [false, true]],
  ["STRING", ["Buy now", "Add to basket", "Order with obligation to pay"]],
  ["INTEGER", [10, 25, 50]],
  ["NUMERIC", [0.05, 0.1]],
  ["JSON", ['{"layout":"list","columns":1}', '{"layout":"grid","columns":3}']],
];

export const eppoWriter: Writer = {
  member: "flags",
  bytes(flags, more = {}) {
    const body = {
      createdAt: "2024-04-17T19:40:53.716Z",
      format: "SERVER",
      environment: { name: "production" },
      flags: Object.fromEntries(flags.map((flag) => [flag.key, flag])),
      ...more,
    };
    return new TextEncoder().encode(JSON.stringify(body));
  },
  halves: [false, true],
  half: (key) =>
    flagOf(key, "BOOLEAN", { off: false, on: true }, [
      { key: "halves", splits: evenSplits(saltOf(key), ["off", "on"]), doLog: true },
    ]),
  unlogged(flag) {
    const { allocations } = flag as EppoFlag; // created above
    return { ...flag, allocations: allocations.map((it) => ({ ...it, doLog: false })) };
  },
  targeted: (key) =>
    textFlag(key, RANKINGS, {
      rules: [
        {
          conditions: [
            { attribute: "country", operator: "ONE_OF", value: COUNTRIES },
            { attribute: "appVersion", operator: "GTE", value: LEAST_VERSION },
          ],
        },
      ],
      splits: evenSplits(saltOf(key), RANKINGS),
    }),
  ruled: (key, ruleCount) =>
    textFlag(key, TIERS, {
      rules: Array.from({ length: ruleCount }, (_, i) => ({
        conditions: [
          { attribute: "plan", operator: "ONE_OF", value: [`plan-${i}`, `plan-${i}-trial`] },
          { attribute: "age", operator: "GTE", value: 18 },
        ],
      })),
      splits: evenSplits(saltOf(key), TIERS),
    }),
  listed: (key, value) =>
    textFlag(key, ["invited"], {
      rules: [{ conditions: [{ attribute: "account", operator: "ONE_OF", value }] }],
      splits: [{ variationKey: "invited", shards: [] }],
    }),
  shop: shopFlag,
  fixed: (key, value) =>
    flagOf(key, "STRING", { it: value }, [
      { key: "all", splits: [{ variationKey: "it", shards: [] }], doLog: true },
    ]),
};

export function saltOf(key: string): string {
  return `${key}-split`;
}

/** Values of {@link eppoWriter}'s flag with rules, in the order of its splits. */
export const RULED_VALUES: readonly string[] = TIERS;

function flagOf(
  key: string,
  variationType: EppoFlag["variationType"],
  values: Readonly<Record<string, unknown>>,
  allocations: readonly object[],
  enabled = true,
): EppoFlag {
  const variations = Object.fromEntries(
    Object.entries(values).map(([it, value]) => [it, { key: it, value }]),
  );
  return { key, enabled, variationType, variations, allocations, totalShards: TOTAL_SHARDS };
}

/** Creates a string flag. Each variation's value is its key. */
function textFlag(key: string, values: readonly string[], allocation: object): EppoFlag {
  const variations = Object.fromEntries(values.map((it) => [it, it]));
  return flagOf(key, "STRING", variations, [{ key: "targeted", ...allocation, doLog: true }]);
}

function shopFlag(index: number): EppoFlag {
  const random = seededRandom(index + 1);
  const key = `team-${index % 40}-feature-${index}`;
  const [variationType, values] = TYPES[index % TYPES.length]!; // index is not negative
  const names = values.map((_, i) => (i === 0 ? "control" : `treatment-${i}`));
  const value = `${Math.floor(random() * 9)}.${Math.floor(random() * 20)}.0`;
  const conditions = [
    { attribute: "country", operator: "ONE_OF", value: COUNTRIES },
    { attribute: "appVersion", operator: "GTE", value },
  ];
  return flagOf(
    key,
    variationType,
    Object.fromEntries(values.map((it, i) => [names[i]!, it])), // equally long
    [
      {
        key: `${key}-experiment`,
        startAt: "2024-01-01T00:00:00.000Z",
        rules: [{ conditions }],
        splits: evenSplits(saltOf(key), names),
        doLog: true,
      },
      { key: `${key}-rest`, splits: [{ variationKey: "control", shards: [] }], doLog: false },
    ],
    index % 10 !== 9,
  );
}

/** Splits all traffic evenly between the variations, with one hash of `salt`. */
function evenSplits(salt: string, variationKeys: readonly string[]): readonly object[] {
  const { length } = variationKeys;
  return variationKeys.map((variationKey, i) => ({
    variationKey,
    shards: [{ salt, ranges: [{ start: evenBound(i, length), end: evenBound(i + 1, length) }] }],
  }));
}

/** Returns which of `partCount` equal parts contains a shard. */
export function shareOf(shard: number, partCount: number): number {
  let part = 0;
  while (shard >= evenBound(part + 1, partCount)) part += 1;
  return part;
}

function evenBound(part: number, partCount: number): number {
  return Math.round((part * TOTAL_SHARDS) / partCount);
}
