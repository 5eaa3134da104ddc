import { setTimeout as wait } from "node:timers/promises";
import { createFakeClock, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { flagStore } from "../flag-store.js";
import { OURS, VENDOR } from "../sdks.js";
import { openShop, startServer } from "./shop.js";

let server: TestServer;

beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const requests = (): number => server.requests.length;

describe.each([VENDOR, OURS])("a store of flags with $name", (sdk) => {
  it("is combined with the bandits that were fetched", async () => {
    const { choices, client } = await openShop(sdk, server, { apiKey: "shoes" });
    const flags = client.getFlagConfigurations();
    client.setFlagConfigurationStore(flagStore({ flags }, true));
    const { action } = client.getBanditAction("shoe-offer", "user-1", {}, ["nike"], "x");
    expect([action, choices.map(({ bandit }) => bandit)]).toEqual(["nike", ["shoe-bandit"]]);
  });

  it("is checked for expiry before each request", async () => {
    const { client } = await openShop(sdk, server, { pollingIntervalMs: 20 });
    const flags = { ...client.getFlagConfigurations(), more: {} };
    const before = requests();
    client.setFlagConfigurationStore(flagStore({ flags }, false));
    await client.fetchFlagConfigurations();
    await wait(100);
    expect([requests() - before, client.getFlagKeys().includes("more")]).toEqual([0, true]);
    client.setFlagConfigurationStore(flagStore({ flags }, true));
    await vi.waitFor(() => expect(requests()).toBeGreaterThan(before));
    await vi.waitFor(() => expect(client.getFlagKeys()).not.toContain("more"));
    client.stopPolling();
  });
});

describe("a store of flags", () => {
  it("is never reported as stale if it is not expired, and is treated as expired if it fails", async () => {
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 3));
    const clock = createFakeClock({ settle });
    const { client, warnings } = await openShop(OURS, server, { clock, pollingIntervalMs: 1_000 });
    const flags = client.getFlagConfigurations();
    client.setFlagConfigurationStore(flagStore({ flags }, false));
    await client.fetchFlagConfigurations();
    await clock.advance(20_000);
    expect(warnings).toEqual([]);
    const before = requests();
    const isExpired = async (): Promise<boolean> => Promise.reject(new Error("no store"));
    client.setFlagConfigurationStore({ ...flagStore({ flags }, true), isExpired });
    await clock.advance(2_000);
    expect(requests()).toBeGreaterThan(before);
    expect(warnings).toContain("flag configuration store failed");
    await client.close();
  });
});
