import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { isInPart } from "@sortition/test-kit";
import { type Reply, startTestServer } from "@sortition/test-kit/http-server";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { urlOf } from "../src/config/listen.js";
import { askOne, PAGE } from "./ofrep/ground.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay } from "./start.js";

const EXPOSURES = 60;
const PATIENCE = { timeout: 200_000 };

/** Starts relays of one fleet whose logger's service answers as given. */
async function startFleet(replicas: number, answer: () => Reply) {
  const redis = await startRedis();
  later(() => redis.close());
  const vendor = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
  later(() => vendor.close());
  const service = await startTestServer(answer);
  later(() => service.close());
  const loggers = [{ type: "segment", writeKey: { env: "KEY" }, host: service.url }];
  const environment = {
    ...ENVIRONMENTS.Eppo(vendor.url),
    ...{ tokens: [PAGE], evaluate: true, loggers, redis: { url: redis.url, namespace: "test" } },
  };
  const content = { environments: [environment], ticketKey: { env: "TICKETS" } };
  const relays: TestRelay[] = [];
  for (let i = 0; i < replicas; i++) relays.push(await relayOf(content));
  return { redis, relays, service };
}

/** Reads the samples of one metric of a relay, added up over their labels. */
async function metricOf(relay: TestRelay, name: string): Promise<number> {
  const text = await (await fetch(`${urlOf(relay.adminAddress)}/metrics`)).text();
  const samples = [...text.matchAll(new RegExp(`^sortition_relay_${name}\\{.*\\} (\\S+)$`, "gm"))];
  return samples.reduce((sum, [, value]) => sum + Number(value), 0);
}

const sumOf = async (relays: readonly TestRelay[], name: string): Promise<number> => {
  const all = await Promise.all(relays.map((it) => metricOf(it, name)));
  return all.reduce((sum, it) => sum + it, 0);
};

describe.skipIf(!hasRedis)("behind an outbox, an attempt that fails is not a loss", () => {
  it.each([401, 403, 404, 429, 500].filter((_, i) => isInPart(i, 1)))(
    "if the service answers %i for a while",
    async (status) => {
      let isWell = false;
      const { redis, relays } = await startFleet(2, () => ({
        kind: "answer",
        status: isWell ? 200 : status,
        body: "{}",
      }));
      for (let i = 0; i < EXPOSURES; i++) {
        const relay = relays[i % 2] as TestRelay; // there are two
        expect((await askOne(relay.url, "boolean", { targetingKey: `s-${i}` })).status).toBe(200);
      }
      await expect.poll(() => sumOf(relays, "exposures_waiting"), PATIENCE).toBe(0);
      expect(await sumOf(relays, "exposures_accepted_total")).toBe(EXPOSURES);
      for (const relay of relays) {
        await expect.poll(() => metricOf(relay, "exposures_stored"), PATIENCE).toBe(EXPOSURES);
      }
      await expect
        .poll(() => relays.some(({ log }) => /delivery fails/.test(log.join(""))), PATIENCE)
        .toBe(true);
      expect(await sumOf(relays, "exposures_lost_total")).toBe(0);
      isWell = true;
      const delivered = () => sumOf(relays, "exposures_delivered_total");
      await expect.poll(delivered, PATIENCE).toBe(EXPOSURES);
      expect(await sumOf(relays, "exposures_stored")).toBe(0);
      for (const relay of relays) {
        expect(await relay.close()).toBe(0);
        expect(relay.log.join("")).not.toContain("exposures lost");
      }
      await redis.close();
    },
    120_000,
  );
});
