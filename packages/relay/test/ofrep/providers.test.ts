import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OFREPWebProvider, type OFREPWebProviderOptions } from "@openfeature/ofrep-web-provider";
import { OpenFeature as Server, type Provider as ServerProvider } from "@openfeature/server-sdk";
import {
  type Client,
  OpenFeature as Web,
  type Provider as WebProvider,
} from "@openfeature/web-sdk";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import type { TestFlags } from "@sortition/testing";
import { EventSource } from "eventsource";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { serverOf } from "../formats.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay, VARIABLES } from "../start.js";
import { evaluating, PAGE, SERVER } from "./ground.js";

const { PAGE_TOKEN } = VARIABLES;
const ALICE = { targetingKey: "alice", plan: "gold" };

/** Addresses of the streams that were opened in a test. Coming back to one is not counted. */
const opened: string[] = [];

beforeAll(() => {
  class RecordedEventSource extends EventSource {
    constructor(url: string) {
      super(url);
      opened.push(url);
    }
  }
  // A browser has it.
  Object.assign(globalThis, { EventSource: RecordedEventSource });
});

afterEach(async () => {
  await Promise.all([Server.clearProviders(), Web.clearProviders()]);
  await Web.clearContexts();
  opened.length = 0;
});

/** Requests of a test, in their order. */
interface Recorded {
  readonly fetch: typeof fetch;
  readonly statuses: readonly number[];
  readonly tags: readonly (string | null)[];
}

function recording(): Recorded {
  const [statuses, tags]: [number[], (string | null)[]] = [[], []];
  return {
    statuses,
    tags,
    async fetch(input, init) {
      const request = new Request(input, init);
      tags.push(request.headers.get("if-none-match"));
      const response = await fetch(request);
      statuses.push(response.status);
      return response;
    },
  };
}

function webProvider(url: string, options: Partial<OFREPWebProviderOptions> = {}): WebProvider {
  const headers: [string, string][] = [["Authorization", `Bearer ${PAGE_TOKEN}`]];
  // Its types say more than `exactOptionalPropertyTypes` takes.
  return new OFREPWebProvider({ baseUrl: url, headers, ...options }) as WebProvider;
}

async function webClient(
  url: string,
  options: Partial<OFREPWebProviderOptions> = {},
): Promise<Client> {
  await Web.setContext(ALICE);
  await Web.setProviderAndWait(webProvider(url, options));
  return Web.getClient();
}

const serverProvider = (url: string, token: string = PAGE_TOKEN): ServerProvider =>
  new OFREPProvider({ baseUrl: url, headers: [["X-API-Key", token]] });

const switchTo = (flags: TestFlags, relay: TestRelay, value: string): void => {
  flags.string("checkout").variations("fast", "standard").otherwise(value);
  relay.environments[0]?.requestRefresh();
};

/** A relay that asks for flags which change. */
async function startChanging(
  members: object = {},
  options: { readonly ticketHourMs?: number } = {},
) {
  const { flags, server } = await serverOf("GrowthBook");
  flags.string("checkout").variations("fast", "standard").otherwise("standard");
  const own = { ...ENVIRONMENTS.GrowthBook(server.url), tokens: [PAGE, SERVER], evaluate: true };
  return { flags, relay: await relayOf({ environments: [own], spreadMs: 0, ...members }, options) };
}

describe("the provider for servers", () => {
  it("has value, variant and reason, and the default where a flag is unknown or the token wrong", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    await Server.setProviderAndWait(serverProvider(`${relay.url}/eppo`));
    const flags = Server.getClient();
    const details = await flags.getBooleanDetails("boolean", false, ALICE);
    const answer = await fetch(`${relay.url}/ofrep/v1/evaluate/flags/boolean`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": PAGE_TOKEN },
      body: JSON.stringify({ context: ALICE }),
    });
    const { reason, value, variant } = (await answer.json()) as Record<string, unknown>;
    expect(details).toMatchObject({ reason, value, variant });
    expect(await flags.getStringDetails("unknown", "default", ALICE)).toMatchObject({
      value: "default",
      errorCode: "FLAG_NOT_FOUND",
    });
    // The default of the code holds. This version of the provider does not know an answer without a value.
    expect(await flags.getStringDetails("none", "default", ALICE)).toMatchObject({
      value: "default",
      errorCode: "GENERAL",
    });
    await Server.setProviderAndWait(serverProvider(relay.url, "srt_wrong"));
    expect(await flags.getBooleanDetails("boolean", false, ALICE)).toMatchObject({
      value: false,
      errorCode: "GENERAL",
    });
  });

  it("waits as long as a proxy before the relay says", async () => {
    let requests = 0;
    const proxy = createServer((_, response) => {
      requests += 1;
      response.writeHead(429, { "retry-after": "60" }).end();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    later(async () => void proxy.close());
    const { port } = proxy.address() as AddressInfo; // it listens on a port
    await Server.setProviderAndWait(serverProvider(`http://127.0.0.1:${port}`));
    for (let i = 0; i < 3; i++) {
      expect(await Server.getClient().getBooleanValue("boolean", true, ALICE)).toBe(true);
    }
    expect(requests).toBe(1);
  });
});

describe("the provider for web pages", () => {
  it("has all flags, sends its tag back, and gets what another context changes", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    const recorded = recording();
    const flags = await webClient(relay.url, {
      fetchImplementation: recorded.fetch,
      changeDetection: "polling",
      pollInterval: 50,
    });
    expect(flags.getBooleanDetails("boolean", false).errorCode).toBeUndefined();
    await expect.poll(() => recorded.statuses).toContain(304);
    expect(recorded.tags[1]).toMatch(/^"[0-9a-f]{64}"$/);
    const valuesOf = (): readonly unknown[] =>
      ["boolean", "string", "integer"].map((key) => flags.getStringDetails(key, "").reason);
    const before = valuesOf();
    // The provider keeps its tag when another attribute than the key changes.
    await Web.setContext({ ...ALICE, plan: "free", country: "US" });
    expect(recorded.statuses.at(-1)).toBe(200);
    await Web.setContext(ALICE);
    expect(valuesOf()).toEqual(before);
  });

  it("follows a change by the stream", async () => {
    const { flags: wire, relay } = await startChanging();
    const flags = await webClient(relay.url);
    expect(flags.getStringValue("checkout", "none")).toBe("standard");
    await expect.poll(() => relay.streams.count).toBe(1);
    switchTo(wire, relay, "fast");
    await expect.poll(() => flags.getStringValue("checkout", "none")).toBe("fast");
  });

  it("has a new ticket and its stream back with at most three requests when one expires", async () => {
    const { flags: wire, relay } = await startChanging(
      { streamLifeMs: 1_000 },
      { ticketHourMs: 300 },
    );
    const recorded = recording();
    const flags = await webClient(relay.url, { fetchImplementation: recorded.fetch });
    await expect.poll(() => opened).toHaveLength(1);
    const before = recorded.statuses.length;
    // The stream ends after a second, and the same address is refused then.
    await expect.poll(() => opened, { timeout: 20_000 }).toHaveLength(2);
    expect(opened[1]).not.toBe(opened[0]);
    expect(recorded.statuses.length - before).toBeLessThanOrEqual(3);
    switchTo(wire, relay, "fast");
    await expect.poll(() => flags.getStringValue("checkout", "none")).toBe("fast");
  });

  it("gets what a start date changes, although the configuration is the same", async () => {
    const startMs = Date.now() + 1_500;
    const allocation = {
      key: "later",
      startAt: new Date(startMs).toISOString(),
      splits: [{ variationKey: "new", shards: [] }],
      doLog: true,
    };
    const payload = {
      createdAt: "2026-01-01T00:00:00.000Z",
      format: "SERVER",
      environment: { name: "Test" },
      flags: {
        checkout: {
          key: "checkout",
          enabled: true,
          variationType: "STRING",
          totalShards: 10_000,
          variations: { new: { key: "new", value: "new" }, old: { key: "old", value: "old" } },
          allocations: [
            allocation,
            { key: "all", splits: [{ variationKey: "old", shards: [] }], doLog: true },
          ],
        },
      },
    };
    const relay = await relayOf({ environments: [evaluating("eppo", payload)] });
    const flags = await webClient(relay.url, { changeDetection: "polling", pollInterval: 100 });
    expect(flags.getStringValue("checkout", "none")).toBe("old");
    await expect
      .poll(() => flags.getStringValue("checkout", "none"), { timeout: 5_000 })
      .toBe("new");
    expect(Date.now()).toBeGreaterThanOrEqual(startMs);
  });

  it("is not ready with a wrong token", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    const options = { headers: [["Authorization", "Bearer srt_wrong"]] as [string, string][] };
    await Web.setContext(ALICE);
    await expect(Web.setProviderAndWait(webProvider(relay.url, options))).rejects.toThrow();
    expect(Web.getClient().getBooleanValue("boolean", true)).toBe(true);
  });
});
