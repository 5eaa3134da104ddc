import type { Cell, Participant } from "../../../cells/cell.js";
import { REFRESHING, refreshing } from "../../../cells/refreshing.js";
import { type Arrival, DECRYPTION_KEY } from "../encrypted.js";
import { MARKER } from "../features.js";
import { type Peer, sortition, vendor } from "../peer.js";

/** What arrives, and the longest stall that is allowed; `null`: it is only printed. */
const ARRIVALS: readonly (readonly [arrival: Arrival, what: string, atMostNs: number | null])[] = [
  ["all", "all changed", 5e6],
  ["one", "one changed", 2e6],
  ["groups", "one changed, with 1 MB of saved groups", null],
  ["encrypted", "one changed, encrypted", null],
];

export const w10: readonly Cell[] = ARRIVALS.map(([arrival, what, atMostNs]) => {
  return {
    ...REFRESHING,
    id: `W10-${arrival}`,
    title: `longest stall of the event loop while 10,000 features arrive, ${what}`,
    participants: [following(sortition, arrival), following(vendor, arrival)],
    targets:
      atMostNs === null ? [] : [{ kind: "limit", participant: sortition.name, atMost: atMostNs }],
  };
});

function following(peer: Peer, arrival: Arrival): Participant {
  const server = ["dialects/growthbook/payload-server.js", arrival] as const;
  const decryptionKey = arrival === "encrypted" ? DECRYPTION_KEY : undefined;
  return refreshing(peer.name, server, async (baseUrl) => {
    const { ask, refresh } = await peer.follow(baseUrl, decryptionKey);
    return { refresh, version: () => ask(MARKER, "user-1", {}) };
  });
}
