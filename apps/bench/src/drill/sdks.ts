import type { Peer } from "../dialects/peer.js";
import type { Vendor } from "../dialects/vendor.js";
import { VENDORS } from "../dialects/vendors.js";

export interface DrilledSdk {
  readonly name: string;
  readonly note: string;
  readonly vendor: Vendor;
  readonly peer: Peer;
}

/** Every SDK, ours after its vendor's. Each process starts one of them. */
export const SDKS: readonly DrilledSdk[] = VENDORS.flatMap((vendor) => {
  // GrowthBook has no poller: the application refreshes.
  const note = vendor.name === "growthbook" ? "refreshed by the application" : "";
  const peers = [vendor.sdk, vendor.dropIn].filter((it) => it !== null);
  const sdks = peers.map((peer) => ({ name: peer.name, note, vendor, peer }));
  if (vendor.name !== "eppo") return sdks;
  return [...sdks, { name: "@sortition/node", note, vendor, peer: vendor.native }];
});
