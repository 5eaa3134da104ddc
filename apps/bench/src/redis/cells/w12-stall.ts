import type { Client } from "@sortition/node";
import type { Cell } from "../../cells/cell.js";
import { longestStall } from "../../stall.js";
import { absenceOfRedis, startFleet } from "../fleet.js";
import { openFleet } from "../open-fleet.js";
import { HUGE, servedVersion } from "../payload.js";

const FOLLOWER = "sortition, a follower";
/** How long the event loop is watched after a change, which leaves work to be done later. */
const AFTERMATH_MS = 400;
const TIMINGS = { pollIntervalMs: 2_000, leaseMs: 5_000, overdueAfterMs: 10_000 };

function nextChange(client: Client): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.on("configuration-changed", () => {
      stop();
      resolve();
    });
  });
}

/**
 * A large configuration arrives from Redis: decompression, hash and compilation take turns. The target is
 * held against the worst round.
 */
export const w12Stall: Cell = {
  id: "W12-stall",
  title: "longest stall of a follower's event loop while 10,000 flags (9 MB) arrive from Redis",
  unit: "ns",
  participants: [
    {
      name: FOLLOWER,
      absence: absenceOfRedis,
      async prepare() {
        const fleet = await startFleet(HUGE, 1, TIMINGS, { givesWay: true });
        const { client } = openFleet(fleet.setup, { eligible: false });
        await client.waitForInitialization({ timeoutMs: 60_000 });
        return {
          answers: { firstVersion: [servedVersion(client)] },
          async run(operations) {
            let figure = 0;
            let version = 0;
            for (let i = 0; i < operations; i++) {
              const work = async (): Promise<void> => {
                const changed = nextChange(client);
                version = await fleet.change();
                await changed;
              };
              figure = Math.max(figure, await longestStall(work, AFTERMATH_MS));
              const served = servedVersion(client);
              if (served !== version)
                throw new Error(`version ${served} is served, not ${version}`);
            }
            return { figure, checksum: version };
          },
        };
      },
    },
  ],
  effort: {
    full: { rounds: 15, operations: 1, warmUpOperations: 4 },
    quick: { rounds: 2, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: true,
  targets: [{ kind: "limit", participant: FOLLOWER, of: "max", atMost: 5e6 }],
  hasTail: true,
  findFault: ({ firstVersion = [] }) =>
    firstVersion[0] === 1 ? null : `version ${firstVersion[0]} is served at first`,
};
