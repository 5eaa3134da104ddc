import { shopConfiguration } from "../shop.js";

/** The flag whose value is the number of the release. */
export const RELEASE_FLAG = "release";

/** Returns the shop's flags, and one that shows which release a worker serves. */
export function releasePayload(release: number): string {
  const { banditReferences: _, ...shop } = JSON.parse(shopConfiguration(1, Date.now()));
  const value = { key: "current", value: release };
  const everybody = { key: "all", splits: [{ variationKey: "current", shards: [] }], doLog: false };
  const flag = {
    key: RELEASE_FLAG,
    enabled: true,
    variationType: "INTEGER",
    totalShards: 10_000,
    variations: { current: value },
    allocations: [everybody],
  };
  return JSON.stringify({ ...shop, flags: { ...shop.flags, [RELEASE_FLAG]: flag } });
}
