import { VENDORS } from "../dialects/vendors.js";

export type DrilledSdk = (typeof SDKS)[number];

/** All SDKs, with ours after the vendor's. */
export const SDKS = VENDORS.flatMap((vendor) => {
  // GrowthBook has no poller: the application refreshes.
  const note = vendor.name === "growthbook" ? "refreshed by the application" : "";
  const peers = [vendor.sdk, vendor.dropIn].filter((it) => it !== null);
  const sdks = peers.map((peer) => ({ name: peer.name, note, vendor, peer }));
  if (vendor.name !== "eppo") return sdks;
  return [...sdks, { name: "@sortition/node", note, vendor, peer: vendor.native }];
});
