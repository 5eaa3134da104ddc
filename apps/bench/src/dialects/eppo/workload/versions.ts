import { configurationBytes, type FlagBody, TOTAL_SHARDS } from "./flags.js";
import { shopFlag } from "./shop.js";

/** The flag whose value is the version of the served configuration. */
export const MARKER = "served-version";
const FLAG_COUNT = 10_000;

/** What changes from one version to the next. */
export type Change = "all" | "one";

/** Version 0 or 1 of a large configuration, between which all flags or only {@link MARKER} differ. */
export function versionBytes(
  change: Change,
  version: number,
  flagCount: number = FLAG_COUNT,
): Uint8Array {
  const others = Array.from({ length: flagCount - 1 }, (_, index) => ({
    ...shopFlag(index),
    entityId: change === "all" ? version : 0,
  }));
  return configurationBytes([...others, marker(`${version}`)]);
}

function marker(value: string): FlagBody {
  return {
    key: MARKER,
    enabled: true,
    variationType: "STRING",
    variations: { it: { key: "it", value } },
    allocations: [{ key: "all", splits: [{ variationKey: "it", shards: [] }], doLog: true }],
    totalShards: TOTAL_SHARDS,
  };
}
