import type { TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { flagStore } from "../flag-store.js";
import { OURS, VENDOR } from "../sdks.js";
import { openShop, startServer } from "./shop.js";

let server: TestServer;

beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

describe.each([VENDOR, OURS])("a store of flags, by $name", (sdk) => {
  it("goes with the bandits that were fetched", async () => {
    const { choices, client } = await openShop(sdk, server, { apiKey: "shoes" });
    const flags = client.getFlagConfigurations();
    client.setFlagConfigurationStore(flagStore({ flags }, true));
    const { action } = client.getBanditAction("shoe-offer", "user-1", {}, ["nike"], "x");
    expect([action, choices.map(({ bandit }) => bandit)]).toEqual(["nike", ["shoe-bandit"]]);
  });
});
