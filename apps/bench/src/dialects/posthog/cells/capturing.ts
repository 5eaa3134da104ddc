import { setImmediate as nextTurn } from "node:timers/promises";
import type { PostHog } from "posthog-node";
import {
  type Cell,
  cellOf,
  effortOf,
  type Participant,
  type Reading,
} from "../../../cells/cell.js";
import { ratio, speedUp } from "../../../cells/target.js";
import { ask, nextMessage, startProgram } from "../../../process/child.js";
import { type ClassPeer, KEYS } from "../peers.js";

const PROPERTIES = {
  plan: "team",
  country: "DE",
  seats: 25,
  isTrial: false,
  source: "newsletter",
  campaign: "spring-2026",
  page: "/pricing",
  duration: 12.5,
  tags: ["a", "b"],
  cart: { items: 3, total: 59.9 },
};
/** Number of events that a server captures in one turn of the event loop. */
const BURST = 20;
/** Number of events in a timed round. All fit into the queue. */
const ROUND = 5_000;

/** Creates the cells of `capture` with our drop-in and the vendor's SDK: the synchronous part, and until all events are delivered. */
export function capturing([ours, theirs]: readonly [ClassPeer, ClassPeer]): readonly Cell[] {
  const w16: Cell = cellOf({
    id: "W16",
    title: "capture of an event with ten properties, in the caller's turn",
    participants: [ours, theirs].map((peer) =>
      measuring(peer, async (client, operations) => {
        const startedAtNs = process.hrtime.bigint();
        for (let i = 0; i < operations; i++) captureOne(client, i);
        const elapsedNs = Number(process.hrtime.bigint() - startedAtNs);
        await nextTurn();
        await client.flush();
        return elapsedNs;
      }),
    ),
    effort: effortOf([40, 1_000, 8_000], [5, 1_000, 2_000]),
    targets: [ratio(ours.name, theirs.name, 1)],
  });

  const w16Delivery: Cell = {
    ...w16,
    id: "W16-delivery",
    title: `capture and delivery of an event with ten properties, ${BURST} in each turn`,
    participants: [ours, theirs].map((peer) =>
      measuring(peer, async (client, operations) => {
        const startedAtNs = process.hrtime.bigint();
        for (let i = 0; i < operations; i++) {
          captureOne(client, i);
          if (i % BURST === BURST - 1) await nextTurn();
          if (i % ROUND === ROUND - 1) await client.flush(); // the warm-up has more events than the queue
        }
        await client.flush();
        return Number(process.hrtime.bigint() - startedAtNs);
      }),
    ),
    effort: effortOf([30, ROUND, 6 * ROUND], [4, 2_000, 2_000]),
    targets: [speedUp(ours.name, theirs.name, 3)],
  };
  return [w16, w16Delivery];
}

function captureOne(client: PostHog, i: number): void {
  client.capture({ distinctId: `user-${i % 997}`, event: "order placed", properties: PROPERTIES });
}

/** @param work - captures a number of events and flushes. Returns the measured time, ns. */
function measuring(
  { load, name }: ClassPeer,
  work: (client: PostHog, operations: number) => Promise<number>,
): Participant {
  return {
    name,
    async prepare() {
      const collector = startProgram("dialects/posthog/event-collector.js", []);
      const host = await nextMessage<string>(collector);
      const PostHog = await load();
      const client = new PostHog(KEYS.project, { host });
      let captured = 0;
      return {
        answers: {},
        async run(operations): Promise<Reading> {
          const elapsedNs = await work(client, operations);
          captured += operations;
          const arrived = await ask<number>(collector, "count");
          if (arrived !== captured) throw new Error(`${arrived} of ${captured} events arrived`);
          return { figure: elapsedNs / operations, checksum: captured };
        },
      };
    },
  };
}
