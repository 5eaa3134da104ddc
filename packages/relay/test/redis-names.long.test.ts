import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { startCollector } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { readConfig } from "../src/config/read-config.js";
import { askOne, PAGE } from "./ofrep/ground.js";
import { ENVIRONMENTS, later, relayOf, VARIABLES } from "./start.js";

const EXPOSURES = 200;
const PATIENCE = { timeout: 90_000 };

interface Event {
  readonly messageId: string;
}

/** Starts Redis, a vendor, and a relay whose logger's service is down. */
async function start() {
  const redis = await startRedis();
  const other = await startRedis();
  const vendor = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
  const mirror = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
  const service = await startCollector();
  service.answer({ kind: "status", status: 401 });
  for (const it of [redis, other, vendor, mirror, service]) later(() => it.close());
  const logger = { type: "segment", writeKey: { env: "KEY" }, host: service.url };
  const eppo = {
    ...ENVIRONMENTS.Eppo(vendor.url),
    ...{ tokens: [PAGE], evaluate: true, loggers: [logger] },
    redis: { url: redis.url, namespace: "shop-production" },
  };
  const own = { listen: 0, admin: { listen: 0 }, drainMs: 0, ticketKey: { env: "TICKETS" } };
  let content: object = { ...own, environments: [eppo] };
  const readAgain = () => readConfig(content, { variables: VARIABLES });
  const relay = await relayOf({ ...own, environments: [eppo] }, { readAgain });
  for (let i = 0; i < EXPOSURES; i += 20) {
    const asked = Array.from({ length: 20 }, (_, j) =>
      askOne(relay.url, "boolean", { targetingKey: `s-${i + j}` }),
    );
    for (const { status } of await Promise.all(asked)) expect(status).toBe(200);
  }
  const counts = () => relay.environments[0]?.exposures[0];
  await expect.poll(() => counts()?.waiting, PATIENCE).toBe(0);
  return {
    ...{ eppo, logger, mirror, other, relay },
    /** Number of exposures that the service has accepted. */
    arrived(): number {
      const accepted = service.requests.filter(({ status }) => status === 200);
      const events = accepted.flatMap(({ body }) => (body as { batch: Event[] }).batch);
      return new Set(events.map(({ messageId }) => messageId)).size;
    },
    async change(members: object) {
      content = { ...own, environments: [{ ...eppo, ...members }] };
      await relay.reload();
    },
    recover() {
      service.answer({ kind: "ok" });
    },
  };
}

type Started = Awaited<ReturnType<typeof start>>;

const CHANGES: readonly { readonly what: string; members(of: Started): object }[] = [
  {
    what: "a rotated key",
    members: ({ eppo }) => ({ source: { ...sourceOf(eppo), apiKey: { env: "SECRET" } } }),
  },
  {
    what: "another host",
    members: ({ eppo, mirror }) => ({ source: { ...sourceOf(eppo), baseUrl: mirror.url } }),
  },
  {
    what: "a renamed logger",
    members: ({ logger }) => ({ loggers: [{ ...logger, name: "events" }] }),
  },
  { what: "another name of the environment", members: () => ({ name: "renamed" }) },
  { what: "another namespace", members: ({ eppo }) => redisOf(eppo, { namespace: "shop" }) },
  { what: "another Redis", members: ({ eppo, other }) => redisOf(eppo, { url: other.url }) },
  {
    what: "all of them",
    members: ({ eppo, logger, mirror, other }) => ({
      source: { baseUrl: mirror.url, apiKey: { env: "SECRET" } },
      loggers: [{ ...logger, name: "events" }],
      ...redisOf(eppo, { url: other.url, namespace: "shop" }),
    }),
  },
];

const sourceOf = (environment: object): object => (environment as { source: object }).source;
const redisOf = (environment: object, members: object): object => ({
  redis: { ...(environment as { redis: object }).redis, ...members },
});

describe.skipIf(!hasRedis)("exposures that Redis has when a reload brings", () => {
  it.each(CHANGES)(
    "$what are all delivered: 200 of 200",
    async ({ members }) => {
      const started = await start();
      const { arrived, relay } = started;
      await started.change(members(started));
      expect(arrived()).toBe(0);
      started.recover();
      await expect.poll(arrived, PATIENCE).toBe(EXPOSURES);
      // Those of a second after the change, too.
      expect((await askOne(relay.url, "boolean", { targetingKey: "later" })).status).toBe(200);
      await expect.poll(arrived, PATIENCE).toBe(EXPOSURES + 1);
      expect(await relay.close()).toBe(0);
      expect(relay.log.join("")).not.toMatch(/exposures lost|stay in Redis/);
    },
    240_000,
  );

  it("a renamed logger stay in Redis if the relay ends first, and the next one reports them", async () => {
    const started = await start();
    const { arrived, eppo, logger, relay } = started;
    const renamed = { loggers: [{ ...logger, name: "events" }] };
    await started.change(renamed);
    expect(await relay.close()).toBe(0);
    const log = relay.log.join("");
    expect(log).toContain("exposures of a former logger stay in Redis");
    const next = await relayOf({
      environments: [{ ...eppo, ...renamed }],
      ticketKey: { env: "TICKETS" },
    });
    const command =
      "sortition redis move --namespace shop-production --outbox segment --to-outbox events";
    // The consumer of the relay that has ended counts for a minute.
    await expect.poll(() => next.log.join(""), { timeout: 300_000 }).toContain(command);
    expect(arrived()).toBe(0);
  }, 600_000);

  it("the former name of a logger again are delivered by it", async () => {
    const started = await start();
    const { arrived, logger, relay } = started;
    await started.change({ loggers: [{ ...logger, name: "events" }] });
    await started.change({ loggers: [logger] });
    started.recover();
    await expect.poll(arrived, PATIENCE).toBe(EXPOSURES);
    expect(await relay.close()).toBe(0);
  }, 240_000);
});
