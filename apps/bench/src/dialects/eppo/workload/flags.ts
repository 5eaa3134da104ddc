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

/** Splits all traffic evenly between the variations, by one hash of `salt`. */
export function evenSplits(salt: string, variationKeys: readonly string[]): readonly SplitBody[] {
  const { length } = variationKeys;
  return variationKeys.map((variationKey, i) => ({
    variationKey,
    shards: [{ salt, ranges: [{ start: evenBound(i, length), end: evenBound(i + 1, length) }] }],
  }));
}

/** Index of the part, of so many equal ones, that contains a shard. */
export function shareOf(shard: number, partCount: number): number {
  let part = 0;
  while (shard >= evenBound(part + 1, partCount)) part += 1;
  return part;
}

function evenBound(part: number, partCount: number): number {
  return Math.round((part * TOTAL_SHARDS) / partCount);
}
