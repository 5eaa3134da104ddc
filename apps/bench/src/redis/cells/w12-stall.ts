import { setImmediate as nextTurn } from "node:timers/promises";
import type { Client } from "@sortition/node";
import { type Cell, cellOf, effortOf } from "../../cells/cell.js";
import { limit } from "../../cells/target.js";
import { longestStalls } from "../../stall.js";
import { absenceOfRedis, followFleet } from "../fleet.js";
import { HUGE, servedVersion } from "../payload.js";

const FOLLOWER = "sortition, a follower";
const WITH_CORE = "the same without waiting for a core";
/** How long the event loop is watched after a change, because some work is deferred. */
const AFTERMATH_MS = 400;

function nextChange(client: Client): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.on("configuration-changed", () => {
      stop();
      resolve();
    });
  });
}

/**
 * A large configuration is received from Redis, which includes decompression, hashing and compilation. The target applies to
 * the worst round, with and without the time in which the follower waited for a core.
 */
export const w12Stall: Cell = cellOf({
  id: "W12-stall",
  title: "longest stall of a follower's event loop while 10,000 flags (9 MB) arrive from Redis",
  participants: [
    {
      name: FOLLOWER,
      absence: absenceOfRedis,
      async prepare() {
        const { change, client, reads } = await followFleet(HUGE, { givesWay: true });
        return {
          answers: { firstVersion: [servedVersion(client)] },
          async run(operations) {
            let figure = 0;
            let figureWithCore = 0;
            let version = 0;
            for (let i = 0; i < operations; i++) {
              const changed = nextChange(client);
              const readsBefore = reads();
              version = await change();
              // Nothing is measured until the publisher has finished.
              while (reads() === readsBefore) await nextTurn();
              const stalls = await longestStalls(() => changed, AFTERMATH_MS);
              figure = Math.max(figure, stalls.longestNs);
              figureWithCore = Math.max(figureWithCore, stalls.longestWithCoreNs);
              const served = servedVersion(client);
              if (served !== version)
                throw new Error(`version ${served} is served, not ${version}`);
            }
            return { figure, also: { [WITH_CORE]: figureWithCore }, checksum: version };
          },
        };
      },
    },
  ],
  effort: effortOf([30, 1, 4], [2, 1, 1]),
  collectsGarbage: true,
  targets: [FOLLOWER, WITH_CORE].map((participant) => limit(participant, 5e6, "max")),
  hasTail: true,
  findFault: ({ firstVersion = [] }) =>
    firstVersion[0] === 1 ? null : `version ${firstVersion[0]} is served at first`,
});
