import { wrappings } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import {
  EppoAssignmentLogger,
  type EppoClient,
  type IAssignmentEvent,
  LRUInMemoryAssignmentCache,
  NonExpiringInMemoryAssignmentCache,
} from "../../src/index.js";
import { OURS, VENDOR } from "../sdks.js";
import { openShop, startServer } from "./shop.js";

const SUBJECT = ["user-1", { plan: "pro" }] as const;

describe.each(wrappings)("a client $name", ({ wrap }) => {
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  it("returns the same as the client itself and the vendor's", async () => {
    const seen = [];
    for (const sdk of [VENDOR, OURS]) {
      const { client } = await openShop(sdk, server, { apiKey: "shoes" });
      const both = [];
      for (const it of [client, wrap(client)]) both.push(await answersOf(it));
      expect(both[1]).toEqual(both[0]);
      seen.push(both[1]);
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  it("supports our own methods and accessors", async () => {
    const { client } = await openShop(OURS, server);
    const wrapped = wrap(client);
    expect(wrapped.status).toMatchObject({ state: "ready" });
    expect(wrapped.isInitialized()).toBe(true);
    await wrapped.flush();
    await wrapped.close();
    expect(wrapped.status.state).toBe("closed");
  });
});

async function answersOf(client: EppoClient): Promise<unknown> {
  client.setIsGracefulFailureMode(true);
  client.useLRUInMemoryAssignmentCache(100);
  client.disableBanditAssignmentCache();
  const store = { get: () => null, entries: () => ({}) };
  client.setOverrideStore(store as never);
  client.unsetOverrideStore();
  const choice = client.getBanditActionDetails("shoe-offer", ...SUBJECT, ["a", "b"], "none");
  return {
    string: client.getStringAssignment("shoe-offer", ...SUBJECT, "none"),
    boolean: client.getBoolAssignment("shoe-offer", ...SUBJECT, false),
    integer: client.getIntegerAssignment("shoe-offer", ...SUBJECT, 1),
    numeric: client.getNumericAssignmentDetails("shoe-offer", ...SUBJECT, 1).variation,
    json: client.getJSONAssignment("shoe-offer", ...SUBJECT, {}),
    choice: [choice.variation, choice.action],
    best: client.getBestAction("shoe-offer", {}, ["a", "b"], "none"),
    overridden: client
      .withOverrides({ "shoe-offer": { key: "k", value: "v" } })
      .getStringAssignment("shoe-offer", ...SUBJECT, "none"),
    keys: client.getFlagKeys().length,
    precomputed: typeof client.getPrecomputedConfiguration("user-1"),
    fetched: await client.fetchFlagConfigurations(),
    stopped: client.stopPolling(),
  };
}

describe("the other classes", () => {
  it("work behind a Proxy too", () => {
    const entry = { subjectKey: "s", flagKey: "f", allocationKey: "a", variationKey: "v" };
    for (const cache of [
      new LRUInMemoryAssignmentCache(1),
      new NonExpiringInMemoryAssignmentCache(),
    ]) {
      const proxy = new Proxy(cache, {});
      proxy.set(entry);
      expect(proxy.has(entry)).toBe(true);
    }
    const track = vi.fn();
    const event = { entityId: 1 } as unknown as IAssignmentEvent; // the members that are read
    new Proxy(new EppoAssignmentLogger({ track }), {}).logAssignment(event);
    expect(track).toHaveBeenCalledOnce();
  });
});

describe("a client whose getter is mocked", () => {
  it("is called by its other getters, like the vendor's", async () => {
    const server = await startServer();
    const { client } = await openShop(OURS, server);
    vi.spyOn(client, "getBooleanAssignment").mockReturnValue(true);
    expect(client.getBoolAssignment("no-such-flag", "user-1", {}, false)).toBe(true);
    expect(JSON.stringify(client)).toBe("{}");
    await server.close();
  });
});
