import type { AssignmentEvent } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { bodiesOf, clientOf, configurationOf } from "../../src/dialect-contract/payloads.js";
import { type ToyAnswer, toyOrigin } from "../../src/toy-origin/toy-origin.js";
import { TOY_HARNESS } from "./harness.js";

const ALICE = ["alice", { plan: { tier: "gold" } }] as const;

describe("a client with the toy dialect", () => {
  it("logs the exposures of required flags before the flag's own", async () => {
    const events: AssignmentEvent[] = [];
    const client = clientOf(await configurationOf(TOY_HARNESS), {
      assignmentLogger: { logAssignment: (event) => void events.push(event) },
    });
    expect(client.getBooleanAssignment("checkout", ...ALICE, false)).toBe(true);
    expect(events.map(({ experiment, variation }) => [experiment, variation])).toEqual([
      ["beta-rule-0", "on"],
      ["checkout-rule-0", "on"],
    ]);
  });

  it("reports flags that require each other as an error, whichever is requested", async () => {
    const client = clientOf(await configurationOf(TOY_HARNESS));
    const { errorCode, value } = client.getBooleanAssignmentDetails("egg", ...ALICE, false);
    expect([errorCode, value]).toEqual(["SORTITION_EVALUATION", false]);
  });

  it("returns the default for a value that does not fit the getter", async () => {
    const client = clientOf(await configurationOf(TOY_HARNESS));
    const { errorCode, value } = client.getIntegerAssignmentDetails("colour", "bob", {}, 7);
    expect([errorCode, value]).toEqual(["SORTITION_TYPE_MISMATCH", 7]);
  });

  it("reports which required flag blocks another", async () => {
    const client = clientOf(await configurationOf(TOY_HARNESS));
    const { evaluationDetails } = client.getBooleanAssignmentDetails("checkout", "bob", {}, false);
    expect(evaluationDetails).toMatchObject({ outcome: "no-allocation", blockedBy: "beta" });
  });
});

describe("the toy's origin", () => {
  async function answers(): Promise<Map<string, ToyAnswer>> {
    const bodies = await bodiesOf(TOY_HARNESS, TOY_HARNESS.documents);
    const answer = (part: string): ToyAnswer => {
      return { status: 200, etag: `"${part}"`, bytes: bodies[part] ?? new Uint8Array() };
    };
    return new Map([
      ["https://toy.example/sdk/a%2Fkey/flags", answer("flags")],
      ["https://toy.example/cohorts", answer("cohorts")],
    ]);
  }

  function originOf(byUrl: ReadonlyMap<string, ToyAnswer>, asked: (string | null)[] = []) {
    return toyOrigin({
      dialect: TOY_HARNESS.createDialect(),
      apiKey: "a/key",
      baseUrl: "https://toy.example",
      now: () => 0,
      get: async (url, { etag }) => {
        asked.push(etag);
        const answer = byUrl.get(url);
        if (answer === undefined) throw new Error("refused");
        return etag !== null && etag === answer.etag
          ? { status: 304, etag, bytes: new Uint8Array() }
          : answer;
      },
    });
  }

  it("fetches flags and cohorts, and sends their etags", async () => {
    const asked: (string | null)[] = [];
    const origin = originOf(await answers(), asked);
    const { signal } = new AbortController();
    const first = await origin.fetchOnce(null, { signal });
    if (first.kind !== "payloads") throw new Error(first.kind);
    expect(first.payloads.map(({ isOptional, part }) => [part, isOptional])).toEqual([
      ["flags", false],
      ["cohorts", true],
    ]);
    expect(await origin.fetchOnce(first.payloads, { signal })).toEqual({ kind: "unchanged" });
    expect(asked).toEqual([null, null, '"flags"', '"cohorts"']);
  });

  it("serves flags without a cohort that failed, and warns about it", async () => {
    const byUrl = await answers();
    byUrl.delete("https://toy.example/cohorts");
    const { signal } = new AbortController();
    const result = await originOf(byUrl).fetchOnce(null, { signal });
    expect(result).toMatchObject({
      kind: "payloads",
      payloads: [{ part: "flags" }],
      warnings: [{ part: "cohorts", error: { code: "SORTITION_NETWORK" } }],
    });
  });

  it("fails if the flags are missing", async () => {
    const { signal } = new AbortController();
    const result = await originOf(new Map()).fetchOnce(null, { signal });
    expect(result).toMatchObject({ kind: "failed", failure: { part: "flags" } });
  });
});
