import type { Cell, Participant } from "../../../cells/cell.js";
import { REFRESHING, refreshing } from "../../../cells/refreshing.js";
import { type Change, MARKER } from "../features.js";
import { type Peer, sortition, vendor } from "../peer.js";

/** A payload of which every feature changed, of which one did, and one with 1 MB of saved groups. */
export const w10: readonly Cell[] = [cell("all", 5e6), cell("one", 2e6), cell("groups", null)];

function cell(change: Change, atMostNs: number | null): Cell {
  const what = change === "groups" ? "one changed, with 1 MB of saved groups" : `${change} changed`;
  return {
    ...REFRESHING,
    id: `W10-${change}`,
    title: `longest stall of the event loop while 10,000 features arrive, ${what}`,
    participants: [following(sortition, change), following(vendor, change)],
    targets:
      atMostNs === null ? [] : [{ kind: "limit", participant: sortition.name, atMost: atMostNs }],
  };
}

function following(peer: Peer, change: Change): Participant {
  const server = ["dialects/growthbook/payload-server.js", change] as const;
  return refreshing(peer.name, server, async (baseUrl) => {
    const { ask, refresh } = await peer.follow(baseUrl);
    return { refresh, version: () => ask(MARKER, "user-1", {}) };
  });
}
