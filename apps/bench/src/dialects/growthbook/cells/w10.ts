import { fork } from "node:child_process";
import { once } from "node:events";
import type { Cell, Participant } from "../../../cells/cell.js";
import { builtFile } from "../../../cells/starting.js";
import { longestStall } from "../../../stall.js";
import { type Change, DECRYPTION_KEY, MARKER } from "../features.js";
import { type Peer, sortition, vendor } from "../peer.js";

/** How long the event loop is watched after a refresh, which leaves work to be done later. */
const AFTERMATH_MS = 400;

const CHANGES: Readonly<Record<Change, string>> = {
  all: "all changed",
  one: "one changed",
  groups: "one changed, with 1 MB of saved groups",
  encrypted: "one changed, encrypted",
};

/** Whether every feature changed or one did, and one in larger and in encrypted payloads. */
export const w10: readonly Cell[] = [
  cell("all", 5e6),
  cell("one", 2e6),
  cell("groups", null),
  cell("encrypted", null),
];

function cell(change: Change, atMostNs: number | null): Cell {
  return {
    id: `W10-${change}`,
    title: `longest stall of the event loop while 10,000 features arrive, ${CHANGES[change]}`,
    unit: "ns",
    participants: [following(sortition, change), following(vendor, change)],
    effort: {
      full: { rounds: 15, operations: 1, warmUpOperations: 4 },
      quick: { rounds: 2, operations: 1, warmUpOperations: 1 },
    },
    collectsGarbage: true,
    targets:
      atMostNs === null ? [] : [{ kind: "limit", participant: sortition.name, atMost: atMostNs }],
    findFault: ({ firstVersion = [] }) =>
      firstVersion[0] === "0" ? null : `version ${firstVersion[0]} is served at first`,
  };
}

function following(peer: Peer, change: Change): Participant {
  return {
    name: peer.name,
    async prepare() {
      const server = fork(builtFile("dialects/growthbook/payload-server.js"), [change], {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const [port] = await once(server, "message");
      const decryptionKey = change === "encrypted" ? DECRYPTION_KEY : undefined;
      const { ask, refresh } = await peer.follow(`http://127.0.0.1:${port}`, decryptionKey);
      const served = (): unknown => ask(MARKER, "user-1", {});
      let version = 0;
      return {
        answers: { firstVersion: [served()] },
        async run(operations) {
          let figure = 0;
          for (let i = 0; i < operations; i++) {
            version = 1 - version;
            server.send(version);
            await once(server, "message");
            const stall = await longestStall(refresh, AFTERMATH_MS);
            figure = Math.max(figure, stall);
            if (served() !== `${version}`) throw new Error(`version ${served()} is served`);
          }
          return { figure, checksum: version };
        },
      };
    },
  };
}
