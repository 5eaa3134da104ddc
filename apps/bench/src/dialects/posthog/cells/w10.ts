import type { Cell, Participant } from "../../../cells/cell.js";
import { REFRESHING, refreshing } from "../../../cells/refreshing.js";
import { type Change, MARKER } from "../definitions.js";
import { facade, native, type Peer, vendor } from "../peers.js";

/** Definitions of which every flag changed, of which one did, and one with 5 MB of cohorts. */
export const w10: readonly Cell[] = [cell("all", 5e6), cell("one", 2e6), cell("cohorts", null)];

function cell(change: Change, atMost: number | null): Cell {
  const what = change === "cohorts" ? "one changed, with 5 MB of cohorts" : `${change} changed`;
  return {
    ...REFRESHING,
    id: `W10-${change}`,
    title: `longest stall of the event loop while 10,000 flags arrive, ${what}`,
    participants: [native, vendor, facade].map((peer) => following(peer, change)),
    targets: atMost === null ? [] : [{ kind: "limit", participant: native.name, atMost }],
  };
}

function following(peer: Peer, change: Change): Participant {
  const server = ["dialects/posthog/payload-server.js", change] as const;
  return refreshing(peer.name, server, async (baseUrl) => {
    const client = await peer.follow(baseUrl);
    return {
      refresh: () => client.refresh(),
      version: () => client.variant(MARKER, { key: "user-1", properties: {} }),
    };
  });
}
