import { createHash } from "node:crypto";
import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isInPart } from "@sortition/test-kit";
import { PostHog as VendorPostHog } from "posthog-node";
import { expect, it } from "vitest";
import { newContext, PostHog, scoped, settings, tag } from "../../src/index.js";

type Client = Pick<PostHog, "capture" | "enterContext" | "withContext" | "flush" | "shutdown">;

/** How deeply contexts are nested, and how many of them capture an event. */
export interface DepthPlan {
  readonly entered: number;
  readonly rearmed: number;
  /**
   * Number of contexts with one signal. Small, because each read of the vendor's takes time proportional to the number
   * of contexts.
   */
  readonly signalled: number;
  readonly requests: number;
  /** One in this many contexts captures an event. */
  readonly captureEvery: number;
  /** Whether memory and processor time of the second half are compared with the first half. */
  readonly isMeasured: boolean;
}

/** Executes step `i` of a flow. */
type Step = (i: number) => Promise<void> | undefined;

interface Flow {
  readonly name: string;
  readonly count: "entered" | "rearmed" | "signalled" | "requests";
  /** Calls `step` in the contexts, this many times. */
  run(client: Client, count: number, step: Step): Promise<void>;
}

/** Values that differ between steps, with names that repeat. */
const dataOf = (i: number) => ({
  distinctId: `user-${i}`,
  ...(i % 3 === 0 ? { sessionId: `session-${i}` } : {}),
  properties: { [`p${i % 7}`]: i, job: i },
});

/** Runs a function repeatedly, each time from a timer that the previous run has set. */
function rearmed(count: number, step: Step, within: (i: number, work: () => unknown) => unknown) {
  return new Promise<void>((resolve, reject) => {
    const turn = (i: number): void => {
      if (i === count) {
        resolve();
        return;
      }
      try {
        within(i, () => {
          const waits = step(i);
          if (waits === undefined) setImmediate(turn, i + 1);
          else void waits.then(() => void setImmediate(turn, i + 1), reject);
        });
      } catch (cause) {
        reject(cause);
      }
    };
    turn(0);
  });
}

/** The handler enters a context for each request. The contexts of one connection are nested. */
async function requested(client: Client, count: number, step: Step): Promise<void> {
  let i = 0;
  const server = createServer(async (_, response) => {
    client.enterContext(dataOf(i));
    await step(i++);
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  let connections = 0;
  server.on("connection", () => void connections++);
  const { port } = server.address() as AddressInfo; // a TCP server's address
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (let sent = 0; sent < count; sent++) {
    const asking = request({ agent, port, host: "127.0.0.1" }).end();
    const [response] = await once(asking, "response");
    response.resume();
    await once(response, "end");
  }
  agent.destroy();
  server.close();
  expect(connections).toBe(1);
}

const FLOWS: readonly Flow[] = [
  {
    name: "enterContext in a loop",
    count: "entered",
    async run(client, count, step) {
      for (let i = 0; i < count; i++) {
        client.enterContext(dataOf(i));
        const waits = step(i);
        if (waits !== undefined) await waits;
      }
    },
  },
  {
    name: "timers that are set again within withContext",
    count: "rearmed",
    run: (client, count, step) =>
      rearmed(count, step, (i, work) => client.withContext(dataOf(i), work)),
  },
  {
    name: "timers whose context ends with a signal of the process",
    count: "signalled",
    run(client, count, step) {
      const { signal } = new AbortController();
      return rearmed(count, step, (i, work) => client.withContext(dataOf(i), work, { signal }));
    },
  },
  {
    name: "requests on one connection that is kept, each of which enters a context",
    count: "requests",
    run: requested,
  },
];

/** The events that a collector received: their number, and a digest of their values. */
interface Sent {
  readonly events: number;
  readonly digest: string;
}

/** A client, and the events that it has sent. */
interface Connection {
  readonly client: Client;
  readonly isOurs: boolean;
  sent(): Sent;
}

function connected(isOurs: boolean, create: (options: object) => Client): Connection {
  let events = 0;
  const hash = createHash("sha256");
  const client = create({
    ...{ disableCompression: true, flushAt: 1_000, flushInterval: 0 },
    fetch: async (_: string, { body }: { body: string }) => {
      for (const { distinct_id, event, properties } of JSON.parse(body).batch) {
        events += 1;
        const { sortition_version: _, ...values } = properties;
        hash.update(JSON.stringify([event, distinct_id, values]));
      }
      return new Response("{}");
    },
  });
  return { client, isOurs, sent: () => ({ events, digest: hash.copy().digest("hex") }) };
}

/** Captures events according to the plan, and flushes the queue before it is full. */
function capturing(client: Client, { captureEvery }: DepthPlan): Step {
  let captured = 0;
  return (i) => {
    if (i % captureEvery !== 0) return undefined;
    client.capture({ event: "step", properties: { own: i } });
    captured += 1;
    return captured % 1_000 === 0 ? client.flush() : undefined;
  };
}

/** Processor time of this process. */
function cpuMs(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1_000;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

interface Mark {
  readonly heapBytes: number;
  readonly begunMs: number;
  readonly endedMs: number;
}

/** Returns the memory in use, and the processor time before and after it was measured. */
function mark(): Mark {
  const begunMs = cpuMs();
  collectGarbage();
  return { begunMs, heapBytes: process.memoryUsage().heapUsed, endedMs: cpuMs() };
}

/** Creates steps whose second half must not take more memory or twice the time of the first. */
function measured(step: Step, count: number): { readonly step: Step; check(): void } {
  const marks: Mark[] = [];
  // The first steps are excluded, because they compile code and allocate caches.
  const at = [0.1, 0.55, 1].map((part) => Math.floor(part * count) - 1);
  return {
    step: (i) => {
      if (at.includes(i)) marks.push(mark());
      return step(i);
    },
    check() {
      const [early, half, late] = marks as [Mark, Mark, Mark];
      expect(late.heapBytes - half.heapBytes).toBeLessThan(4_000_000);
      expect(late.begunMs - half.endedMs).toBeLessThan((half.begunMs - early.endedMs) * 2 + 200);
    },
  };
}

/** Returns what a client sends during the steps of a flow. */
async function sentBy(connection: Connection, flow: Flow, plan: DepthPlan): Promise<Sent> {
  const { client, sent } = connection;
  const count = plan[flow.count];
  const capture = capturing(client, plan);
  const isMeasured = plan.isMeasured && connection.isOurs;
  const { check, step } = isMeasured ? measured(capture, count) : { check() {}, step: capture };
  // Runs in a separate task, so that an entered context does not reach the next one.
  await new Promise<void>((resolve, reject) => {
    setImmediate(() => void flow.run(client, count, step).then(resolve, reject));
  });
  await client.shutdown();
  check();
  return sent();
}

/** Declares the tests of nested contexts. */
export function describeDepth(plan: DepthPlan): void {
  it.each(FLOWS.filter((_, i) => isInPart(i)))(
    "send every event with the vendor's values: $name",
    async (flow) => {
      const ours = connected(true, (it) => new PostHog("phc_key", it));
      const sent = await sentBy(ours, flow, plan);
      expect(sent.events).toBe(Math.ceil(plan[flow.count] / plan.captureEvery));
      expect((ours.client as PostHog).stats()).toMatchObject({ delivered: sent.events });
      const theirs = connected(false, (it) => new VendorPostHog("phc_key", it) as never);
      expect(sent).toEqual(await sentBy(theirs, flow, plan));
    },
  );

  it.each([
    { name: "newContext", within: (_: number, work: () => unknown) => newContext(work) },
    { name: "scoped", within: (_: number, work: () => unknown) => scoped()(work)() },
  ])("send every event from timers that are set again within $name", async ({ within }) => {
    const { client, sent } = connected(true, (it) => new PostHog("phc_key", it));
    settings.defaultClient = client as PostHog;
    const step = capturing(client, plan);
    await newContext(() => {
      tag("outer", true);
      return rearmed(plan.rearmed, step, within);
    });
    settings.defaultClient = null;
    await client.shutdown();
    expect(sent().events).toBe(Math.ceil(plan.rearmed / plan.captureEvery));
  });
}
