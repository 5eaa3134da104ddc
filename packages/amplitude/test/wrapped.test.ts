import * as vendorSdk from "@amplitude/experiment-node-server";
import { startTestServer, type TestServer, wrappings } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as ourSdk from "../src/index.js";
import { flagOf } from "./client/local/flags.js";

type Sdk = Pick<typeof vendorSdk, "LocalEvaluationClient" | "RemoteEvaluationClient">;

const SIDES: readonly Sdk[] = [vendorSdk, ourSdk as unknown as Sdk];
const ALICE = { user_id: "alice" };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(({ path }) => {
    const body = path === "/sdk/v2/flags" ? [flagOf("a")] : { a: { key: "on", value: "on" } };
    return { kind: "answer", body: JSON.stringify(body) };
  });
});
afterAll(() => server.close());

describe.each(wrappings)("a client $name", ({ wrap }) => {
  it("evaluates like the vendor's", async () => {
    const seen = [];
    for (const sdk of SIDES) {
      const config = { serverUrl: server.url, bootstrap: { first: flagOf("first") as never } };
      const local = wrap(new sdk.LocalEvaluationClient("key", config));
      const before = Object.keys(local.evaluateV2({ ...ALICE }));
      await local.start();
      const answers = [before, local.evaluateV2({ ...ALICE }), await local.evaluate({ ...ALICE })];
      const cache = wrap(local.cache);
      await cache.put("b", flagOf("b") as never);
      await local.cache.delete("a");
      answers.push(Object.keys(local.evaluateV2({ ...ALICE })), Object.keys(await cache.getAll()));
      const cohort = { cohortId: "c1", groupType: "User", memberIds: new Set(["alice"]) };
      local.cohortStorage.put(cohort as never);
      answers.push([...local.cohortStorage.getCohortsForUser("alice", new Set(["c1"]))]);
      await cache.clear();
      local.stop();
      const remote = wrap(new sdk.RemoteEvaluationClient("key", { serverUrl: server.url }));
      seen.push([answers, await remote.fetchV2(ALICE), await remote.fetch(ALICE)]);
    }
    expect(seen[1]).toEqual(seen[0]);
  });
});

describe("a client whose method is mocked", () => {
  it("calls the mock from its deprecated methods, like the vendor's", async () => {
    for (const sdk of SIDES) {
      const local = new sdk.LocalEvaluationClient("key");
      const remote = new sdk.RemoteEvaluationClient("key");
      const variants = { a: { key: "on" }, b: { metadata: { default: true } } };
      vi.spyOn(local, "evaluateV2").mockReturnValue(variants);
      vi.spyOn(remote, "fetchV2").mockResolvedValue(variants);
      expect(await local.evaluate(ALICE)).toEqual({ a: { key: "on" } });
      expect(await remote.fetch(ALICE)).toEqual({ a: { key: "on" } });
    }
  });

  it("hides its internals in JSON", () => {
    const client = new ourSdk.LocalEvaluationClient("secret-key");
    expect(JSON.stringify(client)).toBe('{"cache":{},"cohortStorage":{}}');
  });
});
