import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { ifWhole } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { startCommand } from "./command.js";
import { askOne, PAGE } from "./ofrep/ground.js";
import { ENVIRONMENTS, later, relayOf, VARIABLES } from "./start.js";

const EXPOSURES = 300;

/** Starts a vendor and a Redis, and returns an environment that uses both. */
async function share(loggers: readonly object[]) {
  const server = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
  later(() => server.close());
  const redis = await startRedis();
  later(() => redis.close());
  const environment = {
    ...ENVIRONMENTS.Eppo(server.url),
    ...{ tokens: [PAGE], evaluate: true, loggers, redis: { url: redis.url, namespace: "test" } },
  };
  return { redis, content: { environments: [environment], ticketKey: { env: "TICKETS" } } };
}

async function start(loggers: (folder: string) => readonly object[]) {
  const folder = mkdtempSync(join(tmpdir(), "relay-"));
  later(async () => rmSync(folder, { recursive: true }));
  const { content, redis } = await share(loggers(folder));
  const file = join(folder, "relay.json");
  writeFileSync(file, JSON.stringify({ listen: 0, admin: { listen: 0 }, ...content }));
  const relay = startCommand(["--config", file], { env: VARIABLES });
  const url = await relay.listening();
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
  return { folder, redis, relay, url };
}

describe.skipIf(!hasRedis)("a relay that ends during an outage of Redis", () => {
  ifWhole(it)("delivers waiting exposures to the loggers, and exits with 0", async () => {
    const { folder, redis, relay, url } = await start((folder) => [
      { type: "ndjson", path: join(folder, "events.ndjson") },
    ]);
    await redis.close();
    for (let i = 0; i < EXPOSURES; i++) {
      expect((await askOne(url, "boolean", { targetingKey: `s-${i}` })).status).toBe(200);
    }
    relay.kill("SIGTERM");
    const code = await relay.ended;
    const events = join(folder, "events.ndjson");
    const lines = existsSync(events) ? readFileSync(events, "utf8").trim().split("\n") : [];
    expect([code, lines.length]).toEqual([0, EXPOSURES]);
  });

  it("counts each waiting exposure once while it is passed on to its logger", async () => {
    const service = await startTestServer({ kind: "hang" });
    later(() => service.close());
    const loggers = [{ type: "segment", writeKey: { env: "KEY" }, host: service.url }];
    const { content, redis } = await share(loggers);
    const relay = await relayOf(content);
    await redis.close();
    for (let i = 0; i < 20; i++) await askOne(relay.url, "boolean", { targetingKey: `s-${i}` });
    const waiting = (): number | undefined => relay.environments[0]?.exposures[0]?.waiting;
    expect(waiting()).toBe(20);
    const closing = relay.close();
    await expect.poll(() => service.requests.length).toBeGreaterThan(0);
    expect(waiting()).toBe(20);
    // The service may have them, so they are not lost for certain.
    expect(await closing).toBe(0);
    expect(relay.environments[0]?.exposures[0]).toMatchObject({ waiting: 0, unconfirmed: 20 });
  });

  ifWhole(it)("logs the number of undeliverable exposures, and exits with 1", async () => {
    const { redis, relay, url } = await start((folder) => [{ type: "ndjson", path: folder }]);
    await redis.close();
    for (let i = 0; i < 20; i++) {
      expect((await askOne(url, "boolean", { targetingKey: `s-${i}` })).status).toBe(200);
    }
    relay.kill("SIGTERM");
    expect(await relay.ended).toBe(1);
    const lines = relay.stdout.split("\n").filter((it) => it.includes("exposures lost on close"));
    expect(lines.map((it) => JSON.parse(it))).toMatchObject([
      { level: "error", environment: "eppo", count: 20 },
    ]);
  });
});
