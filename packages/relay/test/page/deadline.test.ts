import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { evaluating, SERVER } from "../ofrep/ground.js";
import { relayOf } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

/** A pattern that takes minutes for a string of 32 characters. */
const PATTERN = "^(a+)+$";
const HOSTILE = `${"a".repeat(31)}!`;

const FEATURES = {
  search: {
    defaultValue: "old",
    rules: [{ condition: { email: { $regex: PATTERN } }, force: "new" }],
  },
};

describe("an evaluation on the page", () => {
  it("is stopped if a regular expression takes too long, and the relay serves meanwhile", async () => {
    const members = { evaluate: false, tokens: [SERVER] };
    const environments = [evaluating("growthbook", { features: FEATURES }, members)];
    const clock = createFakeClock();
    const relay = await relayOf({ environments }, { clock });
    const visitor = new Visitor(relay);
    const before = await visitor.explain({ subjectKey: "a", attributes: { email: "aaa" } });
    expect(JSON.parse(before.text)).toMatchObject({ items: [{ key: "search", value: "new" }] });
    let isDone = false;
    const explaining = visitor
      .post("/page/growthbook/subject", {
        key: "a",
        attributes: JSON.stringify({ email: HOSTILE }),
      })
      .finally(() => {
        isDone = true;
      });
    let served = 0;
    while (!isDone) {
      expect((await fetch(`${relay.url}/livez`)).status).toBe(200);
      served += 1;
      await clock.advance(500);
    }
    const { status, text } = await explaining;
    expect([status, textOf(text)]).toEqual([503, expect.stringContaining("took too long")]);
    // While a regular expression blocks this process, at most the first request and the last one are served.
    expect(served).toBeGreaterThan(2);
    const after = await visitor.explain({ subjectKey: "a", attributes: { email: "aaa" } });
    expect(after.text).toBe(before.text);
  });
});
