import { once } from "node:events";
import { get } from "node:http";
import type { Cell, Participant } from "../../../cells/cell.js";
import {
  AFTERMATH_MS,
  REFRESHING,
  refreshing,
  startVersionsServer,
} from "../../../cells/refreshing.js";
import { longestStall } from "../../../stall.js";
import { eppo } from "../peers/eppo.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { type Change, MARKER } from "../workload/versions.js";

const SERVER = "dialects/eppo/payload-server.js";

/** A payload of which every flag changed. */
export const w10All: Cell = cell("all", 5e6);

/** A payload of which one flag changed. */
export const w10One: Cell = cell("one", 2e6);

function cell(change: Change, atMostNs: number): Cell {
  return {
    ...REFRESHING,
    id: `W10-${change}`,
    title: `longest stall of the event loop while 10,000 flags arrive, ${change} changed`,
    participants: [following(sortition, change), following(eppo, change), receiving(change)],
    targets: [{ kind: "limit", participant: sortition.name, atMost: atMostNs }],
  };
}

function following(peer: Peer, change: Change): Participant {
  return refreshing(peer.name, [SERVER, change], async (baseUrl) => {
    const { client, refresh } = await peer.follow(baseUrl);
    const version = () => client.getStringAssignment(MARKER, "user-1", {}, "nothing");
    return { refresh, version };
  });
}

/** What it takes to receive the bytes and drop them: whatever is read in one turn stalls it. */
function receiving(change: Change): Participant {
  return {
    name: "floor: receiving",
    async prepare() {
      const { baseUrl } = await startVersionsServer(SERVER, change);
      return {
        answers: {},
        async run() {
          let size = 0;
          const figure = await longestStall(async () => {
            const [response] = await once(get(baseUrl), "response");
            for await (const chunk of response) size += chunk.length;
          }, AFTERMATH_MS);
          return { figure, checksum: size };
        },
      };
    },
  };
}
