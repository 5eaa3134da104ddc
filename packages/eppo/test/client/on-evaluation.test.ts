import type { TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ObservedEvaluation } from "../../src/index.js";
import { OURS } from "../sdks.js";
import { openShop, startServer } from "./shop.js";

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const FLAG = "checkout-button";

describe("onEvaluation of init", () => {
  it("receives evaluations of getters, getters with details, and the debugging record", async () => {
    const seen: ObservedEvaluation[] = [];
    const { client } = await openShop(OURS, server, { onEvaluation: (it) => seen.push(it) });
    const [flag = FLAG] = client.getFlagKeys();
    const { variationType } = client.getFlagConfigurations()[flag] ?? {};
    expect(variationType).toBeDefined();
    client.getStringAssignment(flag, "alice", {}, "default");
    client.getStringAssignmentDetails(flag, "alice", {}, "default");
    client.getAssignmentDetail(flag, "alice");
    client.getStringAssignment("absent", "alice", {}, "default");
    expect(seen.map(({ flagKey }) => flagKey)).toEqual([flag, flag, flag, "absent"]);
    expect(seen[3]).toMatchObject({ reason: "flag-not-found", value: "default", dialect: "eppo" });
  });

  it("covers an override store and copies with overrides", async () => {
    const seen: ObservedEvaluation[] = [];
    const { client } = await openShop(OURS, server, { onEvaluation: (it) => seen.push(it) });
    const override = { key: "mine", value: "own" };
    client.withOverrides({ [FLAG]: override }).getStringAssignment(FLAG, "alice", {}, "default");
    client.setOverrideStore({
      get: (key: string) => (key === FLAG ? override : null),
      entries: () => ({ [FLAG]: override }),
      getKeys: () => [FLAG],
      isInitialized: () => true,
      setEntries() {},
    } as never);
    client.getStringAssignment(FLAG, "alice", {}, "default");
    client.getStringAssignmentDetails(FLAG, "alice", {}, "default");
    expect(seen.map(({ reason, value, variation }) => [reason, value, variation])).toEqual(
      Array.from({ length: 3 }, () => ["override", "own", "mine"]),
    );
  });
});
