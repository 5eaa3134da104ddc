import { once } from "node:events";
import { Agent, createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { PostHog as VendorPostHog } from "posthog-node";
import { expect, it } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";
import { ShopServer } from "../program/shop-server.js";

const INTERVALS = 360;
const INTERVAL_MS = 100;
const POLL_MS = 1_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Processor time of this process. */
function cpuMs(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1_000;
}

/** A user's server with a context per request, job and timer. */
class Shop {
  readonly collector: ShopServer;
  readonly client: PostHog;
  /** Processor time of the synchronous part of contexts and captures. */
  readonly spentMs: number[] = [];
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #wakeJob: (() => void) | null = null;
  #requests = 0;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(collector: ShopServer, create: (options: PostHogOptions) => PostHog) {
    this.collector = collector;
    this.client = create({
      host: collector.url,
      personalApiKey: "phx_key",
      featureFlagsPollingInterval: POLL_MS,
      flushInterval: 1_000,
    });
    this.#server = createServer(async (_, response) => {
      const number = this.#requests++;
      const distinctId = `user-${number}`;
      this.#timed(() => {
        const properties = { page: number, [`seen${number % 3}`]: true };
        this.client.enterContext({ distinctId, sessionId: `s-${number}`, properties });
        this.client.capture({ event: "viewed" });
      });
      const value = await this.client.getFeatureFlag("banner", distinctId);
      this.#timed(() => this.client.capture({ event: "answered", properties: { value } }));
      response.end();
    });
  }

  async start(): Promise<this> {
    await this.client.waitForLocalEvaluationReady(10_000);
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.#ended = Promise.all([this.#work(), new Promise<void>((end) => this.#arm(0, end))]);
    return this;
  }

  /** Sends a request over the single connection, and lets the job loop run one job. */
  async tick(): Promise<void> {
    const { port } = this.#server.address() as AddressInfo; // a TCP server's address
    const asking = request({ agent: this.#agent, port, host: "127.0.0.1" }).end();
    const [response] = await once(asking, "response");
    response.resume();
    await once(response, "end");
    this.#wakeJob?.();
  }

  async stop(): Promise<void> {
    await this.#ended;
    this.#agent.destroy();
    this.#server.close();
    await this.client.shutdown();
  }

  async #work(): Promise<void> {
    for (let job = 0; job < INTERVALS; job++) {
      await new Promise<void>((resolve) => {
        this.#wakeJob = resolve;
      });
      this.#timed(() => {
        this.client.enterContext({ distinctId: `job-${job}`, properties: { job } });
        this.client.capture({ event: "worked" });
      });
    }
  }

  /** Each timer is set within the context of the previous one. */
  #arm(timer: number, end: () => void): void {
    if (timer === INTERVALS) {
      end();
      return;
    }
    this.client.withContext({ distinctId: "timer", properties: { timer } }, () => {
      this.#timed(() => this.client.capture({ event: "ticked" }));
      setTimeout(() => this.#arm(timer + 1, end), INTERVAL_MS * 0.9);
    });
  }

  #timed(work: () => void): void {
    const startedMs = cpuMs();
    work();
    this.spentMs.push(cpuMs() - startedMs);
  }

  /** Sorted, and without the parts that differ between runs. */
  get events(): readonly string[] {
    return this.collector.events
      .map(({ distinct_id, event, properties }) => {
        const given = Object.entries(properties as object).filter(
          ([name]) =>
            !/^(sortition_version|\$feature_flag_(evaluated|definitions_loaded)_at)$/.test(name),
        );
        return JSON.stringify([event, distinct_id, Object.fromEntries(given)]);
      })
      .sort();
  }

  /** Returns the number of requests whose target contains the string. */
  count(part: string): number {
    return this.collector.requests.filter(({ target }) => target.includes(part)).length;
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, it) => all + it, 0);

it("360 intervals of 100 ms with a context per request, job and timer send the same events as the vendor's SDK, at no higher cost", async () => {
  const create: readonly ((options: PostHogOptions) => PostHog)[] = [
    (options) => new VendorPostHog("phc_key", options as never) as never,
    (options) => new PostHog("phc_key", options),
  ];
  const shops = await Promise.all(
    create.map(async (it) => new Shop(await new ShopServer().start(), it).start()),
  );
  const heapBytes: number[] = [];
  const startedAtMs = performance.now();
  for (let i = 0; i < INTERVALS; i++) {
    await Promise.all(shops.map((shop) => shop.tick()));
    if ([INTERVALS / 3, INTERVALS - 1].includes(i)) {
      // Excludes what the collectors keep, which does not belong to the clients.
      collectGarbage();
      heapBytes.push(process.memoryUsage().heapUsed);
    }
    await pause(Math.max(0, startedAtMs + (i + 1) * INTERVAL_MS - performance.now()));
  }
  for (const shop of shops) await shop.stop();
  const [theirs, ours] = shops as [Shop, Shop];
  for (const shop of shops) {
    const { collector, spentMs } = shop;
    const counts = { polls: shop.count("/definitions"), batches: shop.count("/batch") };
    console.info(
      counts,
      collector.peakConnections,
      "connections",
      sum(spentMs).toFixed(0),
      "ms",
      heapBytes,
    );
  }

  expect(ours.events).toEqual(theirs.events);
  expect(ours.events).toHaveLength(5 * INTERVALS);
  // Our poll intervals vary randomly.
  expect(ours.count("/definitions")).toBeLessThanOrEqual(1.1 * theirs.count("/definitions") + 1);
  expect(ours.count("/batch")).toBeLessThanOrEqual(1.03 * theirs.count("/batch"));
  // A poll that coincides with a batch needs a second connection, with both packages.
  expect(ours.collector.peakConnections).toBeLessThanOrEqual(
    Math.max(2, theirs.collector.peakConnections),
  );
  expect(ours.client.stats()).toMatchObject({ accepted: 5 * INTERVALS, delivered: 5 * INTERVALS });
  const third = ours.spentMs.length / 3;
  const [first, last] = [sum(ours.spentMs.slice(0, third)), sum(ours.spentMs.slice(-third))];
  expect(last).toBeLessThan(2 * first + 20);
  const [early = 0, late = 0] = heapBytes;
  // The collectors keep the events that they receive.
  expect(late - early).toBeLessThan(12_000_000);
  for (const { collector } of shops) await collector.close();
});
