import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dialect } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";
import { type Collector, startCollector } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { type Command, startCommand } from "../command.js";
import { serverOf } from "../formats.js";
import { PAGE, SERVER } from "../ofrep/ground.js";
import { ENVIRONMENTS, later, VARIABLES } from "../start.js";
import { Traffic } from "./traffic.js";
import { Versions } from "./versions.js";

/** Duration of the traffic. */
const SECONDS = Number(process.env["SORTITION_TRAFFIC_SECONDS"] ?? 25);
const PUBLISH_MS = 2_000;
/** Polling interval of the fleet. */
const INTERVAL_MS = 2_000;

/** A changed option of a source, so that a reload replaces the environment. */
const CHANGE = { requestTimeoutMs: 9_000 };

async function start() {
  const [shop, prices] = [await serverOf("Eppo"), await serverOf("GrowthBook")];
  const versions = {
    shop: new Versions(shop.flags, eppo() as Dialect),
    prices: new Versions(prices.flags, growthbook() as Dialect),
  };
  // With another setting, Redis loses exposures that it has acknowledged when it is killed.
  const redis = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
  later(() => redis.close());
  const collector = await startCollector();
  later(() => collector.close());
  const folder = mkdtempSync(join(tmpdir(), "relay-"));
  later(async () => rmSync(folder, { recursive: true }));
  const file = join(folder, "relay.json");
  const withSource = (environment: object, members: object): object => {
    const { source } = environment as { readonly source: object };
    return { ...environment, source: { ...source, ...members } };
  };
  const shopOf = (source: object = {}): object => ({
    ...withSource(ENVIRONMENTS.Eppo(shop.server.url), { pollIntervalMs: INTERVAL_MS, ...source }),
    ...{ name: "shop", tokens: [PAGE, SERVER], evaluate: true },
    redis: { url: redis.url, namespace: "traffic" },
    loggers: [
      { type: "segment", writeKey: { env: "SECRET" }, host: collector.url, flushIntervalMs: 500 },
    ],
  });
  const pricesOf = (name: string, source: object = {}): object => ({
    ...withSource(ENVIRONMENTS.GrowthBook(prices.server.url), { pollIntervalMs: 1_000, ...source }),
    name,
  });
  /** Writes the configuration that the relays read when they start and when they reload. */
  const write = (...environments: readonly object[]): void => {
    const admin = { listen: 0, password: { env: "PASSWORD" } };
    const content = { listen: 0, admin, ticketKey: { env: "TICKETS" }, environments };
    writeFileSync(file, JSON.stringify(content));
  };
  write(shopOf(), pricesOf("prices"));
  const replicas = Array.from({ length: 3 }, () =>
    startCommand(["--config", file], { env: VARIABLES }),
  );
  const urls: string[] = [];
  for (const it of replicas) urls.push(await it.listening());
  for (const url of urls) {
    const isReady = async () => (await fetch(`${url}/readyz`)).json();
    await expect
      .poll(isReady, { timeout: 30_000 })
      .toMatchObject({ message: "ready", notReady: [] });
  }
  return { collector, pricesOf, redis, replicas, shopOf, urls, versions, write };
}

function postReload({ admin }: Command): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`:${VARIABLES.PASSWORD}`).toString("base64")}`;
  return fetch(`${admin}/reload`, { method: "POST", headers: { authorization } });
}

/** Returns the name of an exposure, as in `Observed.accepted`. */
function nameOf(subject: unknown, variation: unknown): string {
  return `${subject} ${variation}`;
}

/** Returns the exposures that the collector has received. */
function deliveredTo({ requests }: Collector): readonly string[] {
  const calls = requests.flatMap(({ body }) => (body as { readonly batch: TrackCall[] }).batch);
  return calls.map(({ properties, userId }) => nameOf(userId, properties.variation));
}

interface TrackCall {
  readonly userId: string;
  readonly properties: { readonly variation: string };
}

/** Returns the exposures that wait in Redis for the next relay. */
async function waitingIn(redis: RedisServer): Promise<readonly string[]> {
  const names: string[] = [];
  for (const key of (await redis.command("KEYS", "*:outbox:segment")) as readonly string[]) {
    const entries = await redis.command("XRANGE", key, "-", "+");
    for (const [, fields] of entries as readonly (readonly [id: string, fields: string[]])[]) {
      const event = JSON.parse(fields[fields.indexOf("event") + 1] ?? "");
      names.push(nameOf(event.subject, event.variation));
    }
  }
  return names;
}

/** Returns the number of exposures that a relay reported as lost. */
function lostBy({ stdout }: Command): number {
  const lines = stdout.split("\n").filter((line) => line.includes('"exposures lost'));
  const counts = lines
    .map((line) => JSON.parse(line))
    .map(({ count = 0, total = 0 }) => count + total);
  return counts.reduce((sum, it) => sum + it, 0);
}

/** Statuses that clients may get. Exposures are rejected if too many of them wait during an outage of Redis. */
const EXPECTED =
  /^(?:(?:single|bulk|eppo|growthbook|stream) 200|exposure 202|(?:single|exposure) 503)$/;

describe.skipIf(!hasRedis)(`three replicas in ${SECONDS} s of traffic`, () => {
  it(
    "answer each request, and lose no exposure, through two reloads and a killed Redis",
    async () => {
      const { collector, pricesOf, redis, replicas, shopOf, urls, versions, write } = await start();
      const publishing = setInterval(() => {
        versions.shop.publish();
        versions.prices.publish();
      }, PUBLISH_MS);
      later(async () => clearInterval(publishing));
      const traffic = new Traffic(urls, versions);
      const nextPart = () => new Promise((resolve) => setTimeout(resolve, (SECONDS * 1_000) / 5));

      await nextPart();
      // Adds an environment, and replaces the one without Redis.
      write(shopOf(), pricesOf("prices", CHANGE), pricesOf("extra"));
      for (const it of replicas) it.kill("SIGHUP");
      for (const it of replicas)
        await expect.poll(() => it.stdout).toContain('"replaced":["prices"]');

      await nextPart();
      await redis.kill();
      await nextPart();
      await redis.start();

      await nextPart();
      // Removes that environment, and replaces the one that logs exposures.
      write(shopOf(CHANGE), pricesOf("prices", CHANGE));
      for (const it of replicas) {
        const response = await postReload(it);
        expect(await response.json()).toMatchObject({ replaced: ["shop"], removed: ["extra"] });
      }

      await nextPart();
      await traffic.end();
      for (const it of replicas) it.kill("SIGTERM");
      const codes = await Promise.all(replicas.map((it) => it.ended));

      const { accepted, answers, broken, streamed, wrong } = traffic.observed;
      const delivered = deliveredTo(collector);
      const distinct = new Set(delivered);
      const undelivered = [...accepted].filter((it) => !distinct.has(it));
      const inRedis = new Set(await waitingIn(redis));
      const waiting = undelivered.filter((it) => inRedis.has(it)).length;
      const lost = replicas.reduce((sum, it) => sum + lostBy(it), 0);
      console.info({
        answers: Object.fromEntries([...answers].sort()),
        ...{ versions: versions.shop.newest, streamed, wrong: wrong.length, broken: broken.length },
        ...{ accepted: accepted.size, delivered: distinct.size, waiting, lost },
        repeated: delivered.length - distinct.size,
      });
      expect({ wrong, broken }).toEqual({ wrong: [], broken: [] });
      expect([...answers.keys()].filter((it) => !EXPECTED.test(it))).toEqual([]);
      expect(undelivered.length).toBe(waiting + lost);
      expect(codes).toEqual([0, 0, 0]);
    },
    SECONDS * 1_000 + 180_000,
  );
});
