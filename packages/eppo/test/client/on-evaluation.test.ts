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

  it("receives a bandit's action once", async () => {
    const seen: ObservedEvaluation[] = [];
    const { client } = await openShop(OURS, server, {
      apiKey: "shoes",
      onEvaluation: (it) => seen.push(it),
    });
    const [flag = ""] = client.getFlagKeys();
    const { action } = client.getBanditAction(flag, "alice", {}, { nike: {}, adidas: {} }, "x");
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ flagKey: flag, action });
  });

  it("changes neither values nor events when it throws", async () => {
    const play = async (onEvaluation: (() => never) | undefined) => {
      const { assignments, client } = await openShop(OURS, server, {
        ...(onEvaluation !== undefined && { onEvaluation }),
        clock: { now: () => 0 },
      });
      const values = client
        .getFlagKeys()
        .map((key) => client.getStringAssignment(key, "alice", {}, "default"));
      await client.flush();
      return { values, assignments };
    };
    const plain = await play(undefined);
    expect(plain.assignments.length).toBeGreaterThan(0);
    const throwing = (): never => {
      throw new Error("broken observer");
    };
    expect(await play(throwing)).toEqual(plain);
  });

  it("refuses a value that is not a function", async () => {
    const opening = openShop(OURS, server, { onEvaluation: 5 as never });
    await expect(opening).rejects.toThrow(/^onEvaluation: expected/);
  });
});
