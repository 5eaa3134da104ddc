import { setTimeout as sleep } from "node:timers/promises";
import { type Cell, cellOf, effortOf, type Participant } from "../../cells/cell.js";
import { limit } from "../../cells/target.js";
import { absenceOfRedis, startFleet } from "../fleet.js";
import { type FleetPayload, LARGE, SMALL } from "../payload.js";
import { type FleetTimings, machineMs, NAMESPACE } from "../protocol.js";

const WORKERS = 8;
const FLEET = "sortition, 8 workers";
const NS_PER_MS = 1e6;
/** A follower's tick without pub/sub. It varies by 20%, and a read follows it. */
const TICK_MS = 200;
const READ_MS = 10;

/**
 * Propagation of changes with pub/sub (50 KB and 1.7 MB), and with the followers' ticks alone. Intervals are shorter than
 * users would choose, because the bench waits for them.
 */
export const propagation: readonly Cell[] = [
  {
    id: "W12",
    title: "from the publish of a change to the last of 8 workers, 50 KB, pub/sub",
    payload: SMALL,
    timings: { pollIntervalMs: 300 },
    target: limit(FLEET, 50 * NS_PER_MS, "p99"),
  },
  {
    id: "W12-large",
    title: "the same with 1.7 MB",
    payload: LARGE,
    timings: { pollIntervalMs: 600 },
    target: limit(FLEET, 250 * NS_PER_MS, "p99"),
  },
  {
    id: "W12-tick",
    title: `the same with 50 KB and without pub/sub, a tick of ${TICK_MS} ms (± 20%)`,
    payload: SMALL,
    timings: { pollIntervalMs: 600, tickMs: TICK_MS, pubsub: false },
    target: limit(FLEET, (1.2 * TICK_MS + READ_MS) * NS_PER_MS, "max"),
  },
].map(({ payload, target, timings, ...named }) =>
  cellOf({
    ...named,
    participants: [following(payload, timings)],
    effort: effortOf([200, 1, 5], [10, 1, 2]),
    targets: [target],
    hasTail: true,
    // Each change is awaited until all workers serve it.
    findFault: ({ workers = [] }) => (workers[0] === WORKERS ? null : "a worker is missing"),
  }),
);

function following(payload: FleetPayload, timings: FleetTimings): Participant {
  return {
    name: FLEET,
    absence: absenceOfRedis,
    async prepare() {
      const fleet = await startFleet(payload, WORKERS, timings);
      const published = await listen(fleet.setup.redisUrl);
      return {
        answers: { workers: [WORKERS] },
        async run(operations) {
          let figure = 0;
          let version = 0;
          for (let i = 0; i < operations; i++) {
            // Changes happen at random times of an interval.
            await sleep(Math.random() * timings.pollIntervalMs);
            version = await fleet.change();
            const reachedAtMs = await fleet.reached(version);
            figure = Math.max(figure, (reachedAtMs - published.atMs) * NS_PER_MS);
          }
          return { figure, checksum: version };
        },
      };
    },
  };
}

/** Subscribes to changes in Redis like a worker. The leader always publishes them. */
async function listen(url: string): Promise<{ readonly atMs: number }> {
  const heard = { atMs: 0 };
  // Imported lazily, because processes with other measurements do not need it.
  const { Redis } = await import("ioredis");
  const subscriber = new Redis(url);
  await subscriber.subscribe(`sortition:{${NAMESPACE}}:v1:changed`);
  subscriber.on("message", (_, message) => {
    if (message.startsWith("c ")) heard.atMs = machineMs();
  });
  return heard;
}
