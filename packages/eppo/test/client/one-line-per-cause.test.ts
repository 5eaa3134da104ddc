import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { IClientConfig } from "../../src/index.js";
import { OURS } from "../sdks.js";
import { openShop, type Shop, startServer, withBoth } from "./shop.js";

let server: Awaited<ReturnType<typeof startServer>>;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const SDK_KEY = `key.${Buffer.from("eh=127.0.0.1:1").toString("base64")}`;

describe("a single log line per cause", () => {
  it("is written when the queue of tracked events is full", async () => {
    const eventTracking = { enabled: true, maxQueueSize: 10, maxRetries: 0 };
    const { client, warnings } = await openShop(OURS, server, { apiKey: SDK_KEY, eventTracking });
    for (let i = 0; i < 1_000; i++) client.track("clicked", {});
    expect(warnings).toEqual(["tracked events dropped: the queue is full"]);
    await client.close({ timeoutMs: 1 });
  });

  it("is written for an unusable override, and for a store that fails", async () => {
    const { client, warnings } = await openShop(OURS, server);
    const get = vi.fn(() => ({ value: 1 }));
    const ask = () => client.getStringAssignment("test-checkout", "user-1", {}, "x");
    client.setOverrideStore({ get } as never);
    for (let i = 0; i < 5; i++) expect(ask()).toBe("fast_checkout");
    get.mockImplementation(() => {
      throw new Error("no store");
    });
    for (let i = 0; i < 5; i++) expect(ask()).toBe("fast_checkout");
    expect(warnings).toEqual(["override ignored", "override store failed"]);
  });

  it("is written for a variation without a container entry", async () => {
    const { client, warnings } = await openShop(OURS, server);
    const entries = {
      flagKey: "test-checkout",
      controlVariationEntry: 1,
      treatmentVariationEntries: [],
    };
    for (let i = 0; i < 5; i++) client.getExperimentContainerEntry(entries, "user-1", {});
    expect(warnings).toEqual(["the variation has no container entry: control is shown"]);
  });
});

describe("setOverrideStore", () => {
  it("treats undefined and null as the end of overrides, like the vendor's", async () => {
    await withBoth(server, ({ client }) => {
      const store = { get: () => ({ key: "k", value: "forced" }), entries: () => ({}) };
      return [store, undefined, store, null].map((given) => {
        client.setOverrideStore(given as never);
        return [
          client.getStringAssignment("test-checkout", "user-1", {}, "x"),
          client.getStringAssignmentDetails("payment", "user-1", {}, "x").variation,
        ];
      });
    });
  });
});

describe("the cache of bandit actions", () => {
  it("expires when a test only moves the wall clock, like the vendor's", async () => {
    const happens = ({ choices, client }: Shop) => {
      vi.useFakeTimers({ toFake: ["Date"] });
      const loggedAfter = (ms: number): number => {
        vi.setSystemTime(Date.now() + ms);
        client.getBanditAction("shoe-offer", "user-1", {}, ["a"], "none");
        return choices.length;
      };
      const logged = [0, 599_000, 599_000, 601_000].map(loggedAfter);
      client.useExpiringInMemoryBanditAssignmentCache(10, 1_000);
      logged.push(...[0, 900, 1_001].map(loggedAfter));
      vi.useRealTimers();
      return logged;
    };
    await withBoth(server, happens, { apiKey: "shoes" });
  });
});

describe("baseUrl", () => {
  it.each([
    { name: "a query", baseUrl: (url: string) => `${url}/api?tenant=5` },
    { name: "a query with a slash", baseUrl: (url: string) => `${url}/?path=/api` },
    { name: "a fragment", baseUrl: (url: string) => `${url}/api#there` },
    { name: "blanks before it", baseUrl: (url: string) => `  ${url}/api` },
    { name: "a blank in it", baseUrl: (url: string) => `${url}/a pi` },
    { name: "a blank after it", baseUrl: (url: string) => `${url}/api ` },
    { name: "no address", baseUrl: () => "http://" },
  ])("with $name leads to the vendor's requests", async ({ baseUrl }) => {
    const config: Partial<IClientConfig> = {
      baseUrl: baseUrl(server.url),
      numInitialRequestRetries: 0,
      throwOnFailedInitialization: false,
    };
    let from = server.requests.length;
    const happens = ({ client }: Shop) => {
      const targets = server.requests.slice(from).map(({ target }) => target);
      from = server.requests.length;
      return [targets.map((it) => it.replace(/&sdk.*$/, "")), client.getFlagKeys().length];
    };
    await withBoth(server, happens, config);
  });
});
