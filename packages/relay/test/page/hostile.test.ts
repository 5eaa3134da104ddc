import { isWhole, patientClock } from "@sortition/test-kit";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { describe, expect, it } from "vitest";
import { evaluating } from "../ofrep/ground.js";
import { relayOf, VARIABLES } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

const MARKUP = `<img src=x onerror="alert(1)">&amp;'"`;
const RTL = "\u202eabc\u202c\u2066";
const LONG = `y${"x".repeat(999_999)}`;
const SECRET = "attribute-value-4799";

/** Creates an Eppo configuration with these keys and values. */
function configOf(texts: readonly string[]): object {
  const flags = texts.map((text) => {
    const place = { key: text, name: text, salt: "s" };
    return splitFlag({ ...place, shares: { [text]: 100 }, when: { [text]: [text] } });
  });
  return flagsPayload("eppo", flags);
}

describe("keys, values, conditions, subjects and attributes", () => {
  it.each(
    [
      ["markup", MARKUP],
      ["the end of an element", "</textarea></pre><u>"],
      ["direction marks", RTL],
      ["__proto__", "__proto__"],
      ["1 MB", LONG],
    ].filter(([, text]) => isWhole || text !== LONG),
  )("with %s are shown as text on every page", async (_, text) => {
    const environments = [evaluating("eppo", configOf([text, "plain"]))];
    // A busy machine may need longer than the five seconds in which a thread must explain 1 MB.
    const relay = await relayOf({ environments }, { clock: patientClock(5_000) });
    const visitor = new Visitor(relay);
    const key = text.length > 1_000 ? "plain" : text;
    const attributes = JSON.stringify({ [text]: text });
    const pages = [
      await visitor.get("/page/eppo/flags"),
      await visitor.get(`/page/eppo/flag?key=${encodeURIComponent(key)}`),
      await visitor.get(`/page/eppo/flags?search=${encodeURIComponent(key)}`),
      await visitor.post("/page/eppo/subject", { key: text, attributes, flag: key }),
      await visitor.get("/page/eppo/changes"),
    ];
    for (const { status, text: html } of pages) {
      expect(status).toBe(200);
      expect(/<img|onerror="|<u>/.test(html)).toBe(false);
      // The form contains the input. Anything else that is long is truncated.
      expect(html.replaceAll(LONG, "").length).toBeLessThan(300_000);
    }
    const unknown = await visitor.post("/page/eppo/subject", { key: "u", flag: `${text}?` });
    expect([unknown.status, /<img|onerror="|<u>/.test(unknown.text)]).toEqual([404, false]);
    const shown = textOf(pages[0]?.text ?? "");
    if (text === LONG) expect(shown).toContain("1,000,000 characters");
    else if (text !== RTL) expect(shown).toContain(text);
  });
});

describe("a form", () => {
  it("puts no attribute and no subject into a log, an address or an error", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", configOf(["x"]))] });
    const visitor = new Visitor(relay);
    const entered = { key: SECRET, name: "a", value: SECRET, attributes: `{"b":"${SECRET}"}` };
    const { text } = await visitor.post("/page/eppo/subject", { ...entered, flag: "x" });
    expect([...text.matchAll(/(?:href|action|formaction|src)="([^"]*)"/g)].join()).not.toContain(
      SECRET,
    );
    const bad = await visitor.post("/page/eppo/subject", {
      ...entered,
      attributes: `{"b":${SECRET}`,
    });
    expect(bad.status).toBe(400);
    expect(textOf(bad.text)).toMatch(/line 1, column \d+/);
    // Input is kept in its fields, and shown nowhere else.
    const fields = / value="[^"]*"|<textarea[^>]*>[^<]*<\/textarea>/g;
    expect(bad.text.match(fields)?.join()).toContain(SECRET);
    expect(bad.text.replace(fields, "")).not.toContain(SECRET);
    for (const body of [{ subjectKey: 5 }, { subjectKey: SECRET, flag: "none" }, { x: SECRET }]) {
      expect((await visitor.explain(body)).text).not.toContain(SECRET);
    }
    expect(relay.log.join("")).not.toContain(SECRET);
    expect(relay.log.join("")).not.toContain(VARIABLES.PASSWORD);
  });
});
