import { readFileSync } from "node:fs";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { describe, expect, it } from "vitest";
import { serverOf } from "../formats.js";
import { ENVIRONMENTS, relayOf, type TestRelay, VARIABLES } from "../start.js";
import { askAll, askOne, type DialectName, evaluating, fileOf, PAGE, SERVER } from "./ground.js";

const ALICE = { targetingKey: "alice", plan: "gold" };
const { PAGE_TOKEN, SERVER_TOKEN } = VARIABLES;

interface LoggedEvent {
  readonly subject: string;
  readonly featureFlag: string;
  readonly variation: string | null;
}

/** Starts a relay that logs to a file. */
async function startLogging(
  dialect: DialectName = "eppo",
  members: object = {},
): Promise<{ readonly relay: TestRelay; events(): readonly LoggedEvent[] }> {
  const path = `${fileOf(null)}.events`;
  const loggers = [{ type: "ndjson", path }];
  const relay = await relayOf({
    environments: [evaluating(dialect, PAYLOADS[dialect], { loggers, ...members })],
  });
  const events = (): readonly LoggedEvent[] => {
    const text = readFileSync(path, { encoding: "utf8", flag: "a+" });
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  };
  return { relay, events };
}

function send(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${PAGE_TOKEN}` },
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

const sendSeen = (relay: TestRelay, flags: readonly object[], context: object = ALICE) =>
  send(`${relay.url}/exposures`, { context, flags });

describe("exposures", () => {
  it("are logged once for the evaluation of one flag, but not for bulk evaluations", async () => {
    const { events, relay } = await startLogging();
    await askAll(relay.url, ALICE);
    for (let i = 0; i < 3; i++) await askOne(relay.url, "boolean", ALICE);
    await askOne(relay.url, "boolean", { targetingKey: "bob" });
    await askOne(relay.url, "none", ALICE);
    await expect.poll(events).toHaveLength(2);
    expect(events()).toMatchObject([
      {
        subject: "alice",
        featureFlag: "boolean",
        variation: "v",
        subjectAttributes: { plan: "gold" },
      },
      { subject: "bob", featureFlag: "boolean", variation: "v" },
    ]);
  });

  it("of displayed flags are logged if the subject still gets that variant", async () => {
    const { events, relay } = await startLogging();
    const answer = await sendSeen(relay, [
      { key: "boolean", variant: "v" },
      { key: "string", variant: "w" },
      { key: "none" },
      { key: "missing", variant: "v" },
      { key: "boolean", variant: "v" },
    ]);
    expect([answer.status, await answer.json()]).toEqual([
      202,
      {
        notLogged: [
          { key: "string", reason: "changed" },
          { key: "none", reason: "not-logged" },
          { key: "missing", reason: "unknown" },
        ],
      },
    ]);
    await expect.poll(events).toHaveLength(1);
    expect(events()[0]).toMatchObject({ subject: "alice", featureFlag: "boolean", variation: "v" });
  });

  it("can have no variant, such as PostHog's false, and GrowthBook's default", async () => {
    const posthog = await startLogging("posthog");
    expect(await (await sendSeen(posthog.relay, [{ key: "false" }])).json()).toEqual({
      notLogged: [],
    });
    const growthbook = await startLogging("growthbook");
    expect(await (await sendSeen(growthbook.relay, [{ key: "boolean" }])).json()).toEqual({
      notLogged: [{ key: "boolean", reason: "not-logged" }],
    });
  });

  it("of flags that the token does not have are reported as unknown", async () => {
    const token = { ...PAGE, flags: { exclude: ["string"] } };
    const { relay } = await startLogging("eppo", { tokens: [token] });
    const answer = await sendSeen(relay, [{ key: "string", variant: "v" }]);
    expect(await answer.json()).toEqual({ notLogged: [{ key: "string", reason: "unknown" }] });
  });

  it("are accepted from a beacon at the address in the bulk response", async () => {
    const { events, relay } = await startLogging();
    const { metadata } = (await (await askAll(relay.url, ALICE)).json()) as {
      readonly metadata: { readonly exposures: string };
    };
    expect(metadata.exposures).toMatch(/^\/eppo\/exposures\?ticket=[\w-]{43}$/);
    const text = JSON.stringify({ context: ALICE, flags: [{ key: "boolean", variant: "v" }] });
    const beacon = { "content-type": "text/plain;charset=UTF-8" };
    const url = `${relay.url}${metadata.exposures}`;
    expect((await send(url, text, beacon)).status).toBe(202);
    for (const ticket of ["", "x".repeat(43), PAGE_TOKEN]) {
      const forged = url.replace(/ticket=.*/, `ticket=${ticket}`);
      expect((await send(forged, text, beacon)).status).toBe(401);
    }
    const stream = url.replace("/exposures", "/ofrep/v1/events");
    expect((await fetch(stream)).status).toBe(401);
    await expect.poll(events).toHaveLength(1);
  });

  it("have no address in the bulk response without loggers", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    expect(await (await askAll(relay.url, ALICE)).json()).not.toHaveProperty("metadata");
  });

  it("are answered with a reason, and reported to the operator once, without loggers", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    for (let i = 0; i < 2; i++) {
      const answer = await sendSeen(relay, [{ key: "boolean", variant: "v" }]);
      expect(await answer.json()).toEqual({ notLogged: [{ key: "boolean", reason: "no-logger" }] });
    }
    const warnings = relay.log.filter((line) => line.includes("exposures are not logged"));
    expect(warnings).toHaveLength(1);
  });

  it("require a valid token with the scope", async () => {
    const { relay } = await startLogging();
    const url = `${relay.url}/exposures`;
    const body = { context: ALICE, flags: [] };
    expect((await send(url, body, {})).status).toBe(401);
    expect((await send(url, body, { authorization: `Bearer ${SERVER_TOKEN}` })).status).toBe(403);
    expect((await send(`${relay.url}/nobody/exposures`, body)).status).toBe(404);
  });

  const many = Array.from({ length: 101 }, (_, i) => ({ key: `flag-${i}` }));
  const BODIES = [
    [{ context: ALICE }, 400, "flags: expected a list of at most 100"],
    [{ context: ALICE, flags: {} }, 400, "flags: expected a list of at most 100"],
    [{ context: ALICE, flags: many }, 400, "flags: expected a list of at most 100"],
    [{ context: ALICE, flags: [null] }, 400, "flags[0].key: expected a string"],
    [{ context: ALICE, flags: [{ key: {} }] }, 400, "flags[0].key: expected a string"],
    [
      { context: ALICE, flags: [{ key: "a" }, { key: "b", variant: 1 }] },
      400,
      "flags[1].variant: expected a string",
    ],
    [
      { flags: [] },
      400,
      'context: expected an object: send "context": { "targetingKey": "user-1" }',
    ],
    [
      { context: { ...ALICE, note: "n".repeat(8_192) }, flags: [] },
      413,
      "context: longer than 8 KiB",
    ],
    ["{", 400, "the body is not valid JSON in UTF-8"],
  ] as const;

  it("with a bad body are rejected with the name of the member", async () => {
    const { relay } = await startLogging();
    for (const [body, status, errorDetails] of BODIES) {
      const answer = await send(`${relay.url}/exposures`, body);
      expect([answer.status, await answer.json()]).toEqual([status, { errorDetails }]);
    }
  });
});

it("a change between evaluation and exposure is reported as changed", async () => {
  const { flags, server } = await serverOf("GrowthBook");
  const own = ENVIRONMENTS.GrowthBook(server.url);
  const relay = await relayOf({
    environments: [{ ...own, tokens: [PAGE, SERVER], evaluate: true }],
  });
  const answer = (await (await askOne(relay.url, "checkout", ALICE)).json()) as {
    readonly variant: string;
  };
  const before = relay.environments[0]?.answers?.revision;
  flags.string("checkout").variations("fast", "standard").otherwise("fast");
  relay.environments[0]?.requestRefresh();
  await expect.poll(() => relay.environments[0]?.answers?.revision).not.toBe(before);
  const seen = await sendSeen(relay, [{ key: "checkout", variant: answer.variant }]);
  expect(await seen.json()).toEqual({ notLogged: [{ key: "checkout", reason: "changed" }] });
});
