import { ifWhole, isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { serverOf, VENDORS } from "../formats.js";
import { DIALECT_NAMES, evaluating } from "../ofrep/ground.js";
import { ENVIRONMENTS, relayOf } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

const PATH = "/page/eppo/subject";

/** An Eppo configuration with one flag for two countries. */
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

/** Configurations without flags. */
const EMPTY = {
  eppo: { ...CONFIG, flags: {} },
  growthbook: { features: {} },
  amplitude: [],
  posthog: { flags: [], group_type_mapping: {}, cohorts: {} },
};

async function start(): Promise<Visitor> {
  return new Visitor(await relayOf({ environments: [evaluating("eppo", CONFIG)] }));
}

describe("the Evaluate form", () => {
  it("suggests the attributes that rules use, with the values of their conditions", async () => {
    const { text } = await (await start()).get(PATH);
    expect(text).toContain('name="name" value="country"');
    expect(text).toMatch(/<datalist id="values-0"><option value="DE">.*<option value="FR">/);
  });

  it.each(VENDORS.filter((_, i) => isInPart(i, 2)))(
    "suggests names that rules of %s match",
    async (vendor) => {
      const { flags, server } = await serverOf(vendor);
      flags
        .string("plans")
        .variations("small", "large")
        .when({ plan: ["gold"] })
        .give("large");
      const relay = await relayOf({ environments: [ENVIRONMENTS[vendor](server.url)] });
      const visitor = new Visitor(relay);
      const path = `/page/${vendor.toLowerCase()}/subject`;
      const form = (await visitor.get(path)).text;
      const [, name = ""] = /name="name" value="([^"]+)"/.exec(form) ?? [];
      const [, value = ""] = /<datalist id="values-0"><option value="([^"]+)"/.exec(form) ?? [];
      expect([name, value]).toEqual(["plan", "gold"]);
      const { text } = await visitor.post(path, { key: "user-1", name, value, search: "plans" });
      expect(textOf(text.slice(text.indexOf("</form>")))).toMatch(/plans.*large.*plan is gold/);
    },
  );

  it("keeps all input if a field is invalid", async () => {
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
    expect(textOf(text)).toMatch(
      /Attributes as JSON: not JSON at line 1[\s\S]*Time: expected a time/,
    );
  });

  it.each(DIALECT_NAMES.filter((_, i) => isInPart(i, 1)))(
    "marks a blank subject key with %s",
    async (dialect) => {
      const relay = await relayOf({ environments: [evaluating(dialect, EMPTY[dialect])] });
      const { status, text } = await new Visitor(relay).post(`/page/${dialect}/subject`, {
        ...{ key: " ", search: "check" },
      });
      expect(status).toBe(400);
      expect(text).toMatch(/<input name="key" value=" "[^>]*aria-invalid="true"/);
      expect(textOf(text)).toContain("Enter a subject key.");
      expect(text).toContain('name="search" value="check"');
    },
  );

  ifWhole(it)("marks rows without a name and rows that repeat a name", async () => {
    const rows = new URLSearchParams({ key: "u" });
    for (const [name, value] of [
      ...[["", ""] as const, ["country", "DE"] as const, ["", "x"] as const],
      ...[["country", "FR"] as const, ["plan", ""] as const],
    ]) {
      rows.append("name", name);
      rows.append("value", value);
    }
    const { status, text } = await (await start()).post(PATH, rows);
    expect(status).toBe(400);
    expect(text.match(/aria-invalid="true"/g)).toHaveLength(2);
    expect(textOf(text)).toMatch(
      /Enter a name for this value\.country is entered twice\. Remove one of the rows\./,
    );
    expect(text).toContain('value="x"');
  });

  it("points out attributes that no rule reads, and suggests similar ones", async () => {
    const visitor = await start();
    const notesOf = async (fields: Readonly<Record<string, string>>): Promise<string> => {
      const { status, text } = await visitor.post(PATH, { key: "u", ...fields });
      expect(status).toBe(200);
      return [...text.matchAll(/class="note"[^>]*>(.*?)<\/span>/g)]
        .map(([, it]) => textOf(it ?? ""))
        .join();
    };
    const unread = "No rule in the served configuration reads";
    expect(await notesOf({ name: "contry", value: "DE" })).toBe(
      `${unread} contry. Did you mean country?`,
    );
    expect(await notesOf({ name: "plan", value: "gold" })).toBe(`${unread} plan.`);
    expect(await notesOf({ attributes: '{"contry":"DE","country":"DE"}' })).toBe(
      `${unread} contry. Did you mean country?`,
    );
    expect(await notesOf({ name: "country", value: "DE" })).toBe("");
    expect(await notesOf({ name: "country", value: "2.10" })).toBe(
      '2.10 is read as the number 2.1. To pass a string, write "2.10".',
    );
    expect(await notesOf({ name: "country", value: "2.1" })).toBe("");
    expect(await notesOf({ name: "contry", value: "" })).toBe("");
  });

  it.each(['["NL"', '{"a":', '"NL'].filter((_, i) => isInPart(i)))(
    "notes that %s is used as a string",
    async (value) => {
      const { text } = await (await start()).post(PATH, { key: "u", name: "country", value });
      expect(textOf(text)).toContain("This is not complete JSON, so it is used as a string.");
      expect(textOf(text)).toContain(`country is ${JSON.stringify(value)}, not one of DE, FR`);
    },
  );

  ifWhole(it)("points out rows that override the JSON", async () => {
    const { text } = await (await start()).post(PATH, {
      ...{ key: "u", name: "country", value: "DE", attributes: '{"country":"US"}' },
    });
    expect(textOf(text)).toContain("This value is used instead of the one in the JSON.");
    expect(textOf(text)).toContain("country is DE, one of DE, FR");
  });

  ifWhole(it)("marks a revision that is not stored, and says how old others are", async () => {
    const visitor = await start();
    const ask = () => visitor.post(PATH, { key: "u", revision: "0000" });
    const { status, text } = await ask();
    expect(status).toBe(404);
    expect(text).toMatch(/<select name="revision" aria-invalid="true"/);
    // Revisions are recorded in the background.
    await expect
      .poll(async () => textOf((await ask()).text))
      .toMatch(/configuration is not stored\. The oldest one is from \d{4}-/);
  });

  it("leaves out a row without a value, and reads a pair of quotes as an empty string", async () => {
    const visitor = await start();
    const shownFor = async (value: string): Promise<string> =>
      textOf((await visitor.post(PATH, { key: "u", name: "country", value })).text);
    expect(await shownFor("")).toContain("country has no value");
    expect(await shownFor('""')).toContain('country is "", not one of DE, FR');
  });
});

it("a flag's page links to its evaluation", async () => {
  const visitor = await start();
  const { text } = await visitor.get("/page/eppo/flag?key=checkout");
  const [, link = ""] = /<a href="([^"]*)">Evaluate<\/a> ?<a/.exec(text) ?? [];
  const form = await visitor.get(link.replaceAll("&amp;", "&"));
  expect(form.text).toContain('name="flag" value="checkout"');
  expect(form.text).toContain('name="search" value="checkout"');
});

it("a flag's page links back to the results without putting the subject in the address", async () => {
  const visitor = await start();
  const entered = new URLSearchParams({
    key: "user-1",
    attributes: '{"a":"<"}',
  });
  for (const [name, value] of [
    ["country", "DE"],
    ["plan", "gold"],
  ] as const) {
    entered.append("name", name);
    entered.append("value", value);
  }
  const results = await visitor.post(PATH, entered);
  const [, address = ""] = /formaction="([^"]*\/flag[^"]*)"/.exec(results.text) ?? [];
  expect(address).toBe("/page/eppo/flag?key=checkout&amp;from=0");
  const flag = await visitor.post(address.replaceAll("&amp;", "&"), entered);
  expect([flag.status, textOf(flag.text)]).toEqual([
    200,
    expect.stringContaining("Back to the results for user-1"),
  ]);
  const [form = ""] = /<form class="back".*?<\/form>/.exec(flag.text) ?? [];
  expect(form).toContain(`action="${PATH}?from=0#results"`);
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const sent = new URLSearchParams(
    fields.map(([, name = "", value = ""]): [string, string] => [name, textOf(value)]),
  );
  for (const name of ["key", "attributes", "name", "value"]) {
    expect(sent.getAll(name)).toEqual(entered.getAll(name));
  }
  const resultsOf = (html: string): string => html.slice(html.indexOf('id="results"'));
  const again = await visitor.post(PATH, sent);
  expect(resultsOf(again.text)).toBe(resultsOf(results.text));
});

describe("the Evaluate results", () => {
  it("list the earlier rules that did not match, in the vendor's terms", async () => {
    const relay = await relayOf({
      environments: [evaluating("amplitude", SEGMENTS), evaluating("growthbook", FEATURES)],
    });
    const visitor = new Visitor(relay);
    const shownBy = async (dialect: string): Promise<string> => {
      const { text } = await visitor.post(`/page/${dialect}/subject`, { key: "user-1" });
      return textOf(text.slice(text.indexOf('id="results"')));
    };
    const amplitude = await shownBy("amplitude");
    expect(amplitude).toMatch(
      /tenth.*off no value.*in the split for off; the variant off has no value, so your application uses its own default.*segment Split/,
    );
    expect(amplitude).toMatch(
      /shipping.*off no value.*no earlier segment matched; the variant off has no value, so your application uses its own default.*segment Rest.*not matched: Loyal: tier has no value/,
    );
    const growthbook = await shownBy("growthbook");
    expect(growthbook).toMatch(/keyed.*"a".*Long name.*in the split for Long namerule e/);
    expect(growthbook).toMatch(/plain.*"Buy now".*in the split for "Buy now"rule e/);
    expect(growthbook).toMatch(
      /rules.*0.*no rule matched, so its default value is used.*not matched: rule 1: age has no value/,
    );
    expect(growthbook).toMatch(/simple.*1.*the feature has no rules, so its default value is used/);
  });

  it("point out that Amplitude looks up cohorts, and which attributes no rule reads", async () => {
    const relay = await relayOf({ environments: [evaluating("amplitude", SEGMENTS)] });
    const path = "/page/amplitude/subject";
    const notesOf = async (name: string): Promise<string> =>
      textOf((await new Visitor(relay).post(path, { key: "u", name, value: "x" })).text);
    expect(await notesOf("cohort_ids")).toContain(
      "Cohorts are looked up by key, so cohort_ids has no effect.",
    );
    expect(await notesOf("country")).toContain(
      "No rule in the served configuration reads country.",
    );
    expect(await notesOf("teir")).toContain("Did you mean tier?");
  });

  ifWhole(it)("name the data that PostHog needs, and the form suggests it", async () => {
    const relay = await relayOf({ environments: [evaluating("posthog", DEFINITIONS)] });
    const visitor = new Visitor(relay);
    const path = "/page/posthog/subject";
    const { text } = await visitor.post(path, { key: "user-1" });
    const shown = textOf(text.slice(text.indexOf('id="results"')));
    expect(shown).toMatch(
      /cohort.*not decided.*enter tier.*undecided: condition set 1: the subject is in cohort 1: tier is missing/,
    );
    expect(shown).toMatch(/dependent.*cannot be decided: flag cohort has no value/);
    expect(shown).toMatch(
      /organisation.*false.*no condition set was checked: enter \$groups with {"company":"…"}/,
    );
    expect(shown).toMatch(/static.*cannot be decided: only PostHog's server can decide it/);
    expect(shown).toContain("Not decided means that the value depends on data");
    const names = [...text.matchAll(/<input name="name" value="([^"]*)"/g)].map(([, it]) => it);
    expect(names).toContain("tier");
    const entered = { key: "user-1", name: "tier", value: "gold", search: "cohort" };
    const decided = (await visitor.post(path, entered)).text;
    expect(decided).not.toContain('class="note"');
    expect(textOf(decided)).toMatch(/cohort truethe subject is in cohort 1/);
  });

  it("show the reason in plain words, and open one explanation in place", async () => {
    const visitor = await start();
    const entered = { key: "u", name: "country", value: "DE" };
    const list = await visitor.post(PATH, entered);
    expect(textOf(list.text)).toContain("country is DE, one of DE, FR");
    const opened = await visitor.post(PATH, { ...entered, flag: "checkout" });
    const shown = textOf(opened.text.slice(opened.text.indexOf('<li id="opened">')));
    expect(shown).toContain("matched: europe applies✓matched: country is DE, one of DE, FR");
    expect(shown).toContain("✓ 1 europe: applies");
  });

  ifWhole(it)("close the opened explanation, and keep it open for another evaluation", async () => {
    const visitor = await start();
    const opened = await visitor.post(PATH, { key: "u", flag: "checkout" });
    expect(opened.text).toContain('type="hidden" name="flag" value="checkout"');
    const again = new URLSearchParams({ key: "u", flag: "checkout" });
    expect((await visitor.post(PATH, again)).text).toContain('id="opened"');
    again.append("flag", ""); // the Close button
    expect((await visitor.post(PATH, again)).text).not.toContain('id="opened"');
  });

  ifWhole(it)("keep the form for an unknown flag, and suggest similar flags", async () => {
    const { status, text } = await (await start()).post(PATH, { key: "user-1", flag: "chekout" });
    expect(status).toBe(404);
    expect(text).toContain('name="key" value="user-1"');
    expect(textOf(text)).toContain("There is no flag chekout. Did you mean checkout?");
    const page = await (await start()).get("/page/eppo/flag?key=chekout");
    expect([page.status, textOf(page.text)]).toEqual([
      404,
      expect.stringContaining("Did you mean"),
    ]);
    expect(page.text).toContain("key=checkout");
  });

  ifWhole(it)(
    "have a link without subjects and attributes, which fills in the rest of the form",
    async () => {
      const visitor = await start();
      const { text } = await visitor.post(PATH, {
        ...{ key: "secret-1", name: "secret-2", value: "secret-3", attributes: '{"a":"secret-4"}' },
        ...{ search: "check", flag: "checkout", now: "2026-02-01" },
      });
      const [, link = ""] = /<a href="([^"]*)">\s*Link to this form/.exec(text) ?? [];
      const address = link.replaceAll("&amp;", "&");
      expect(address).toBe(`${PATH}?search=check&flag=checkout&now=2026-02-01`);
      const form = (await visitor.get(address)).text;
      for (const kept of ["check", "checkout", "2026-02-01"]) {
        expect(form).toContain(`value="${kept}"`);
      }
      expect(textOf(form)).toContain("to see why it gets its value of checkout");
    },
  );
});

const SEGMENTS = [
  {
    key: "shipping",
    variants: { on: { key: "on", value: "on" }, off: { key: "off", metadata: { default: true } } },
    segments: [
      {
        conditions: [
          [
            {
              selector: ["context", "user", "user_properties", "tier"],
              op: "is",
              values: ["gold"],
            },
          ],
        ],
        variant: "on",
        metadata: { segmentName: "Loyal" },
      },
      { variant: "off", metadata: { segmentName: "Rest" } },
    ],
  },
  {
    key: "tenth",
    variants: { on: { key: "on", value: "on" }, off: { key: "off", metadata: { default: true } } },
    segments: [
      {
        bucket: {
          selector: ["context", "user", "user_id"],
          salt: "tenth",
          allocations: [
            { range: [0, 100], distributions: [{ variant: "on", range: [0, 4_294_967] }] },
          ],
        },
        variant: "off",
        metadata: { segmentName: "Split" },
      },
    ],
  },
];

const DEFINITIONS = {
  flags: [
    ["cohort", { groups: [{ properties: [{ key: "id", type: "cohort", value: 1 }] }] }],
    ["static", { groups: [{ properties: [{ key: "id", type: "cohort", value: 2 }] }] }],
    ["organisation", { groups: [{}], aggregation_group_type_index: 0 }],
    [
      "dependent",
      {
        groups: [
          {
            properties: [
              {
                ...{ key: "cohort", type: "flag", operator: "flag_evaluates_to", value: true },
                dependency_chain: ["cohort"],
              },
            ],
          },
        ],
      },
    ],
  ].map(([key, filters], id) => ({ id, key, filters, active: true })),
  group_type_mapping: { 0: "company" },
  cohorts: {
    1: { type: "AND", values: [{ key: "tier", type: "person", operator: "exact", value: "gold" }] },
  },
};

const SPLIT = { id: "e", key: "e", weights: [1, 0], hashVersion: 2, coverage: 1 };

const FEATURES = {
  features: {
    keyed: {
      defaultValue: "",
      rules: [{ ...SPLIT, variations: ["a", "b"], meta: [{ key: "k", name: "Long name" }, {}] }],
    },
    plain: { defaultValue: "", rules: [{ ...SPLIT, variations: ["Buy now", "Buy"] }] },
    rules: { defaultValue: 0, rules: [{ condition: { age: { $gt: 5 } }, force: 1 }] },
    simple: { defaultValue: 1 },
  },
};

/** A flag with two allocations, each of which splits subjects by two salts. */
const SPLIT_CONFIG = {
  ...CONFIG,
  flags: {
    texts: {
      key: "texts",
      enabled: true,
      variationType: "STRING",
      totalShards: 100,
      variations: { a: { key: "a", value: "A" }, b: { key: "b", value: "B" } },
      allocations: [
        {
          key: "nobody",
          doLog: true,
          splits: [
            { variationKey: "a", shards: [{ salt: "none", ranges: [{ start: 0, end: 0 }] }] },
          ],
        },
        {
          key: "halves",
          doLog: true,
          splits: ["a", "b"].map((variationKey, i) => ({
            variationKey,
            shards: [
              { salt: "traffic", ranges: [{ start: 0, end: 100 }] },
              { salt: "half", ranges: [{ start: i * 50, end: i * 50 + 50 }] },
            ],
          })),
        },
        { key: "rest", doLog: true, splits: [{ variationKey: "a", shards: [] }] },
      ],
    },
  },
};

describe("the explanation of a split", () => {
  it("draws the ranges of each salt with a pin at the shard, and repeats them as text", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", SPLIT_CONFIG)] });
    const visitor = new Visitor(relay);
    const { text } = await visitor.post(PATH, { key: "user-1", flag: "texts" });
    const shown = textOf(text.slice(text.indexOf('<li id="opened">')));
    expect(shown).toMatch(/not matched: nobody not selected.*shard \d+ of 100, in no range/);
    expect(shown).toMatch(
      /matched: halves applies.*matched: participation: shard \d+ of 100, in the range for.*variation: shard/,
    );
    expect(shown).toContain("this allocation 0 to 99, 100% this subject");
    expect(shown).toMatch(/skipped: rest skipped/);
    const [, half = ""] = /shard (\d+) of 100, in the range for [ab]</.exec(text) ?? [];
    expect(text).toContain(`class="pin" aria-hidden="true" x="${half}%"`);
    expect(shown).toContain(
      Number(half) < 50
        ? "a 0 to 49, 50% this subject b 50 to 99, 50%"
        : "a 0 to 49, 50% b 50 to 99, 50% this subject",
    );
    expect(text).not.toMatch(/ style=/);
  });
});

describe("the comparison of two revisions", () => {
  it("lists differences first, and names flags that only one revision has", async () => {
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
      .poll(async () => textOf((await visitor.get("/page/eppo/changes")).text))
      .toContain("1 change seen");
    const compared = { key: "user-1", compare: first };
    const opened = await visitor.post(PATH, { ...compared, flag: "z-other" });
    expect(opened.text.match(/aria-label="Explanation, configuration from/g)).toHaveLength(2);
    const { text } = await visitor.post(PATH, compared);
    const shown = textOf(text.slice(text.indexOf("</form>")));
    expect(shown).toMatch(
      /2 flags differ.*added.*configuration from [^(]*no such flag.*configuration from [^)]*\(served now\).*"x".*z-other.*"x".*"y".*Split: x: 100% → 0%, y: 0% → 100%.*2 flags with the same value.*a-same/,
    );
  });

  it("marks a revision that is not stored", async () => {
    const { status, text } = await (await start()).post(PATH, { key: "u", compare: "0000" });
    expect(status).toBe(404);
    expect(text).toMatch(/<select name="compare" aria-invalid="true"/);
  });
});

it.each(["/page/eppo/nothing", "/page/nothing/flags", "/nothing"].filter((_, i) => isInPart(i)))(
  "the unknown address %s gets an error page in the usual layout",
  async (path) => {
    const { status, text } = await (await start()).get(path);
    expect(status).toBe(404);
    expect(textOf(text)).toMatch(/there is no (page at this address|such environment)/);
    expect(text).toContain('aria-label="Views"');
  },
);

it("an unknown API address gets JSON", async () => {
  const { status, text } = await (await start()).get("/api/v1/nothing");
  expect([status, JSON.parse(text)]).toEqual([
    404,
    { message: "there is no page at this address" },
  ]);
});
