import { readFileSync } from "node:fs";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { startTestServer } from "@sortition/test-kit/http-server";
import { describe, expect, it } from "vitest";
import { urlOf } from "../src/config/listen.js";
import { readConfig } from "../src/config/read-config.js";
import { serverOf } from "./formats.js";
import { askAll, askOne, evaluating, fileOf, PAGE, SERVER } from "./ofrep/ground.js";
import { openStream } from "./open-stream.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay, VARIABLES } from "./start.js";

const { KEY, PASSWORD } = VARIABLES;
const OWN = { listen: 0, admin: { listen: 0, password: { env: "PASSWORD" } }, drainMs: 0 };

/** Starts a relay whose configuration can be changed. */
async function start(environments: readonly object[]) {
  let content: object = { ...OWN, environments };
  const readAgain = () => readConfig(content, { variables: VARIABLES });
  const relay = await relayOf({ ...OWN, environments }, { readAgain });
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
): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`:${PASSWORD}`).toString("base64")}`;
  return fetch(`${urlOf(relay.adminAddress)}/reload`, {
    method: "POST",
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

  it("keeps the streams of a single environment that becomes the default of two", async () => {
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
  });

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

  it("keeps an environment whose new configuration gets no flags", async () => {
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

  it.each([
    [{ listen: 1 }, /^listen: a change needs a restart/],
    [{ admin: { ...OWN.admin, hosts: ["relay"] } }, /^admin: a change needs a restart/],
    [{ ticketKey: { env: "TICKETS" } }, /^ticketKey: a change needs a restart/],
    [{ environments: [{ name: "shop", dialect: "epo" }] }, /dialect: expected one of/],
    [
      { environments: [{ ...ENVIRONMENTS.GrowthBook("http://127.0.0.1:9"), options: { x: 1 } }] },
      /^environments\[0\]\.options\.x: unknown option/,
    ],
  ])("rejects %j, and changes nothing", async (members, problem) => {
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
  });

  it("through the admin address requires the password and the same origin", async () => {
    const shop = await growthbookOf("shop");
    const { relay } = await start([shop.environment]);
    expect((await postReload(relay, { authorization: "" })).status).toBe(401);
    expect((await postReload(relay, { origin: "https://evil.example" })).status).toBe(403);
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

function sourceOf({ environment }: { readonly environment: object }): object {
  return (environment as { readonly source: object }).source;
}
