import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { startTestServer } from "@sortition/test-kit/http-server";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { urlOf } from "../src/config/listen.js";
import { readConfig } from "../src/config/read-config.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay, VARIABLES } from "./start.js";

const NAMESPACE = "shop";
const MINUTE_MS = 60_000;
const PATIENCE = { timeout: 200_000 };

/** Starts Redis and the relays of two deployments, whose environments were given the same namespace. */
async function startBoth() {
  const redis = await startRedis();
  later(() => redis.close());
  const relays: TestRelay[] = [];
  for (let i = 0; i < 2; i++) {
    const vendor = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
    later(() => vendor.close());
    const environment = {
      ...ENVIRONMENTS.Eppo(vendor.url),
      redis: { url: redis.url, namespace: NAMESPACE },
    };
    relays.push(await relayOf({ environments: [environment] }));
  }
  return { redis, relays };
}

describe.skipIf(!hasRedis)("a namespace of two deployments", () => {
  it("is reported by both relays when both have used it for ten minutes, by Redis' clock", async () => {
    const { redis, relays } = await startBoth();
    const key = `sortition:{${NAMESPACE}}:v1:sources`;
    const notes = async () => (await redis.command("HGETALL", key)) as readonly string[];
    await expect.poll(async () => (await notes()).length, PATIENCE).toBe(4);
    const codes = () =>
      Promise.all(
        relays.map(async ({ adminAddress }) => {
          const response = await fetch(`${urlOf(adminAddress)}/status`);
          const { environments } = (await response.json()) as {
            readonly environments: readonly [
              { readonly fleet: { readonly lastError: { readonly code: string } | null } },
            ];
          };
          return environments[0].fleet.lastError?.code;
        }),
      );
    const CONFLICT = "SORTITION_REDIS_NAMESPACE_CONFLICT";
    expect(await codes()).not.toContain(CONFLICT);
    // Both have been there for eleven minutes. A process notes its source again when it reconnects.
    const list = await notes();
    for (let i = 0; i < list.length; i += 2) {
      const [since, seen] = String(list[i + 1])
        .split(" ")
        .map(Number) as [number, number];
      const times = `${since - 11 * MINUTE_MS} ${seen}`;
      await redis.command("HSET", key, String(list[i]), times);
    }
    await redis.command("CLIENT", "KILL", "TYPE", "normal");
    await expect.poll(codes, PATIENCE).toEqual([CONFLICT, CONFLICT]);
    for (const { log } of relays) {
      expect(log.join("")).toContain("two sources use the namespace");
    }
  });

  it("is refused by a reload that would give it to two environments of one relay", async () => {
    const redis = await startRedis();
    later(() => redis.close());
    const vendor = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
    later(() => vendor.close());
    const first = {
      ...ENVIRONMENTS.Eppo(vendor.url),
      redis: { url: redis.url, namespace: NAMESPACE },
    };
    const second = { ...first, name: "staging", source: { apiKey: { env: "SECRET" } } };
    let environments: readonly object[] = [first];
    const own = { listen: 0, admin: { listen: 0 } };
    const readAgain = () => readConfig({ ...own, environments }, { variables: VARIABLES });
    const relay = await relayOf({ environments }, { readAgain });
    environments = [first, second];
    await expect(relay.reload()).rejects.toThrow(
      'environments[1].redis.namespace: "shop" is the namespace of the environment "eppo"',
    );
    expect(relay.environments.map(({ name }) => name)).toEqual(["eppo"]);
  });
});
