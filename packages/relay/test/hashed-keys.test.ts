import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { urlOf } from "../src/config/listen.js";
import { askAll, askOne, evaluating, PAGE } from "./ofrep/ground.js";
import { relayOf, type TestRelay } from "./start.js";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Returns a payload in Eppo's format for clients: keys are hashed, and strings are Base64. */
function obfuscated(...keys: readonly string[]): object {
  const flags = keys.map((key) => {
    const hash = createHash("md5").update(key).digest("hex");
    const variation = { key: base64("fast"), value: base64("fast") };
    const split = { variationKey: base64("fast"), shards: [] };
    return [
      hash,
      {
        ...{ key: hash, enabled: true, variationType: "STRING", totalShards: 10_000 },
        variations: { [base64("fast")]: variation },
        allocations: [{ key: base64("all"), rules: [], splits: [split], doLog: true }],
      },
    ];
  });
  return {
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "CLIENT",
    environment: { name: base64("test") },
    flags: Object.fromEntries(flags),
  };
}

const start = (members: object = {}): Promise<TestRelay> =>
  relayOf({ environments: [evaluating("eppo", obfuscated("checkout", "price"), members)] });

const ALICE = { targetingKey: "alice" };

describe("flags with hashed keys", () => {
  it("are evaluated one by one", async () => {
    const { url } = await start();
    expect(await (await askOne(url, "checkout", ALICE)).json()).toMatchObject({ value: "fast" });
    expect((await askOne(url, "missing", ALICE)).status).toBe(404);
  });

  it("are evaluated in bulk if the token lists whole keys", async () => {
    const flags = { include: ["checkout", "missing", "pri*"] };
    const { url } = await start({ tokens: [{ ...PAGE, flags }] });
    const answer = (await (await askAll(url, ALICE)).json()) as { readonly flags: object };
    expect(answer.flags).toMatchObject([{ key: "checkout", value: "fast" }]);
  });

  it("get 503 in bulk without such a list, and the reason is logged once", async () => {
    const { log, url } = await start();
    for (let i = 0; i < 2; i++) {
      const answer = await askAll(url, ALICE);
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { errorCode: "GENERAL", errorDetails: expect.stringMatching(/^flag keys are hashed/) },
      ]);
    }
    expect(log.filter((line) => line.includes("are hashed"))).toHaveLength(1);
  });

  it("can be found on the page by their whole key", async () => {
    const relay = await start();
    const ask = async (search: string) => {
      const response = await fetch(`${urlOf(relay.adminAddress)}/api/v1/explain`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ subjectKey: "alice", search }),
      });
      return [response.status, await response.json()];
    };
    expect(await ask("checkout")).toMatchObject([
      200,
      { items: [{ key: "checkout", value: "fast" }] },
    ]);
    expect(await ask("")).toEqual([
      400,
      { message: "flag keys are hashed: enter the whole key of a flag" },
    ]);
  });
});
