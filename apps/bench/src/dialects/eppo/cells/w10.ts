import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { get } from "node:http";
import { fileURLToPath } from "node:url";
import type { Cell, Participant } from "../../../cells/cell.js";
import { longestStall } from "../../../stall.js";
import { eppo } from "../peers/eppo.js";
import type { Follower, Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { type Change, MARKER } from "../workload/versions.js";

/** How long the event loop is watched after a refresh, which leaves work to be done later. */
const AFTERMATH_MS = 400;

/** A payload of which every flag changed. */
export const w10All: Cell = cell("all", 5e6);

/** A payload of which one flag changed. */
export const w10One: Cell = cell("one", 2e6);

function cell(change: Change, atMostNs: number): Cell {
  return {
    id: `W10-${change}`,
    title: `longest stall of the event loop while 10,000 flags arrive, ${change} changed`,
    unit: "ns",
    participants: [following(sortition, change), following(eppo, change), receiving(change)],
    effort: {
      full: { rounds: 15, operations: 1, warmUpOperations: 4 },
      quick: { rounds: 2, operations: 1, warmUpOperations: 1 },
    },
    collectsGarbage: true,
    targets: [{ kind: "limit", participant: sortition.name, atMost: atMostNs }],
    // Each further refresh is checked when it is made.
    findFault: ({ firstVersion = [] }) =>
      firstVersion[0] === "0" ? null : `version ${firstVersion[0]} is served at first`,
  };
}

function following(peer: Peer, change: Change): Participant {
  return {
    name: peer.name,
    async prepare() {
      const { server, baseUrl } = await startServer(change);
      const follower = await peer.follow(baseUrl);
      let version = 0;
      return {
        answers: { firstVersion: [servedVersion(follower)] },
        async run(operations) {
          let figure = 0;
          for (let i = 0; i < operations; i++) {
            version = 1 - version;
            await serve(server, version);
            figure = Math.max(
              figure,
              await longestStall(() => refreshTo(version, follower), AFTERMATH_MS),
            );
          }
          return { figure, checksum: version };
        },
      };
    },
  };
}

/** @throws Error if another version is served afterwards. */
export async function refreshTo(version: number, follower: Follower): Promise<void> {
  await follower.refresh();
  const served = servedVersion(follower);
  if (served !== `${version}`) throw new Error(`version ${served} is served, not ${version}`);
}

function servedVersion({ client }: Follower): string {
  return client.getStringAssignment(MARKER, "user-1", {}, "nothing");
}

/** What it takes to receive the bytes and drop them: whatever is read in one turn stalls it. */
function receiving(change: Change): Participant {
  return {
    name: "floor: receiving",
    async prepare() {
      const { baseUrl } = await startServer(change);
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

async function startServer(
  change: Change,
): Promise<{ readonly server: ChildProcess; readonly baseUrl: string }> {
  const file = fileURLToPath(new URL("./dialects/eppo/payload-server.js", import.meta.url));
  const server = fork(file, [change], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const [port] = await once(server, "message");
  return { server, baseUrl: `http://127.0.0.1:${port}` };
}

async function serve(server: ChildProcess, version: number): Promise<void> {
  server.send(version);
  await once(server, "message");
}
