import { fork } from "node:child_process";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { PostHog as OurPostHog } from "@sortition/posthog";
import { PostHog } from "posthog-node";
import type { Cell, Participant, Reading } from "../../../cells/cell.js";
import { builtFile } from "../../../cells/starting.js";
import { facade, KEYS, vendor } from "../peers.js";

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

const OPENERS: Readonly<Record<string, (host: string) => Capturing>> = {
  [facade.name]: (host) => new OurPostHog(KEYS.project, { host }),
  [vendor.name]: (host) => new PostHog(KEYS.project, { host }),
};

/** The caller's turn of `capture`. */
export const w16: Cell = {
  id: "W16",
  title: "capture of an event with ten properties, in the caller's turn",
  unit: "ns",
  participants: capturing(async (client, operations) => {
    const startedAtNs = process.hrtime.bigint();
    for (let i = 0; i < operations; i++) captureOne(client, i);
    const elapsedNs = Number(process.hrtime.bigint() - startedAtNs);
    await nextTurn();
    await client.flush();
    return elapsedNs;
  }),
  effort: {
    full: { rounds: 40, operations: 1_000, warmUpOperations: 8_000 },
    quick: { rounds: 5, operations: 1_000, warmUpOperations: 2_000 },
  },
  collectsGarbage: false,
  targets: [{ kind: "ratio", participant: facade.name, over: vendor.name, atMost: 1 }],
  findFault: () => null, // the collector is asked after each round
};

/** From the first `capture` until all events are delivered. */
export const w16Delivery: Cell = {
  ...w16,
  id: "W16-delivery",
  title: `capture and delivery of an event with ten properties, ${BURST} in each turn`,
  participants: capturing(async (client, operations) => {
    const startedAtNs = process.hrtime.bigint();
    for (let i = 0; i < operations; i++) {
      captureOne(client, i);
      if (i % BURST === BURST - 1) await nextTurn();
      if (i % ROUND === ROUND - 1) await client.flush(); // the warm-up is longer than the queue
    }
    await client.flush();
    return Number(process.hrtime.bigint() - startedAtNs);
  }),
  effort: {
    full: { rounds: 30, operations: ROUND, warmUpOperations: 6 * ROUND },
    quick: { rounds: 4, operations: 2_000, warmUpOperations: 2_000 },
  },
  targets: [{ kind: "speed-up", participant: facade.name, than: vendor.name, atLeast: 3 }],
};

function captureOne(client: Capturing, i: number): void {
  client.capture({ distinctId: `user-${i % 997}`, event: "order placed", properties: PROPERTIES });
}

/** @param work - captures so many events and flushes; returns the time that counts, ns. */
function capturing(
  work: (client: Capturing, operations: number) => Promise<number>,
): readonly Participant[] {
  return Object.entries(OPENERS).map(([name, open]) => ({
    name,
    async prepare() {
      const collector = fork(builtFile("dialects/posthog/event-collector.js"), [], {
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const [port] = await once(collector, "message");
      const client = open(`http://127.0.0.1:${port}`);
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
  }));
}
