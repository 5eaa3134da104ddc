import { fork } from "node:child_process";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Cell, Participant, Reading } from "../../../cells/cell.js";
import { builtFile } from "../../../cells/starting.js";
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
/** Events of a burst: what a server captures in one turn of the event loop. */
const BURST = 20;
/** Events of a timed round, which fit into the queue. */
const ROUND = 5_000;

/** Part of the capturing class that the cells use. */
interface Capturing {
  capture(message: { distinctId: string; event: string; properties: typeof PROPERTIES }): unknown;
  flush(): Promise<unknown>;
}

/** `capture` by our drop-in and by the vendor's SDK: the caller's turn alone, and until all events are delivered. */
export function capturing([ours, theirs]: readonly [ClassPeer, ClassPeer]): readonly Cell[] {
  const w16: Cell = {
    id: "W16",
    title: "capture of an event with ten properties, in the caller's turn",
    unit: "ns",
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
    effort: {
      full: { rounds: 40, operations: 1_000, warmUpOperations: 8_000 },
      quick: { rounds: 5, operations: 1_000, warmUpOperations: 2_000 },
    },
    collectsGarbage: false,
    targets: [{ kind: "ratio", participant: ours.name, over: theirs.name, atMost: 1 }],
    findFault: () => null, // the collector is asked after each round
  };

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
          if (i % ROUND === ROUND - 1) await client.flush(); // the warm-up is longer than the queue
        }
        await client.flush();
        return Number(process.hrtime.bigint() - startedAtNs);
      }),
    ),
    effort: {
      full: { rounds: 30, operations: ROUND, warmUpOperations: 6 * ROUND },
      quick: { rounds: 4, operations: 2_000, warmUpOperations: 2_000 },
    },
    targets: [{ kind: "speed-up", participant: ours.name, than: theirs.name, atLeast: 3 }],
  };
  return [w16, w16Delivery];
}

function captureOne(client: Capturing, i: number): void {
  client.capture({ distinctId: `user-${i % 997}`, event: "order placed", properties: PROPERTIES });
}

/** @param work - captures so many events and flushes; returns the time that counts, ns. */
function measuring(
  { load, name }: ClassPeer,
  work: (client: Capturing, operations: number) => Promise<number>,
): Participant {
  return {
    name,
    async prepare() {
      const collector = fork(builtFile("dialects/posthog/event-collector.js"), [], {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const [port] = await once(collector, "message");
      const PostHog = await load();
      const client: Capturing = new PostHog(KEYS.project, { host: `http://127.0.0.1:${port}` });
      let captured = 0;
      return {
        answers: {},
        async run(operations): Promise<Reading> {
          const elapsedNs = await work(client, operations);
          captured += operations;
          collector.send("count");
          const [arrived] = await once(collector, "message");
          if (arrived !== captured) throw new Error(`${arrived} of ${captured} events arrived`);
          return { figure: elapsedNs / operations, checksum: captured };
        },
      };
    },
  };
}
