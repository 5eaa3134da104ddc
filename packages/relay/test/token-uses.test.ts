import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { createFakeClock, ifWhole } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { urlOf } from "../src/config/listen.js";
import { askOne, evaluating } from "./ofrep/ground.js";
import { Visitor } from "./page/visitor.js";
import { relayOf, VARIABLES } from "./start.js";

const { ATTRIBUTE, SERVER_TOKEN } = VARIABLES;
const ENVIRONMENT = evaluating("eppo", PAYLOADS.eppo);
const CONFIG = `/flag-config/v1/config?apiKey=${SERVER_TOKEN}`;

it("requests above requestsPerSecond get 429, for each token alone", async () => {
  const clock = createFakeClock();
  const relay = await relayOf({ environments: [ENVIRONMENT], requestsPerSecond: 2 }, { clock });
  const askConfig = async (): Promise<Response> => await fetch(`${relay.url}${CONFIG}`);
  const askFlag = async (): Promise<Response> =>
    await askOne(relay.url, "boolean", { targetingKey: "a" });
  for (const ask of [askConfig, askFlag]) {
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  }
  await clock.advance(1_000);
  expect((await askConfig()).status).toBe(200);
});

it("shows when each token was last seen, and the SDK that used it", async () => {
  const relay = await relayOf({ environments: [ENVIRONMENT] });
  await fetch(`${relay.url}${CONFIG}&sdkName=eppo-python&sdkVersion=4.4.1`);
  const response = await fetch(`${urlOf(relay.adminAddress)}/status`);
  expect(await response.json()).toMatchObject({
    environments: [
      {
        tokens: [
          { name: "page", lastSeenAt: null, sdk: null },
          { name: "server", lastSeenAt: expect.any(String), sdk: "eppo-python/4.4.1" },
        ],
      },
    ],
  });
  const { text } = await new Visitor(relay).get("/page");
  expect(text).toContain("eppo-python/4.4.1");
});

ifWhole(it)("ignores the name of an SDK that is no name", async () => {
  const relay = await relayOf({ environments: [ENVIRONMENT] });
  for (const agent of ["<script>/1", `${"a".repeat(90)}/1`, "Mozilla (x)", ""]) {
    await fetch(`${relay.url}${CONFIG}`, { headers: { "user-agent": agent } });
  }
  const status = await (await fetch(`${urlOf(relay.adminAddress)}/status`)).text();
  expect(JSON.parse(status)).toMatchObject({
    environments: [{ tokens: [{}, { name: "server", sdk: null }] }],
  });
});

it("accessLog logs method, route, environment, status and duration, and nothing else", async () => {
  const relay = await relayOf({ environments: [ENVIRONMENT], accessLog: true });
  await askOne(relay.url, "boolean", { targetingKey: ATTRIBUTE });
  await fetch(`${relay.url}${CONFIG}`);
  const lines = () => relay.log.map((it) => JSON.parse(it)).filter(({ msg }) => msg === "request");
  await expect.poll(lines).toHaveLength(2);
  expect(lines()).toEqual([
    {
      ...{ level: "info", time: expect.any(String), method: "POST", environment: "eppo" },
      ...{ route: "/ofrep/v1/evaluate/flags/:key", status: 200, msg: "request" },
      durationMs: expect.any(Number),
    },
    {
      ...{ level: "info", time: expect.any(String), method: "GET", environment: "eppo" },
      ...{ route: "/flag-config/v1/config", status: 200, msg: "request" },
      durationMs: expect.any(Number),
    },
  ]);
});

ifWhole(it)("logs no requests by default", async () => {
  const relay = await relayOf({ environments: [ENVIRONMENT] });
  await fetch(`${relay.url}${CONFIG}`);
  await relay.close();
  expect(relay.log.join("")).not.toContain('"msg":"request"');
});
