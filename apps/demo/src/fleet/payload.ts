import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { shopConfiguration } from "../shop.js";

/** The flag whose value is the number of the release. */
export const RELEASE_FLAG = "release";

/** Returns the shop's flags, and one that shows which release a worker serves. */
export function releasePayload(release: number): string {
  const { banditReferences: _, ...shop } = JSON.parse(shopConfiguration(1, Date.now()));
  const flag = splitFlag({
    ...{ key: RELEASE_FLAG, name: "all", type: "integer", isExperiment: false },
    ...{ shares: { current: 100 }, values: { current: release } },
  });
  const { flags } = flagsPayload("eppo", [flag]) as { readonly flags: object };
  return JSON.stringify({ ...shop, flags: { ...shop.flags, ...flags } });
}
