import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { describe, expect, it } from "vitest";
import { askAll, askOne, evaluating } from "../ofrep/ground.js";
import { relayOf } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

const ALICE = { targetingKey: "alice", plan: "gold" };

interface FlagRow {
  readonly key: string;
  readonly lastEvaluatedAtMs: number | null;
  readonly lastNamedAtMs: number | null;
}

async function rowsOf(visitor: Visitor): Promise<ReadonlyMap<string, FlagRow>> {
  const { text } = await visitor.get("/api/v1/flags");
  const { items } = JSON.parse(text) as { readonly items: readonly FlagRow[] };
  return new Map(items.map((row) => [row.key, row]));
}

describe("the last use of flags by remote evaluation", () => {
  it("is on the page and in the API, separately for bulk evaluations", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    const visitor = new Visitor(relay);
    expect((await rowsOf(visitor)).get("string")).toMatchObject({
      lastEvaluatedAtMs: null,
      lastNamedAtMs: null,
    });
    await (await askAll(relay.url, ALICE)).text();
    const afterAll = await rowsOf(visitor);
    expect(afterAll.get("string")).toMatchObject({
      lastEvaluatedAtMs: expect.any(Number),
      lastNamedAtMs: null,
    });
    await (await askOne(relay.url, "string", ALICE)).text();
    await (await askOne(relay.url, "no-such-flag", ALICE)).text();
    const rows = await rowsOf(visitor);
    expect(rows.get("string")).toMatchObject({ lastNamedAtMs: expect.any(Number) });
    expect(rows.get("boolean")).toMatchObject({ lastNamedAtMs: null });
    expect(rows.has("no-such-flag")).toBe(false);
    expect(textOf((await visitor.get("/page/eppo/flags")).text)).toContain("Last evaluated");
  });
});
