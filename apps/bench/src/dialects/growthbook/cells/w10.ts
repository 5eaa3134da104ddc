import { fork } from "node:child_process";
import { once } from "node:events";
import type { Cell, Participant } from "../../../cells/cell.js";
import { builtFile } from "../../../cells/starting.js";
import { longestStall } from "../../../stall.js";
import { DECRYPTION_KEY } from "../encrypted.js";
import { type Change, MARKER } from "../features.js";
import { type Peer, sortition, vendor } from "../peer.js";

/** How long the event loop is watched after a refresh, which leaves work to be done later. */
const AFTERMATH_MS = 400;

/** Whether every feature changed or one did, and one in payloads that are larger or encrypted. */
export const w10: readonly Cell[] = [
  cell({ id: "all", what: "all changed", change: "all", atMostNs: 5e6 }),
  cell({ id: "one", what: "one changed", change: "one", atMostNs: 2e6 }),
  cell({ id: "groups", what: "one changed, with 1 MB of saved groups", change: "groups" }),
  cell({ id: "encrypted", what: "one changed, encrypted", change: "one", isEncrypted: true }),
];

interface Arrival {
  readonly id: string;
  readonly what: string;
  readonly change: Change;
  readonly isEncrypted?: boolean;
  /** Absent: the stall is only printed. */
  readonly atMostNs?: number;
}

function cell(arrival: Arrival): Cell {
  const { atMostNs, id, what } = arrival;
  return {
    id: `W10-${id}`,
    title: `longest stall of the event loop while 10,000 features arrive, ${what}`,
    unit: "ns",
    participants: [following(sortition, arrival), following(vendor, arrival)],
    effort: {
      full: { rounds: 15, operations: 1, warmUpOperations: 4 },
      quick: { rounds: 2, operations: 1, warmUpOperations: 1 },
    },
    collectsGarbage: true,
    targets:
      atMostNs === undefined
        ? []
        : [{ kind: "limit", participant: sortition.name, atMost: atMostNs }],
    findFault: ({ firstVersion = [] }) =>
      firstVersion[0] === "0" ? null : `version ${firstVersion[0]} is served at first`,
  };
}

function following(peer: Peer, { change, isEncrypted = false }: Arrival): Participant {
  return {
    name: peer.name,
    async prepare() {
      const args = [change, isEncrypted ? "encrypted" : "plain"];
      const server = fork(builtFile("dialects/growthbook/payload-server.js"), args, {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const [port] = await once(server, "message");
      const decryptionKey = isEncrypted ? DECRYPTION_KEY : undefined;
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
