import { writeFileSync } from "node:fs";
import { ifWhole, isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { askOne, evaluating } from "../ofrep/ground.js";
import { ENVIRONMENTS, relayOf } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

const split = (variationKey: string, start: number, end: number): object => ({
  variationKey,
  shards: [{ salt: "s", ranges: [{ start, end }] }],
});

const flag = (key: string, more: object = {}): object => ({
  ...{ key, enabled: true, variationType: "STRING", totalShards: 100 },
  variations: { a: { key: "a", value: "a" }, b: { key: "b", value: "b" } },
  allocations: [
    {
      ...{ key: "ended", endAt: "2020-01-01T00:00:00.000Z" },
      splits: [split("a", 0, 50), split("b", 50, 100)],
    },
    { key: "pilot", splits: [split("a", 0, 10), split("b", 10, 50)] },
    { key: "rest", splits: [{ variationKey: "a", shards: [] }] },
  ],
  ...more,
});

const FLAGS = [
  flag("checkout"),
  flag("checkout-old", { enabled: false }),
  flag("broken", { allocations: "none" }),
];

const PAYLOAD = {
  ...{ createdAt: "2026-01-05T00:00:00.000Z", format: "SERVER", environment: { name: "Test" } },
  flags: Object.fromEntries(FLAGS.map((it) => [(it as { key: string }).key, it])),
};

const DATADOG = {
  data: { type: "universal-flag-configuration", attributes: { ...PAYLOAD, flags: {} } },
};

async function visitorOf(payload: object): Promise<Visitor> {
  return new Visitor(await relayOf({ environments: [evaluating("eppo", payload)] }));
}

describe("the list of flags", () => {
  it("is filtered by text and state", async () => {
    const visitor = await visitorOf(PAYLOAD);
    const keysOf = async (query: string): Promise<readonly string[]> => {
      const { items } = (await visitor.json(`/api/v1/flags?${query}`)) as {
        readonly items: readonly { readonly key: string }[];
      };
      const { text } = await visitor.get(`/page/eppo/flags?${query}`);
      for (const { key } of items) expect(text).toContain(`/page/eppo/flag?key=${key}"`);
      const count = { 0: "No flag matches the filter", 1: "1 flag" }[items.length];
      expect(textOf(text)).toContain(count ?? `${items.length} flags`);
      return items.map(({ key }) => key);
    };
    expect(await keysOf("")).toEqual(["broken", "checkout", "checkout-old"]);
    expect(await keysOf("state=enabled")).toEqual(["checkout"]);
    expect(await keysOf("state=disabled&search=check")).toEqual(["checkout-old"]);
    expect(await keysOf("state=malformed")).toEqual(["broken"]);
    expect(await keysOf("state=issues")).toEqual(["broken"]);
    expect(await keysOf("state=enabled&search=old")).toEqual([]);
  });

  it.each(
    [
      { members: { bucketVersion: 1 }, keys: [] },
      { members: { minBucketVersion: 1 }, keys: ["checkout"] },
      { members: { fallbackAttribute: "device" }, keys: ["checkout"] },
    ].filter((_, i) => isInPart(i, 1)),
  )(
    "has $keys as GrowthBook's experiments with issues, for $members",
    async ({ keys, members }) => {
      const rules = [{ key: "checkout", variations: ["old", "new"], ...members }];
      const features = { checkout: { defaultValue: "none", rules } };
      const environments = [evaluating("growthbook", { features })];
      const visitor = new Visitor(await relayOf({ environments }));
      const { items } = (await visitor.json("/api/v1/flags?state=issues")) as {
        readonly items: readonly { readonly key: string }[];
      };
      expect(items.map(({ key }) => key)).toEqual(keys);
    },
  );

  ifWhole(it)("links to each state, keeps the search, and marks the current state", async () => {
    const visitor = await visitorOf(PAYLOAD);
    const { text } = await visitor.get("/page/eppo/flags?state=disabled&search=check");
    const page = text.replaceAll("&amp;", "&");
    expect(page).toContain('href="/page/eppo/flags?search=check"');
    expect(page).toMatch(/search=check&state=disabled" aria-current="true"/);
    expect(page).toContain('<input type="hidden" name="state" value="disabled"/>');
  });

  it("lists the flags that were not evaluated", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOAD)] });
    const visitor = new Visitor(relay);
    await (await askOne(relay.url, "checkout", { targetingKey: "alice" })).text();
    const list = textOf((await visitor.get("/page/eppo/flags?state=not-evaluated")).text);
    expect(list).toContain("2 flags");
    expect(list).not.toMatch(/checkoutstring/);
    expect(list).toContain("not since the relay started");
    const flag = textOf((await visitor.get("/page/eppo/flag?key=broken")).text);
    expect(flag).toContain("Not evaluated since the relay started, 20");
    const other = new Visitor(await relayOf({ environments: [ENVIRONMENTS.Eppo("http://x")] }));
    const sdks = await other.get("/page/eppo/flags?state=not-evaluated");
    expect(sdks.status).toBe(503);
  });

  it("rejects an unknown state", async () => {
    const visitor = await visitorOf(PAYLOAD);
    const page = await visitor.get("/page/eppo/flags?state=paused");
    expect(page.status).toBe(400);
    expect(textOf(page.text)).toContain('unknown state "paused". Choose one of enabled, disabled');
    expect((await visitor.get("/api/v1/flags?state=paused")).status).toBe(400);
  });

  ifWhole(it)("shows the split of the active allocation with the most variations", async () => {
    const visitor = await visitorOf(PAYLOAD);
    const text = textOf((await visitor.get("/page/eppo/flags")).text);
    expect(text).toContain("In pilot (2 of 3):a: 10%, b: 40%");
    expect(text).toContain("3 allocations in order: ended, pilot, rest");
  });

  it("labels a split with the rules of its allocation", async () => {
    const rules = [{ conditions: [{ attribute: "country", operator: "ONE_OF", value: ["DE"] }] }];
    const only = { key: "only", rules, splits: [split("a", 0, 10)] };
    const rest = { key: "rest", splits: [] };
    const flags = {
      one: flag("one", { allocations: [only] }),
      two: flag("two", { allocations: [only, rest] }),
    };
    const visitor = await visitorOf({ ...PAYLOAD, flags });
    const text = textOf((await visitor.get("/page/eppo/flags")).text);
    expect(text).toContain("If country is DE:a: 10%");
    expect(text).toContain("In only (1 of 2), if country is DE:a: 10%");
  });

  ifWhole(it)("explains that there are no flags", async () => {
    const visitor = await visitorOf({ ...PAYLOAD, flags: {} });
    const text = textOf((await visitor.get("/page/eppo/flags")).text);
    expect(text).toContain("This environment's configuration has no flags yet.");
  });
});

describe("the page of a flag", () => {
  it("shows all windows on one time line", async () => {
    const visitor = await visitorOf(PAYLOAD);
    const text = textOf((await visitor.get("/page/eppo/flag?key=checkout")).text);
    expect(text).toContain("Time line");
    expect(text).toMatch(/ended\s*until 2020-01-01/);
    expect(text).toMatch(/pilot\s*always/);
  });
});

describe("the changes of all environments", () => {
  it("are on one time line, with first configurations listed separately", async () => {
    const environments = [evaluating("eppo", PAYLOAD), evaluating("datadog", DATADOG)];
    const [eppo] = environments as [{ readonly file: string }];
    const visitor = new Visitor(await relayOf({ environments }));
    const { text: status } = await visitor.get("/page");
    expect(status).toContain('href="/page/changes"');
    const flags = { ...PAYLOAD.flags, added: flag("added") };
    writeFileSync(eppo.file, JSON.stringify({ ...PAYLOAD, flags }));
    const shown = async () => textOf((await visitor.get("/page/changes")).text);
    await expect.poll(shown).toContain("1 change seen");
    const page = await shown();
    expect(page).toMatch(/Changes in all environments.*Zeppo\s*added.*Before and after/);
    expect(page).toMatch(/First configurations.*(eppo.*datadog|datadog.*eppo)/);
    const { text } = await visitor.get("/page/eppo/changes");
    expect(text).toContain('href="/page/changes"');
    expect(textOf(text)).toMatch(/Environment eppo\s*Changes/);
  });
});

describe("addresses without a view", () => {
  it("redirect to the environment's first view, or list all environments", async () => {
    const environments = [evaluating("eppo", PAYLOAD), evaluating("datadog", DATADOG)];
    const visitor = new Visitor(await relayOf({ environments }));
    const found = await visitor.get("/page/datadog");
    expect([found.status, found.headers.get("location")]).toEqual([302, "/page/datadog/subject"]);
    for (const path of ["/page/nowhere", "/page/nowhere/flags"]) {
      const { status, text } = await visitor.get(path);
      expect(status).toBe(404);
      for (const name of ["eppo", "datadog"]) {
        expect(text).toContain(`<a href="/page/${name}/subject">${name}</a>`);
      }
    }
  });
});

describe("the status page", () => {
  it("shows each environment, and names what needs attention", async () => {
    const environments = [
      evaluating("eppo", PAYLOAD),
      ENVIRONMENTS.GrowthBook("http://127.0.0.1:9"),
    ];
    const visitor = new Visitor(await relayOf({ environments }));
    const { text: status } = await visitor.get("/page");
    const text = textOf(status);
    expect(text).toMatch(/Relay started [\d-]+ [\d:]+Z.*As of [\d-]+ [\d:]+Z.*Refresh/);
    expect(text).toContain("3 flags, 1 issue");
    expect(status).toContain('href="/page/eppo/flags?state=issues"');
    expect(text).toContain("RoleThis relay polls (no Redis configured)");
    expect(text).toContain("Needs attention: growthbook");
    expect(text).toMatch(/Last error.*ECONNREFUSED/);
  });
});
