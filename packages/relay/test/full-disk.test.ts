import { readFileSync } from "node:fs";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { createFakeClock } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { urlOf } from "../src/config/listen.js";
import { askOne, evaluating, fileOf, PAGE } from "./ofrep/ground.js";
import { textOf, Visitor } from "./page/visitor.js";
import { ENVIRONMENTS, relayOf, type TestRelay, VARIABLES } from "./start.js";

async function start(path: string) {
  const clock = createFakeClock();
  const loggers = [{ type: "ndjson", path }];
  const environments = [evaluating("eppo", PAYLOADS.eppo, { loggers })];
  return { clock, relay: await relayOf({ environments }, { clock }) };
}

/** Reports a displayed flag, as a web page does. */
async function report(relay: TestRelay, subject: string, variant: string): Promise<number> {
  const response = await fetch(`${relay.url}/exposures`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${VARIABLES.PAGE_TOKEN}`,
    },
    body: JSON.stringify({
      context: { targetingKey: subject },
      flags: [{ key: "boolean", variant }],
    }),
  });
  return response.status;
}

const metricsOf = async (relay: TestRelay): Promise<string> =>
  (await fetch(`${urlOf(relay.adminAddress)}/metrics`)).text();

describe("a full disk", () => {
  it("refuses reported exposures, but not evaluations, and counts each loss", async () => {
    const { clock, relay } = await start("/dev/full");
    let variant = "";
    for (let i = 0; i < 20; i++) {
      const response = await askOne(relay.url, "boolean", { targetingKey: `s-${i}` });
      expect(response.status).toBe(200);
      variant = ((await response.json()) as { readonly variant: string }).variant;
    }
    const lost = (): number =>
      Object.values(relay.environments[0]?.exposures[0]?.lost ?? {}).reduce((a, b) => a + b, 0);
    await expect.poll(lost).toBe(20);
    expect(await report(relay, "page-1", variant)).toBe(503);
    await clock.advance(1_000);
    expect(await report(relay, "page-2", variant)).toBe(202); // finds out whether the disk is still full
    await expect.poll(() => report(relay, "page-3", variant)).toBe(503);
    expect(await metricsOf(relay)).toMatch(/exposures_refused_total\{environment="eppo"\} [1-9]/);
    const { text } = await new Visitor(relay).get("/page");
    expect(textOf(text)).toMatch(/\d+ of \d+ exposures of eppo were lost\./);
    expect(await relay.close()).toBeGreaterThanOrEqual(20);
  });
});

it("a full disk does not refuse exposures that another logger takes, and counts its own losses", async () => {
  const clock = createFakeClock();
  const path = `${fileOf(null)}.events`;
  const loggers = [
    { type: "ndjson", name: "full", path: "/dev/full" },
    { type: "ndjson", name: "well", path },
  ];
  const environments = [evaluating("eppo", PAYLOADS.eppo, { loggers })];
  const relay = await relayOf({ environments }, { clock });
  const response = await askOne(relay.url, "boolean", { targetingKey: "a" });
  const { variant } = (await response.json()) as { readonly variant: string };
  const counts = () => relay.environments[0]?.exposures ?? [];
  await expect.poll(() => counts().map(({ waiting }) => waiting)).toEqual([0, 0]);
  for (let i = 0; i < 5; i++) expect(await report(relay, `page-${i}`, variant)).toBe(202);
  await expect.poll(() => counts().map((it) => it.delivered)).toEqual([0, 6]);
  expect(counts()[0]?.lost["failed"]).toBe(6);
  expect(await relay.close()).toBe(6);
  expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(6);
});

it.skipIf(!hasRedis)(
  "a full disk behind Redis refuses no exposures, which wait there",
  async () => {
    await using redis = await startRedis();
    const vendor = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
    const environment = {
      ...ENVIRONMENTS.Eppo(vendor.url),
      ...{ tokens: [PAGE], evaluate: true, loggers: [{ type: "ndjson", path: "/dev/full" }] },
      redis: { url: redis.url, namespace: "test" },
    };
    const relay = await relayOf({ environments: [environment], ticketKey: { env: "TICKETS" } });
    const response = await askOne(relay.url, "boolean", { targetingKey: "a" });
    const { variant } = (await response.json()) as { readonly variant: string };
    await expect.poll(() => relay.log.join("")).toContain("ENOSPC");
    for (let i = 0; i < 5; i++) expect(await report(relay, `page-${i}`, variant)).toBe(202);
    const stored = async (): Promise<string | undefined> =>
      /exposures_stored\{.*\} (\d+)/.exec(await metricsOf(relay))?.[1];
    await expect.poll(stored, { timeout: 60_000 }).toBe("6");
    expect(await relay.close()).toBe(0);
    await vendor.close();
  },
);

it("losses are counted from 0 for each logger and reason, so that an alert notices the first one", async () => {
  const path = `${fileOf(null)}.events`;
  const { relay } = await start(path);
  const labels = 'environment="eppo",logger="ndjson",reason=';
  const metrics = await metricsOf(relay);
  for (const reason of ["failed", "dropped", "closed"]) {
    expect(metrics).toContain(`sortition_relay_exposures_lost_total{${labels}"${reason}"} 0`);
  }
  await askOne(relay.url, "boolean", { targetingKey: "a" });
  expect(await relay.close()).toBe(0);
  expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(1);
});
