import { describe, expect, it } from "vitest";
import { serverOf } from "../formats.js";
import { evaluating } from "../ofrep/ground.js";
import { ENVIRONMENTS, relayOf } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

const PATH = "/page/eppo/subject";

/** A configuration of Eppo's with one flag for two countries. */
const CONFIG = {
  createdAt: "2026-01-05T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Test" },
  flags: {
    checkout: {
      key: "checkout",
      enabled: true,
      variationType: "STRING",
      totalShards: 10_000,
      variations: { fast: { key: "fast", value: "fast" } },
      allocations: [
        {
          key: "europe",
          doLog: true,
          rules: [
            { conditions: [{ attribute: "country", operator: "ONE_OF", value: ["DE", "FR"] }] },
          ],
          splits: [{ variationKey: "fast", shards: [] }],
        },
      ],
    },
  },
};

async function start(): Promise<Visitor> {
  return new Visitor(await relayOf({ environments: [evaluating("eppo", CONFIG)] }));
}

describe("the form of Evaluate", () => {
  it("suggests the attributes that rules read, with the values they compare with", async () => {
    const { text } = await (await start()).get(PATH);
    expect(text).toContain('name="name" value="country"');
    expect(text).toMatch(/<datalist id="values-0"><option value="DE">.*<option value="FR">/);
  });

  it("keeps everything that was entered next to every mistake", async () => {
    const visitor = await start();
    const { status, text } = await visitor.post(PATH, {
      ...{ key: "user-1", name: "country", value: "DE", attributes: '{"a":1,}' },
      ...{ now: "yesterday", search: "check" },
    });
    expect(status).toBe(400);
    for (const kept of ["user-1", "country", "DE", "yesterday", "check"]) {
      expect(text).toContain(`value="${kept}"`);
    }
    expect(textOf(text)).toContain('{"a":1,}');
    expect(text.match(/aria-invalid="true"/g)).toHaveLength(2);
    expect(textOf(text)).toMatch(/attributes: not JSON at line 1[\s\S]*now: expected a time/);
  });

  it("marks a revision that is not kept", async () => {
    const { status, text } = await (await start()).post(PATH, { key: "u", revision: "0000" });
    expect(status).toBe(404);
    expect(text).toMatch(/<select name="revision" aria-invalid="true"/);
  });

  it("leaves out a row without a value, and reads a pair of quotes as an empty string", async () => {
    const visitor = await start();
    const shownFor = async (value: string): Promise<string> =>
      textOf((await visitor.post(PATH, { key: "u", name: "country", value })).text);
    expect(await shownFor("")).toContain("country has no value");
    expect(await shownFor('""')).toContain('country is "", not one of DE, FR');
  });
});

describe("the results of Evaluate", () => {
  it("give the reason in plain words, and open one explanation in place", async () => {
    const visitor = await start();
    const entered = { key: "u", name: "country", value: "DE" };
    const list = await visitor.post(PATH, entered);
    expect(textOf(list.text)).toContain("country is DE, one of DE, FR");
    const opened = await visitor.post(PATH, { ...entered, flag: "checkout" });
    expect(opened.text).toMatch(/<li id="opened">[\s\S]*✓ 1 europe: applies[\s\S]*<\/li>/);
  });
});

describe("the comparison of two revisions", () => {
  it("lists what differs first, and names flags that only one of them has", async () => {
    const { flags, server } = await serverOf("Eppo");
    flags.string("a-same").variations("x", "y").otherwise("x");
    flags.string("z-other").variations("x", "y").otherwise("x");
    const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
    const visitor = new Visitor(relay);
    const first = relay.environments[0]?.configuration?.revision ?? "";
    flags.string("z-other").variations("x", "y").otherwise("y");
    flags.string("added").variations("x", "y").otherwise("x");
    await relay.environments[0]?.requestRefresh();
    await expect
      .poll(async () => textOf((await visitor.get("/page/eppo/changes")).text), { timeout: 10_000 })
      .toContain("2 revisions kept");
    const { text } = await visitor.post(PATH, { key: "user-1", compare: first });
    const shown = textOf(text.slice(text.indexOf('class="results"')));
    expect(shown).toMatch(/z-other.*"y".*differs.*compared: "x"[\s\S]*a-same/);
    expect(shown.match(/differs/g)).toHaveLength(1);
    expect(textOf(text)).toContain("Not in the compared revision: added.");
  });

  it("marks a revision that is not kept", async () => {
    const { status, text } = await (await start()).post(PATH, { key: "u", compare: "0000" });
    expect(status).toBe(404);
    expect(text).toMatch(/<select name="compare" aria-invalid="true"/);
  });
});

it.each(["/page/eppo/nothing", "/page/nothing/flags", "/nothing"])(
  "the unknown address %s is answered in the frame",
  async (path) => {
    const { status, text } = await (await start()).get(path);
    expect(status).toBe(404);
    expect(textOf(text)).toMatch(/there is no (page at this address|such environment)/);
    expect(text).toContain('aria-label="Views"');
  },
);

it("an unknown address for scripts is answered with JSON", async () => {
  const { status, text } = await (await start()).get("/api/v1/nothing");
  expect([status, JSON.parse(text)]).toEqual([
    404,
    { message: "there is no page at this address" },
  ]);
});
