import { once } from "node:events";
import { get } from "node:http";
import type { Following, Peer } from "../dialects/peer.js";
import { participantsOf, type Vendor } from "../dialects/vendor.js";
import { arrivalsOf, MARKER } from "../dialects/writer.js";
import { ask, nextMessage, startProgram } from "../process/child.js";
import { longestStall } from "../stall.js";
import { type Cell, cellOf, effortOf, type Task } from "./cell.js";
import { visitorsOf } from "./evaluations.js";
import { limit } from "./target.js";

/** How long the event loop is watched after a refresh, because some work is deferred. */
const AFTERMATH_MS = 400;
/** Limits of the longest stall, by change. */
const LIMITS: Readonly<Record<string, number>> = { all: 5e6, one: 2e6 };

interface Follower extends Pick<Following, "refresh"> {
  version(): unknown;
}

/** A server of two versions, in its own process. */
interface PayloadServer {
  readonly baseUrl: string;
  serve(version: number): Promise<unknown>;
}

export function refreshesOf(vendor: Vendor): readonly Cell[] {
  return Object.entries(arrivalsOf(vendor.writer)).map(([arrival, { decryptionKey, what }]) => {
    const start = () => startPayloadServer(vendor.name, arrival);
    const atMost = LIMITS[arrival];
    const prepare = async (peer: Peer) => {
      const server = await start();
      return refreshing(vendor, server, await peer.follow(server.baseUrl, { decryptionKey }));
    };
    return cellOf({
      id: `W10-${arrival}`,
      title: `longest stall of the event loop while 10,000 flags arrive, ${what}`,
      participants: [
        ...participantsOf(vendor, prepare, { share: 1 }),
        { name: "floor: receiving", prepare: async () => receiving(await start()) },
      ],
      effort: effortOf([15, 1, 4], [2, 1, 1]),
      collectsGarbage: true,
      targets: atMost === undefined ? [] : [limit(vendor.native.name, atMost)],
      // Each refresh checks its own version.
      findFault: ({ firstVersion = [] }) =>
        firstVersion[0] === "0" ? null : `version ${firstVersion[0]} is served at first`,
    });
  });
}

/** Creates a task that refreshes from a server, which alternates between versions 0 and 1. The figure is the longest stall. */
async function refreshing(
  vendor: Vendor,
  { serve }: PayloadServer,
  { refresh, string }: Following,
): Promise<Task> {
  const [visitor] = visitorsOf(vendor, ["user-1"]);
  const follower: Follower = { refresh, version: () => string(MARKER, visitor!) }; // the list is not empty
  let version = 0;
  return {
    answers: { firstVersion: [await follower.version()] },
    async run(operations) {
      let figure = 0;
      for (let i = 0; i < operations; i++) {
        version = 1 - version;
        await serve(version);
        const stall = await longestStall(() => refreshTo(version, follower), AFTERMATH_MS);
        figure = Math.max(figure, stall);
      }
      return { figure, checksum: version };
    },
  };
}

/** Creates a task that receives the bytes and drops them. Reading many bytes in one turn stalls the event loop. */
function receiving({ baseUrl }: PayloadServer): Task {
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
}

/** Refreshes. @throws Error if another version is served afterwards. */
export async function refreshTo(version: number, follower: Follower): Promise<void> {
  await follower.refresh();
  const served = await follower.version();
  if (served !== `${version}`) throw new Error(`version ${served} is served, not ${version}`);
}

/** Starts a server of a changing payload, or of a shop. */
export async function startPayloadServer(dialect: string, payload: string): Promise<PayloadServer> {
  const server = startProgram("dialects/payload-server.js", [dialect, payload]);
  return {
    baseUrl: await nextMessage<string>(server),
    serve: (version) => ask(server, version),
  };
}
