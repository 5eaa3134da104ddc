import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { createFakeClock, type FakeClock, ifWhole, isInPart } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { describe, expect, it, vi } from "vitest";
import { sha256Of } from "../src/access/tokens.js";
import { urlOf } from "../src/config/listen.js";
import { readConfig } from "../src/config/read-config.js";
import { memoryShare } from "../src/environment/memory.js";
import { serverOf } from "./formats.js";
import { askAll, askOne, evaluating, fileOf, PAGE, SERVER } from "./ofrep/ground.js";
import { openStream } from "./open-stream.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay, VARIABLES } from "./start.js";

const { KEY, PASSWORD } = VARIABLES;
const OWN = { listen: 0, admin: { listen: 0, password: { env: "PASSWORD" } }, drainMs: 0 };

/** Starts a relay whose configuration can be changed. */
async function start(
  environments: readonly object[],
  { clock, ...members }: { readonly clock?: FakeClock; readonly readiness?: string } = {},
) {
  const own = { ...OWN, ...members };
  let content: object = { ...own, environments };
  const readAgain = () => readConfig(content, { variables: VARIABLES });
  const relay = await relayOf({ ...own, environments }, { readAgain, clock });
  return {
    relay,
    change(members: object) {
      content = { ...content, ...members };
    },
  };
}

async function growthbookOf(name: string, members: object = {}) {
  const { flags, server } = await serverOf("GrowthBook");
  const environment = { ...ENVIRONMENTS.GrowthBook(server.url), name, ...members };
  return { flags, server, environment };
}

function statusOf(relay: TestRelay, name: string, key: string = KEY): Promise<number> {
  return fetch(`${relay.url}/${name}/api/features/${key}`).then(({ status }) => status);
}

function postReload(
  relay: TestRelay,
  headers: Readonly<Record<string, string>> = {},
  method = "POST",
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`:${PASSWORD}`).toString("base64")}`;
  return fetch(`${urlOf(relay.adminAddress)}/reload`, {
    method,
    headers: { authorization, ...headers },
  });
}

const ORIGIN = "https://shop.example";

describe("a reload", () => {
  it("adds and removes environments, and reports them", async () => {
    const [shop, old, fresh] = [
      await growthbookOf("shop"),
      await growthbookOf("old"),
      await growthbookOf("fresh"),
    ];
    const { change, relay } = await start([shop.environment, old.environment]);
    const stream = await openStream(`${relay.url}/old/sub/${KEY}`);
    change({ environments: [fresh.environment, shop.environment] });
    expect(await relay.reload()).toEqual({
      added: ["fresh"],
      replaced: [],
      removed: ["old"],
      unchanged: ["shop"],
      kept: [],
    });
    await expect.poll(() => statusOf(relay, "fresh")).toBe(200);
    expect(await statusOf(relay, "shop")).toBe(200);
    expect(await statusOf(relay, "old")).toBe(401);
    await expect.poll(() => stream.text).toMatch(/retry: \d+\n\n$/);
  });

  ifWhole(it)("leaves no listener behind, however often environments are replaced", async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error): void => void warnings.push(name);
    process.on("warning", note);
    later(async () => void process.off("warning", note));
    const environment = (plan: string): object =>
      evaluating("eppo", PAYLOADS.eppo, {
        name: "shop",
        options: { refuseRiskyPatterns: plan === "a" },
      });
    const { change, relay } = await start([environment("b")]);
    for (let i = 0; i < 12; i++) {
      change({ environments: [environment(i % 2 === 0 ? "a" : "b")] });
      expect(await relay.reload()).toMatchObject({ replaced: ["shop"] });
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  });

  it("keeps the counters of environments that it removes, renames or replaces", async () => {
    // Writing fails, because the path is a folder.
    const loggers = [{ type: "ndjson", path: tmpdir() }];
    const old = evaluating("eppo", PAYLOADS.eppo, { name: "old", loggers });
    const { server } = await serverOf("GrowthBook");
    const shop = { ...ENVIRONMENTS.GrowthBook(server.url), name: "shop" };
    const webhookSecret = { env: "WEBHOOK" };
    const { change, relay } = await start([old, { ...shop, webhookSecret }]);
    expect((await askOne(`${relay.url}/old`, "boolean", { targetingKey: "a" })).status).toBe(200);
    await fetch(`${relay.url}/shop/proxy/features`, { method: "POST", body: "{}" });
    const lost = () => relay.environments[0]?.exposures[0]?.lost["failed"];
    await expect.poll(lost).toBe(1);
    const authorization = `Basic ${Buffer.from(`:${PASSWORD}`).toString("base64")}`;
    const counters = async (): Promise<readonly string[]> => {
      const url = `${urlOf(relay.adminAddress)}/metrics`;
      const text = await (await fetch(url, { headers: { authorization } })).text();
      return text
        .split("\n")
        .filter((it) => /^sortition_relay_(exposures|attempts|webhooks)_\w*total\{/.test(it))
        .filter((it) => !it.endsWith(" 0"));
    };
    const before = await counters();
    expect(before).toContainEqual(
      expect.stringMatching(/lost_total\{environment="old".*failed.* 1$/),
    );
    expect(before).toContainEqual(expect.stringMatching(/webhooks_refused_total\{.*"shop"\} 1$/));
    change({
      environments: [
        { ...old, name: "new" },
        {
          ...shop,
          webhookSecret,
          source: { ...(shop as { source?: object }).source, pollIntervalMs: 20_000 },
        },
      ],
    });
    await relay.reload();
    change({ environments: [{ ...old, name: "new" }] });
    await relay.reload();
    const countIn = (line: string): number => Number(line.slice(line.lastIndexOf(" ")));
    const after = await counters();
    for (const line of before) {
      const name = line.slice(0, line.lastIndexOf(" "));
      const now = after.find((it) => it.startsWith(name)) ?? "gone 0";
      expect(now.startsWith(name)).toBe(true);
      expect(countIn(now)).toBeGreaterThanOrEqual(countIn(line));
    }
  });

  it("keeps streams, tickets and configuration of unchanged environments", async () => {
    const evaluating = { tokens: [PAGE, SERVER], evaluate: true };
    const server = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
    later(() => server.close());
    const eppo = { ...ENVIRONMENTS.Eppo(server.url), ...evaluating };
    const shop = await growthbookOf("shop");
    const { change, relay } = await start([eppo, shop.environment]);
    const stream = await openStream(`${relay.url}/shop/sub/${KEY}`);
    await expect.poll(() => stream.text).toContain("\n\n");
    const answer = (await (await askAll(`${relay.url}/eppo`, { targetingKey: "a" })).json()) as {
      readonly eventStreams: readonly [{ readonly endpoint: { readonly requestUri: string } }];
    };
    const requests = server.requests.length;
    const other = await growthbookOf("other");
    change({ environments: [eppo, shop.environment, other.environment] });
    await relay.reload();
    expect(server.requests.length).toBe(requests);
    const events = await openStream(`${relay.url}${answer.eventStreams[0].endpoint.requestUri}`);
    expect(events.status).toBe(200);
    shop.flags.boolean("new").on();
    relay.environments.find(({ name }) => name === "shop")?.requestRefresh();
    await expect.poll(() => stream.text).toContain('"new"');
  });

  ifWhole(it)(
    "keeps the streams of a single environment that becomes the default of two",
    async () => {
      const [shop, fresh] = [await growthbookOf("shop"), await growthbookOf("fresh")];
      const { change, relay } = await start([shop.environment]);
      const stream = await openStream(`${relay.url}/sub/${KEY}`);
      change({ environments: [{ ...shop.environment, default: true }, fresh.environment] });
      expect(await relay.reload()).toMatchObject({ added: ["fresh"], unchanged: ["shop"] });
      expect((await fetch(`${relay.url}/api/features/${KEY}`)).status).toBe(200);
      shop.flags.boolean("new").on();
      relay.environments[0]?.requestRefresh();
      await expect.poll(() => stream.text).toContain('"new"');
      expect(stream.hasEnded).toBe(false);
    },
  );

  it("changes members that are read on each request without replacing the environment", async () => {
    const shop = await growthbookOf("shop");
    const { change, relay } = await start([shop.environment]);
    const stream = await openStream(`${relay.url}/sub/${KEY}`);
    const members = { maxStreams: 1, origins: [ORIGIN], webhookSecret: { env: "WEBHOOK" } };
    change({ environments: [{ ...shop.environment, ...members }] });
    expect(await relay.reload()).toMatchObject({ unchanged: ["shop"] });
    expect((await openStream(`${relay.url}/sub/${KEY}`)).status).toBe(503);
    const headers = { origin: ORIGIN };
    const answer = await fetch(`${relay.url}/api/features/${KEY}`, { headers });
    expect(answer.headers.get("access-control-allow-origin")).toBe(ORIGIN);
    const unsigned = await fetch(`${relay.url}/proxy/features`, { method: "POST", body: "{}" });
    expect(unsigned.status).toBe(401);
    expect(stream.hasEnded).toBe(false);
  });

  ifWhole(it)("shares the memory equally among the environments that it leaves", async () => {
    const path = `${fileOf(null)}.events`;
    const eppo = evaluating("eppo", PAYLOADS.eppo, { loggers: [{ type: "ndjson", path }] });
    const shops = [await growthbookOf("a"), await growthbookOf("b"), await growthbookOf("c")];
    const others = shops.map(({ environment }) => environment);
    const { change, relay } = await start([eppo]);
    const environment = relay.environments[0];
    const alone = environment?.memory;
    change({ environments: [eppo, ...others] });
    await relay.reload();
    const shares = relay.environments.map(({ memory }) => memory);
    expect(shares).toEqual(shares.map(() => memoryShare(4)));
    change({ environments: [eppo] });
    await relay.reload();
    expect(relay.environments).toEqual([environment]);
    expect(environment?.memory).toEqual(alone);
    // A smaller share makes the environment forget logged exposures at once.
    await askOne(relay.url, "boolean", { targetingKey: "alice" });
    if (environment !== undefined) environment.memory = { ...memoryShare(1), deduplication: 1 };
    await askOne(relay.url, "boolean", { targetingKey: "alice" });
    await relay.close();
    expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(2);
  });

  it("delivers the exposures of a removed environment", async () => {
    const path = `${fileOf(null)}.events`;
    const loggers = [{ type: "ndjson", path }];
    const shop = await growthbookOf("shop");
    const { change, relay } = await start([
      evaluating("eppo", PAYLOADS.eppo, { loggers }),
      shop.environment,
    ]);
    const asking = Array.from({ length: 100 }, (_, i) =>
      askOne(`${relay.url}/eppo`, "boolean", { targetingKey: `s-${i}` }),
    );
    expect(new Set((await Promise.all(asking)).map(({ status }) => status))).toEqual(
      new Set([200]),
    );
    change({ environments: [shop.environment] });
    expect(await relay.reload()).toMatchObject({ removed: ["eppo"] });
    expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(100);
  });

  it("replaces a changed environment without interruption", async () => {
    const [before, after] = [await growthbookOf("shop"), await growthbookOf("shop")];
    after.flags.boolean("second").on();
    const { change, relay } = await start([before.environment]);
    change({ environments: [after.environment] });
    let [isDone, asked] = [false, 0];
    const reloading = relay.reload().finally(() => {
      isDone = true;
    });
    while (!isDone) {
      expect(await statusOf(relay, "shop")).toBe(200);
      asked += 1;
    }
    expect(asked).toBeGreaterThan(0);
    expect(await reloading).toMatchObject({ replaced: ["shop"], kept: [] });
    const text = await (await fetch(`${relay.url}/shop/api/features/${KEY}`)).text();
    expect(text).toContain("second");
  });

  ifWhole(it)("serves no older version that former environments receive", async () => {
    const [shop, prices] = [await growthbookOf("shop"), await growthbookOf("prices")];
    const payload = await (await fetch(`${prices.server.url}/api/features/${KEY}`)).text();
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = await startTestServer(async () => {
      await released;
      return { kind: "answer", body: payload };
    });
    later(() => slow.close());
    const { change, relay } = await start([shop.environment, prices.environment]);
    const [former] = relay.environments;
    const source = { ...sourceOf(shop), requestTimeoutMs: 9_000 };
    const slowPrices = { ...ENVIRONMENTS.GrowthBook(slow.url), name: "prices" };
    change({ environments: [{ ...shop.environment, source }, slowPrices] });
    const textOf = async () => (await fetch(`${relay.url}/shop/api/features/${KEY}`)).text();
    const before = shop.server.requests.length;
    const reloading = relay.reload();
    await expect.poll(() => shop.server.requests.length).toBeGreaterThan(before);
    await expect.poll(() => slow.requests.length).toBeGreaterThan(0);
    shop.flags.boolean("second").on();
    former?.requestRefresh();
    await expect.poll(textOf).toContain("second");
    release();
    expect(await reloading).toMatchObject({ replaced: ["shop", "prices"] });
    expect(await textOf()).toContain("second");
  });

  it("ends the streams of a replaced environment at once, before it receives another version", async () => {
    const shop = await growthbookOf("shop");
    const { change, relay } = await start([shop.environment], { clock: createFakeClock() });
    const stream = await openStream(`${relay.url}/shop/sub/${KEY}`);
    change({
      environments: [
        { ...shop.environment, source: { ...sourceOf(shop), requestTimeoutMs: 9_000 } },
      ],
    });
    const reloading = relay.reload();
    await expect.poll(() => stream.text).toMatch(/retry: \d+\n\n$/);
    await relay.close(); // no timer fires meanwhile
    expect(await reloading).toMatchObject({ replaced: ["shop"] });
  });

  ifWhole(it)("keeps an environment whose new configuration gets no flags", async () => {
    const shop = await growthbookOf("shop");
    const refusing = await startTestServer({ kind: "answer", status: 401 });
    later(() => refusing.close());
    const { change, relay } = await start([shop.environment]);
    change({ environments: [{ ...ENVIRONMENTS.GrowthBook(refusing.url), name: "shop" }] });
    expect(await relay.reload()).toMatchObject({ replaced: [], kept: ["shop"] });
    expect(await statusOf(relay, "shop")).toBe(200);
  });

  it("reads secrets again", async () => {
    const shop = await growthbookOf("shop", {
      source: { ...sourceOf(await growthbookOf("x")), clientKey: { env: "KEY" } },
    });
    const { change, relay } = await start([shop.environment]);
    change({
      environments: [
        { ...shop.environment, source: { ...sourceOf(shop), clientKey: { env: "SECRET" } } },
      ],
    });
    expect(await relay.reload()).toMatchObject({ replaced: ["shop"] });
    expect(await statusOf(relay, "shop")).toBe(401);
    expect(await statusOf(relay, "shop", VARIABLES.SECRET)).toBe(200);
  });

  const REJECTED = [
    [{ admin: { ...OWN.admin, hosts: ["relay"] } }, /^admin: a change needs a restart/],
    [{ listen: 1 }, /^listen: a change needs a restart/],
    [{ ticketKey: { env: "TICKETS" } }, /^ticketKey: a change needs a restart/],
    [{ environments: [{ name: "shop", dialect: "epo" }] }, /dialect: expected one of/],
    [
      { environments: [{ ...ENVIRONMENTS.GrowthBook("http://127.0.0.1:9"), options: { x: 1 } }] },
      /^environments\[0\]\.options\.x: unknown option/,
    ],
  ] as const;

  it.each(REJECTED.filter((_, i) => isInPart(i)))(
    "rejects %j, and changes nothing",
    async (members, problem) => {
      const shop = await growthbookOf("shop");
      const { change, relay } = await start([shop.environment]);
      change(members);
      await expect(relay.reload()).rejects.toThrow(problem);
      expect(await statusOf(relay, "shop")).toBe(200);
      const response = await postReload(relay);
      expect(response.status).toBe(422);
      const { message, problems } = (await response.json()) as {
        readonly message: string;
        readonly problems: readonly string[];
      };
      expect(message).toBe("nothing was changed");
      expect(problems[0]).toMatch(problem);
    },
  );

  it("through the admin address requires the password and the same origin", async () => {
    const shop = await growthbookOf("shop");
    const { relay } = await start([shop.environment]);
    expect((await postReload(relay, { authorization: "" })).status).toBe(401);
    expect((await postReload(relay, { origin: "https://evil.example" })).status).toBe(403);
    expect(await (await postReload(relay, {}, "GET")).text()).toContain("use POST");
    const response = await postReload(relay);
    expect([response.status, await response.json()]).toMatchObject([200, { unchanged: ["shop"] }]);
  });

  it("through the admin address gets 404 if no password is configured", async () => {
    const shop = await growthbookOf("shop");
    const relay = await relayOf({ environments: [shop.environment] });
    const response = await fetch(`${urlOf(relay.adminAddress)}/reload`, { method: "POST" });
    expect(response.status).toBe(404);
  });
});

describe("a reload that changes only tokens or loggers", () => {
  it("refuses a removed token at once while the vendor is away, and ends its streams", async () => {
    const shop = await growthbookOf("shop", { tokens: [PAGE_CONFIGURATION, SERVER] });
    const { change, relay } = await start([shop.environment]);
    const [leaked, other] = [
      await openStream(`${relay.url}/sub/${PAGE_TOKEN}`),
      await openStream(`${relay.url}/sub/${SERVER_TOKEN}`),
    ];
    await shop.server.close();
    change({ environments: [{ ...shop.environment, tokens: [SERVER] }] });
    expect(await relay.reload()).toMatchObject({ unchanged: ["shop"], kept: [] });
    expect(await statusOf(relay, "shop", PAGE_TOKEN)).toBe(401);
    expect(await statusOf(relay, "shop", SERVER_TOKEN)).toBe(200);
    await expect.poll(() => leaked.hasEnded).toBe(true);
    expect(other.hasEnded).toBe(false);
  });

  it("refuses a removed token even if other members changed and the new environment gets no flags", async () => {
    const shop = await growthbookOf("shop", { tokens: [PAGE_CONFIGURATION, SERVER] });
    const { change, relay } = await start([shop.environment]);
    const source = { ...sourceOf(shop), apiHost: "http://127.0.0.1:9" };
    change({ environments: [{ ...shop.environment, source, tokens: [SERVER] }] });
    expect(await relay.reload()).toMatchObject({ kept: ["shop"] });
    expect(await statusOf(relay, "shop", PAGE_TOKEN)).toBe(401);
    expect(await statusOf(relay, "shop", SERVER_TOKEN)).toBe(200);
    expect(relay.log.join("")).toContain("some environments keep their former settings");
  });

  it("ends the streams of a token that may no longer evaluate, also those opened with a ticket", async () => {
    const environment = evaluating("eppo", PAYLOADS.eppo);
    const { change, relay } = await start([environment]);
    const { eventStreams } = (await (await askAll(relay.url, { targetingKey: "a" })).json()) as {
      readonly eventStreams: readonly [{ readonly endpoint: { readonly requestUri: string } }];
    };
    const { requestUri } = eventStreams[0].endpoint;
    const stream = await openStream(`${relay.url}${requestUri}`);
    const narrowed = { ...PAGE, flags: { include: ["boolean"] } };
    change({ environments: [{ ...environment, tokens: [narrowed, SERVER] }] });
    await relay.reload();
    await expect.poll(() => stream.hasEnded).toBe(true);
    const found = (await askOne(relay.url, "string", { targetingKey: "a" })).status;
    expect(found).toBe(404);
  });

  ifWhole(it)("opens remote evaluation for the first token that needs it", async () => {
    const shop = await growthbookOf("shop", { tokens: [SERVER] });
    shop.flags.boolean("fast").on();
    const { change, relay } = await start([shop.environment]);
    const remote = { name: "page", sha256: sha256Of(PAGE_TOKEN), remoteEval: true };
    change({ environments: [{ ...shop.environment, tokens: [SERVER, remote] }] });
    expect(await relay.reload()).toMatchObject({ unchanged: ["shop"] });
    const response = await fetch(`${relay.url}/api/eval/${PAGE_TOKEN}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(response.status).toBe(200);
  });

  it("keeps logged exposures, counts and times of evaluations when a token is added", async () => {
    const path = `${fileOf(null)}.events`;
    const environment = evaluating("eppo", PAYLOADS.eppo, { loggers: [{ type: "ndjson", path }] });
    const { change, relay } = await start([environment]);
    await askOne(relay.url, "boolean", { targetingKey: "alice" });
    const uses = relay.environments[0]?.uses?.get("boolean");
    const added = { name: "added", sha256: sha256Of("added") };
    change({ environments: [{ ...environment, tokens: [PAGE, SERVER, added] }] });
    await relay.reload();
    await askOne(relay.url, "boolean", { targetingKey: "alice" });
    await relay.close();
    expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(1);
    expect(uses).toBeDefined();
    expect(relay.environments[0]?.exposures).toMatchObject([{ delivered: 1, waiting: 0 }]);
    expect(relay.log.join("")).not.toContain("two loggers");
  });

  ifWhole(it)("drains a changed logger, keeps its counts, and opens its file once", async () => {
    const path = `${fileOf(null)}.events`;
    const loggers = (maxBufferedBytes: number) => [{ type: "ndjson", path, maxBufferedBytes }];
    const environment = evaluating("eppo", PAYLOADS.eppo, { loggers: loggers(1_000_000) });
    const { change, relay } = await start([environment]);
    const log = async (from: number): Promise<void> => {
      const asking = Array.from({ length: 50 }, (_, i) =>
        askOne(relay.url, "boolean", { targetingKey: `s-${from + i}` }),
      );
      for (const { status } of await Promise.all(asking)) expect(status).toBe(200);
    };
    await log(0);
    change({ environments: [{ ...environment, loggers: loggers(2_000_000) }] });
    const [result] = await Promise.all([relay.reload(), log(50)]);
    expect(result).toMatchObject({ unchanged: ["eppo"] });
    change({ environments: [{ ...environment, options: { refuseRiskyPatterns: false } }] });
    const [second] = await Promise.all([relay.reload(), log(100)]);
    expect(second).toMatchObject({ replaced: ["eppo"] });
    await log(150);
    // A busy machine may not write them all within the time limit of a shutdown.
    const delivered = () => relay.environments[0]?.exposures;
    await vi.waitFor(() => expect(delivered()).toMatchObject([{ delivered: 200 }]));
    expect(await relay.close()).toBe(0);
    expect(readFileSync(path, "utf8").trim().split("\n")).toHaveLength(200);
    expect(delivered()).toMatchObject([{ delivered: 200, waiting: 0 }]);
    expect(relay.log.join("")).not.toContain("two loggers");
  });

  it("adds and removes loggers", async () => {
    const [first, second] = [`${fileOf(null)}.events`, `${fileOf(null)}.events`];
    const environment = evaluating("eppo", PAYLOADS.eppo);
    const { change, relay } = await start([environment]);
    const reloadWith = async (...paths: readonly string[]): Promise<void> => {
      const loggers = paths.map((path, i) => ({ type: "ndjson", path, name: `log-${i}` }));
      change({ environments: [{ ...environment, loggers }] });
      await relay.reload();
    };
    await reloadWith(first, second);
    await askOne(relay.url, "boolean", { targetingKey: "a" });
    await reloadWith(first);
    await askOne(relay.url, "boolean", { targetingKey: "b" });
    expect(await relay.close()).toBe(0);
    const lines = [first, second].map((it) => readFileSync(it, "utf8").trim().split("\n").length);
    expect(lines).toEqual([2, 1]);
  });

  ifWhole(it)("counts the exposures that a replaced logger lost for the exit code", async () => {
    const environment = evaluating("eppo", PAYLOADS.eppo);
    const [full, path] = ["/dev/full", `${fileOf(null)}.events`];
    const { change, relay } = await start([
      { ...environment, loggers: [{ type: "ndjson", path: full }] },
    ]);
    await askOne(relay.url, "boolean", { targetingKey: "a" });
    change({ environments: [{ ...environment, loggers: [{ type: "ndjson", path }] }] });
    await relay.reload();
    expect(relay.environments[0]?.exposures).toMatchObject([{ lost: { failed: 1 } }]);
    expect(await relay.close()).toBe(1);
  });
});

it.each([
  ["any", 200],
  ["all", 503],
])(
  "after a reload that adds an environment with a silent vendor, /readyz with readiness %s is %i",
  async (readiness, status) => {
    const shop = await growthbookOf("shop");
    const silent = await startTestServer({ kind: "hang" });
    later(() => silent.close());
    const { change, relay } = await start([shop.environment], { readiness });
    expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
    const added = { ...ENVIRONMENTS.GrowthBook(silent.url), name: "silent" };
    change({ environments: [shop.environment, added] });
    expect(await relay.reload()).toMatchObject({ added: ["silent"] });
    expect((await fetch(`${relay.url}/readyz`)).status).toBe(status);
  },
);

it("a reload changes the password of the admin address in place", async () => {
  const shop = await growthbookOf("shop");
  const { change, relay } = await start([shop.environment]);
  change({ admin: { ...OWN.admin, password: { env: "SECRET" } } });
  expect((await postReload(relay)).status).toBe(200);
  expect((await postReload(relay)).status).toBe(401);
  const authorization = `Basic ${Buffer.from(`:${VARIABLES.SECRET}`).toString("base64")}`;
  change({ admin: OWN.admin });
  expect((await postReload(relay, { authorization })).status).toBe(200);
});

ifWhole(it)("a relay that ends during a reload does not wait for new environments", async () => {
  const shop = await growthbookOf("shop");
  const silent = await startTestServer({ kind: "hang" });
  later(() => silent.close());
  const { change, relay } = await start([shop.environment], { clock: createFakeClock() });
  change({ environments: [{ ...ENVIRONMENTS.GrowthBook(silent.url), name: "shop" }] });
  const reloading = relay.reload().catch(({ message }: Error) => message);
  await expect.poll(() => silent.requests.length).toBeGreaterThan(0);
  await relay.close(); // no timer fires meanwhile
  expect(await reloading).toBe("the relay is ending");
});

const { PAGE_TOKEN, SERVER_TOKEN } = VARIABLES;
const PAGE_CONFIGURATION = { name: "page", sha256: sha256Of(PAGE_TOKEN) };

function sourceOf({ environment }: { readonly environment: object }): object {
  return (environment as { readonly source: object }).source;
}
