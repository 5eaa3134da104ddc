import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature as ServerOpenFeature } from "@openfeature/server-sdk";
import {
  type Provider,
  type Client as WebClient,
  OpenFeature as WebOpenFeature,
} from "@openfeature/web-sdk";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { ifWhole } from "@sortition/test-kit";
import { EventSource } from "eventsource";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { urlOf } from "../../src/config/listen.js";
import { serverOf } from "../formats.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay, VARIABLES } from "../start.js";
import { evaluating, PAGE, SERVER } from "./ground.js";

const ALICE = { targetingKey: "alice", plan: "gold" };
const { PAGE_TOKEN } = VARIABLES;

const headers: [string, string][] = [["authorization", `Bearer ${PAGE_TOKEN}`]];

/** Node 20 has no `EventSource`. */
const original = Reflect.get(globalThis, "EventSource");
beforeAll(() => void Reflect.set(globalThis, "EventSource", EventSource));
afterAll(() => void Reflect.set(globalThis, "EventSource", original));

let domains = 0;

/** Creates a client of OpenFeature's web SDK with the official provider, without a cache in the browser's storage. */
async function webClient(
  baseUrl: string,
  context: object,
): Promise<{ readonly client: WebClient; setContext(context: object): Promise<void> }> {
  domains += 1;
  const domain = `web-${domains}`;
  await WebOpenFeature.setContext(domain, { ...context });
  const provider = new OFREPWebProvider({
    baseUrl,
    headers,
    cacheMode: "disabled",
  });
  later(async () => provider.onClose?.());
  // Its declarations are not written for `exactOptionalPropertyTypes`.
  await WebOpenFeature.setProviderAndWait(domain, provider as Provider);
  const client = WebOpenFeature.getClient(domain);
  return { client, setContext: (it) => WebOpenFeature.setContext(domain, { ...it }) };
}

async function serverClient(baseUrl: string) {
  domains += 1;
  const domain = `server-${domains}`;
  const provider = new OFREPProvider({ baseUrl, headers });
  later(() => ServerOpenFeature.clearProviders());
  await ServerOpenFeature.setProviderAndWait(domain, provider);
  return ServerOpenFeature.getClient(domain);
}

/** Returns the number of requests that a relay has answered, by status. */
async function answersOf(relay: TestRelay, route: string): Promise<Record<string, number>> {
  const metrics = await (await fetch(`${urlOf(relay.adminAddress)}/metrics`)).text();
  const lines = metrics.matchAll(/^sortition_relay_requests_total\{(.*)\} (\d+)$/gm);
  const counts: Record<string, number> = {};
  for (const [, labels = "", count] of lines) {
    if (!labels.includes(`route="${route}"`)) continue;
    const status = /status="(\d+)"/.exec(labels)?.[1] ?? "";
    counts[status] = (counts[status] ?? 0) + Number(count);
  }
  return counts;
}

const ALL = "/ofrep/v1/evaluate/flags";
const EVENTS = "/ofrep/v1/events";

async function startChanging(
  members: object = {},
  options: { readonly ticketHourMs?: number } = {},
) {
  const { flags, server } = await serverOf("GrowthBook");
  const own = { ...ENVIRONMENTS.GrowthBook(server.url), tokens: [PAGE, SERVER], evaluate: true };
  const relay = await relayOf({ environments: [own], ...members }, options);
  const change = (value: string): void => {
    flags.string("checkout").variations("fast", "standard").otherwise(value);
    relay.environments[0]?.requestRefresh();
  };
  return { change, relay };
}

describe("the provider for servers", () => {
  it("gets values, variants, reasons and codes", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    const client = await serverClient(`${relay.url}/eppo`);
    expect(await client.getStringDetails("string", "default", ALICE)).toMatchObject({
      value: "blue",
      variant: "v",
      reason: "TARGETING_MATCH",
    });
    expect(await client.getObjectValue("object", {}, ALICE)).toEqual({ n: [1] });
    const codes = await Promise.all(
      ["missing", "malformed", "disabled", "string"].map(
        async (key) => (await client.getBooleanDetails(key, true, ALICE)).errorCode,
      ),
    );
    // Version 0.1.3 does not support responses without a value.
    expect(codes).toEqual(["FLAG_NOT_FOUND", "PARSE_ERROR", "GENERAL", "TYPE_MISMATCH"]);
    const keyless = await client.getBooleanDetails("boolean", false, { plan: "gold" });
    expect(keyless).toMatchObject({ value: false, errorCode: "TARGETING_KEY_MISSING" });
  });
});

describe("a subject outside the rollout", () => {
  const POSTHOG = {
    flags: [
      {
        ...{ id: 1, key: "beta", active: true },
        filters: {
          groups: [{ properties: [], rollout_percentage: 0 }],
          multivariate: { variants: [{ key: "b", rollout_percentage: 100 }] },
        },
      },
    ],
    group_type_mapping: {},
    cohorts: {},
  };
  const GROWTHBOOK = { features: { beta: { defaultValue: null } } };
  const MISMATCH = { value: "default", errorCode: "TYPE_MISMATCH" };

  it.each([
    ["PostHog", evaluating("posthog", POSTHOG), { value: false }],
    ["GrowthBook", evaluating("growthbook", GROWTHBOOK), { ...MISMATCH, value: true }],
  ])("gets a value from %s that is not a string", async (_, environment, read) => {
    const relay = await relayOf({ environments: [environment] });
    const server = await serverClient(relay.url);
    const { client: web } = await webClient(relay.url, ALICE);
    expect(await server.getStringDetails("beta", "default", ALICE)).toMatchObject(MISMATCH);
    expect(web.getStringDetails("beta", "default")).toMatchObject(MISMATCH);
    // A boolean flag returns the same value as in process.
    expect(await server.getBooleanDetails("beta", true, ALICE)).toMatchObject(read);
    expect(web.getBooleanDetails("beta", true)).toMatchObject(read);
  });
});

describe("the provider for web pages", () => {
  it("gets 304 for the same context, and new values for other attributes although it sends its old tag", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    const { client, setContext } = await webClient(relay.url, ALICE);
    await setContext({ ...ALICE });
    expect(await answersOf(relay, ALL)).toEqual({ "200": 1, "304": 1 });
    expect(client.getStringValue("string", "default")).toBe("blue");
    await setContext({ ...ALICE, plan: "silver" });
    expect(client.getStringValue("string", "default")).toBe("default");
    await setContext({ ...ALICE });
    expect(client.getStringValue("string", "default")).toBe("blue");
    expect(await answersOf(relay, ALL)).toEqual({ "200": 3, "304": 1 });
  });

  ifWhole(it)("gets new values after a start date although it sends its old tag", async () => {
    const startAt = new Date(Date.now() + 1_500).toISOString();
    const payload = structuredClone(PAYLOADS.eppo) as {
      readonly flags: { readonly boolean: { readonly allocations: { startAt?: string }[] } };
    };
    for (const allocation of payload.flags.boolean.allocations) allocation.startAt = startAt;
    const relay = await relayOf({ environments: [evaluating("eppo", payload)] });
    const { client, setContext } = await webClient(relay.url, ALICE);
    expect(client.getBooleanDetails("boolean", false)).toMatchObject({
      value: false,
      reason: "UNKNOWN",
    });
    const ask = async (): Promise<boolean> => {
      await setContext({ ...ALICE });
      return client.getBooleanValue("boolean", false);
    };
    await expect.poll(ask, { interval: 200 }).toBe(true);
  });

  it("gets a change through its stream", async () => {
    const { change, relay } = await startChanging();
    const { client } = await webClient(relay.url, ALICE);
    await expect.poll(() => relay.streams.count).toBe(1);
    for (const value of ["standard", "fast", "standard"]) {
      change(value);
      await expect.poll(() => client.getStringValue("checkout", "none")).toBe(value);
    }
  });

  ifWhole(it)("reopens its stream within three requests after its ticket expired", async () => {
    const ticketHourMs = 1_000;
    const { change, relay } = await startChanging({ streamLifeMs: 1_000 }, { ticketHourMs });
    const { client } = await webClient(relay.url, ALICE);
    await expect.poll(() => relay.streams.count).toBe(1);
    const before = { all: await answersOf(relay, ALL), events: await answersOf(relay, EVENTS) };
    // The stream ends after one second. The browser reconnects after three, and a ticket is valid for at most two.
    await expect.poll(async () => (await answersOf(relay, EVENTS))["401"]).toBe(1);
    await expect.poll(() => relay.streams.count).toBe(1);
    const after = { all: await answersOf(relay, ALL), events: await answersOf(relay, EVENTS) };
    const sum = (counts: Record<string, number>): number =>
      Object.values(counts).reduce((total, it) => total + it, 0);
    // Only ended streams are counted: the first one and the rejected one.
    expect(sum(before.events)).toBe(0);
    expect(sum(after.events)).toBeLessThanOrEqual(2);
    expect(sum(after.all) - sum(before.all)).toBe(1);
    change("fast");
    await expect.poll(() => client.getStringValue("checkout", "none")).toBe("fast");
  });
});
