import { request } from "node:http";
import { tmpdir } from "node:os";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { createFakeClock, isInPart } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { urlOf } from "../src/config/listen.js";
import { VERSION } from "../src/version.js";
import { serverOf } from "./formats.js";
import { askOne, evaluating, fileOf } from "./ofrep/ground.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay, VARIABLES } from "./start.js";

const { KEY, PASSWORD } = VARIABLES;

const basic = (password: string, user = "any"): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** All kinds of paths, those of a POST with their method. */
const PATHS = [
  ...["/status", "/metrics", "/none", "/", "/page", "/page/style.css", "/page/growthbook/subject"],
  ...["/page/growthbook/flags", "/page/growthbook/flag?key=checkout", "/page/growthbook/changes"],
  ...["/page/growthbook/change", "/api/v1/environments", "/api/v1/flags", "/api/v1/flags/checkout"],
  ...["/api/v1/changes", "/api/v1/changes/x", "POST /page/growthbook/subject"],
  ...["POST /page/growthbook/subject/text", "POST /api/v1/explain"],
];

/** Sends a request with any `Host`, which `fetch` does not allow. */
function ask(
  relay: TestRelay,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const [path, method = "GET"] = target.split(" ").reverse();
  return new Promise((resolve, reject) => {
    const url = `${urlOf(relay.adminAddress)}${path}`;
    const asking = request(url, { method, headers, agent: false });
    asking.on("error", reject).on("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (data: string) => {
        text += data;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asking.end();
  });
}

async function start(admin: object = {}): Promise<TestRelay> {
  const { server } = await serverOf("GrowthBook");
  return await relayOf({
    admin: { listen: 0, ...admin },
    environments: [ENVIRONMENTS.GrowthBook(server.url)],
  });
}

describe("metrics", () => {
  it("count requests by route template, and contain the age of the flags", async () => {
    const relay = await start();
    await fetch(`${relay.url}/api/features/${KEY}?secret=1`);
    await fetch(`${relay.url}/api/features/wrong-token`);
    await fetch(`${relay.url}/ghost/api/features/${KEY}`);
    await fetch(`${relay.url}/no/such/path?secret=1`);
    const text = async (): Promise<string> => (await ask(relay, "/metrics")).text;
    const route = 'route="/api/features/:key"';
    await expect
      .poll(text)
      .toContain(
        `sortition_relay_requests_total{${route},status="200",environment="growthbook",token="vendor-key"} 1`,
      );
    const lines = await text();
    expect(lines).toContain(`{${route},status="401",environment="",token=""} 1`);
    expect(lines).toContain(`{${route},status="401",environment="growthbook",token=""} 1`);
    expect(lines).toContain('{route="unmatched",status="404",environment="",token=""} 1');
    expect(lines).toContain('sortition_relay_ready{environment="growthbook"} 1');
    expect(lines).toMatch(/sortition_relay_age_seconds\{environment="growthbook"\} \d/);
    expect(lines).toContain(
      'sortition_relay_attempts_total{environment="growthbook",outcome="succeeded"} 1',
    );
    expect(lines).toContain("sortition_relay_refused_total 2");
    expect(lines).toContain('sortition_relay_stale{environment="growthbook"} 0');
    expect(lines).toContain(`sortition_relay_request_duration_seconds_count{${route}} 3`);
    expect(lines).toContain(`sortition_relay_request_duration_seconds_bucket{le="10",${route}} 3`);
    expect(lines).toContain(
      `sortition_relay_build_info{version="${VERSION}",node="${process.versions.node}"} 1`,
    );
    expect(lines).toContain("nodejs_eventloop_lag_seconds");
    expect(lines).not.toMatch(/secret|wrong-token|ghost|no\/such/);
    expect(lines).not.toContain(KEY);
  });

  it("count failed attempts", async () => {
    const server = await startTestServer({ kind: "answer", status: 401 });
    later(() => server.close());
    const environments = [ENVIRONMENTS.Eppo(server.url)];
    const relay = await relayOf({ environments }, { waits: false });
    await expect
      .poll(async () => (await ask(relay, "/metrics")).text)
      .toContain('sortition_relay_attempts_total{environment="eppo",outcome="failed"} 1');
    const { text } = await ask(relay, "/metrics");
    expect(text).toContain('sortition_relay_ready{environment="eppo"} 0');
  });

  it.skipIf(!hasRedis)("contain the role in the fleet", async () => {
    const { server } = await serverOf("Eppo");
    const redis = await startRedis();
    later(() => redis.close());
    const environment = {
      ...ENVIRONMENTS.Eppo(server.url),
      redis: { url: redis.url, namespace: "test" },
    };
    const relay = await relayOf({ environments: [environment] });
    const text = async (): Promise<string> => (await ask(relay, "/metrics")).text;
    await expect
      .poll(text)
      .toContain('sortition_relay_fleet_role{environment="eppo",role="leader"} 1');
    expect((await text()).match(/^sortition_relay_fleet_role\{/gm)).toHaveLength(1);
  });
});

describe("exposures", () => {
  /** Starts a relay whose logger writes to this path, and sends three exposures. */
  async function startLogging(path: string, clock = createFakeClock()) {
    const loggers = [{ type: "ndjson", path }];
    const relay = await relayOf(
      { environments: [evaluating("eppo", PAYLOADS.eppo, { loggers })] },
      { clock },
    );
    for (const targetingKey of ["a", "b", "c"]) {
      expect((await askOne(relay.url, "boolean", { targetingKey })).status).toBe(200);
    }
    const metrics = async (): Promise<string> => (await ask(relay, "/metrics")).text;
    const status = async () => JSON.parse((await ask(relay, "/status")).text).environments[0];
    return { clock, metrics, relay, status };
  }

  it("are counted in metrics and status when they were delivered", async () => {
    const { metrics, status } = await startLogging(`${fileOf(null)}.events`);
    const labels = 'environment="eppo",logger="ndjson"';
    await expect.poll(metrics).toContain(`sortition_relay_exposures_delivered_total{${labels}} 3`);
    expect(await metrics()).toContain(`sortition_relay_exposures_waiting{${labels}} 0`);
    expect((await status()).exposures).toEqual([
      { logger: "ndjson", accepted: 3, delivered: 3, waiting: 0, lost: {}, unconfirmed: 0 },
    ]);
  });

  it("are counted by reason in metrics and status when they were lost, and their total is logged once a minute", async () => {
    // Writing fails, because the path is a folder.
    const { clock, metrics, relay, status } = await startLogging(tmpdir());
    const lost = async () => (await status()).exposures[0].lost;
    await expect.poll(async () => Object.values(await lost())).toEqual([3]);
    const [reason] = Object.keys(await lost());
    const labels = `environment="eppo",logger="ndjson",reason="${reason}"`;
    expect(await metrics()).toContain(`sortition_relay_exposures_lost_total{${labels}} 3`);
    const reports = () =>
      relay.log.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "exposures lost");
    expect(reports()).toEqual([]);
    await clock.advance(60_000);
    expect(reports()).toMatchObject([{ level: "error", environment: "eppo", total: 3 }]);
    await clock.advance(180_000);
    expect(reports()).toHaveLength(1);
  });
});

it("the status contains the state of each client, but no key", async () => {
  const relay = await start();
  const { text } = await ask(relay, "/status");
  const { environments, isReady } = JSON.parse(text);
  expect(isReady).toBe(true);
  expect(environments).toHaveLength(1);
  expect(environments[0]).toMatchObject({
    name: "growthbook",
    dialect: "growthbook",
    client: { state: "ready", source: "network" },
    fleet: null,
    streams: 0,
    parts: [{ part: "flags", sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
  });
  expect(text).not.toContain(KEY);
});

describe("Host", () => {
  it.each(
    ["localhost", "127.0.0.1", "127.0.0.1:9090", "[::1]:9090", "LOCALHOST", "relay.local"].filter(
      (_, i) => isInPart(i),
    ),
  )("%s is accepted", async (host) => {
    const relay = await start({ hosts: ["relay.local"] });
    expect((await ask(relay, "/status", { host })).status).toBe(200);
  });

  const FOREIGN = [
    ...["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:9090", "other.local"],
  ];

  it.each(FOREIGN.filter((_, i) => isInPart(i)))(
    "%s gets 421 without a password, because a web page could use any name",
    async (host) => {
      const relay = await start({ hosts: ["relay.local"] });
      for (const path of PATHS) {
        expect([path, (await ask(relay, path, { host })).status]).toEqual([path, 421]);
      }
    },
  );

  it.each(["10.1.2.3:9090", ...FOREIGN].filter((_, i) => isInPart(i)))(
    "%s is accepted with the password, which a DNS rebinding attack does not have",
    async (host) => {
      const relay = await start({ password: { env: "PASSWORD" } });
      for (const path of ["/status", "/metrics"]) {
        expect((await ask(relay, path, { host })).status).toBe(401);
        expect((await ask(relay, path, { host, authorization: basic("wrong") })).status).toBe(401);
        const authorization = basic(PASSWORD);
        expect((await ask(relay, path, { host, authorization })).status).toBe(200);
      }
    },
  );
});

describe("the password", () => {
  it("is required on every path", async () => {
    const relay = await start({ password: { env: "PASSWORD" } });
    for (const path of PATHS) {
      expect([path, (await ask(relay, path)).status]).toEqual([path, 401]);
    }
    for (const path of ["/status", "/metrics", "/none"]) {
      for (const wrong of ["", "wrong", `${PASSWORD}x`]) {
        expect((await ask(relay, path, { authorization: basic(wrong) })).status).toBe(401);
      }
      expect((await ask(relay, path, { authorization: `Bearer ${PASSWORD}` })).status).toBe(401);
    }
    expect((await ask(relay, "/status", { authorization: basic(PASSWORD) })).status).toBe(200);
    expect((await ask(relay, "/none", { authorization: basic(PASSWORD) })).status).toBe(404);
  });
});

it("a refused request of an operator gets the reason", async () => {
  const relay = await start({ password: { env: "PASSWORD" } });
  const textFor = async (path: string, authorization = basic(PASSWORD)) =>
    (await ask(relay, path, { authorization })).text;
  expect(await textFor("/status", "")).toContain("is missing: send it with HTTP Basic");
  expect(await textFor("/status", basic("x"))).toBe("the password is wrong\n");
});

it("the admin address does not serve SDKs, and the SDK address serves no admin pages", async () => {
  const relay = await start();
  expect((await fetch(`${relay.url}/metrics`)).status).toBe(404);
  expect((await fetch(`${relay.url}/status`)).status).toBe(404);
  expect((await ask(relay, `/api/features/${KEY}`)).status).toBe(404);
});
