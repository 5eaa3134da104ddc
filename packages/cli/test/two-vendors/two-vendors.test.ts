import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "@sortition/proof";
import { ifWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run, tempFile, tempFolder } from "../run.js";
import { compare, reportsOf } from "./compare.js";
import { completeSubjects, payloadOf, type Twin } from "./twins.js";

const RULES: Twin["rules"] = [{ country: ["DK", "SE"], gives: "a" }];
const FLAG: Twin = { key: "checkout", type: "string", rules: RULES, otherwise: "c" };
const OTHER: Twin = { ...FLAG, rules: [{ country: ["DK"], gives: "a" }] };
const SPLIT: Twin = { ...FLAG, rules: [{ country: ["DK"], gives: { a: 50, b: 50 } }] };
const PAIR = ["eppo", "growthbook"] as const;
const INPUT = ndjson(completeSubjects(seededRandom(1), 400));
const GIVEN = ["--subjects", "-"];

describe("sortition diff between two dialects", () => {
  it("names the rules that decided, with the smallest example and both explanations", async () => {
    const options = { input: INPUT, more: GIVEN };
    const { exitCode, stderr, stdout } = await compare(PAIR, [[FLAG], [OTHER]], options);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(
      /^checkout: \d+ of 400 subjects get different values\n {2}rule-1 → default\n/,
    );
    expect(stdout).toContain('    e.g. {"country": "SE"}\n');
    expect(stdout).toContain("      OLD country is SE, one of DK, SE\n");
    expect(stdout).toContain("      NEW rule-1: country is SE, not DK\n");
  });

  it("detects the dialects from the files, and reports them", async () => {
    const old = tempFile("old.json", payloadOf("eppo", [FLAG]));
    const now = tempFile("new.json", payloadOf("posthog", [FLAG]));
    const { stderr, stdout } = await run(["diff", old, now]);
    expect(stderr).toContain(`dialect: posthog (detected from NEW ${now})\n`);
    expect(stderr).toContain("subjects are made up from the rules of both configurations");
    expect(stdout).toContain("not measured: the flag reads country, but the subjects are made up");
  });

  it("reports splits separately, and does not count them for --max-moved", async () => {
    const options = { input: INPUT, more: [...GIVEN, "--max-moved", "0"] };
    const { exitCode, stdout } = await compare(PAIR, [[SPLIT], [SPLIT]], options);
    expect(exitCode).toBe(0);
    expect(stdout.replaceAll(/\s+/g, " ")).toMatch(
      /The shares agree, but \d+ of \d+ subjects would change variation\. Finish running experiments first\./,
    );
  });

  it("reports that no subject moves if both dialects hash alike", async () => {
    const options = { input: INPUT, more: GIVEN };
    const { stdout } = await compare(["eppo", "datadog"], [[SPLIT], [SPLIT]], options);
    expect(stdout).toMatch(/The hashes agree: none of \d+ subjects would change variation\./);
  });

  it("does not measure flags that read attributes without subjects", async () => {
    const more = ["--max-moved", "0"];
    const { exitCode, stderr } = await compare(PAIR, [[FLAG], [FLAG]], { more });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "checkout: not measured, so --max-moved was not checked: the flag reads country",
    );
    const plain = { ...FLAG, rules: [] };
    expect((await compare(PAIR, [[plain], [plain]], { more })).exitCode).toBe(0);
    const given = { input: ndjson([{ subjectKey: "a" }]), more: [...more, ...GIVEN] };
    const lacking = await compare(PAIR, [[FLAG], [FLAG]], given);
    expect(lacking.stderr).toContain(
      "the flag reads country (1 subject without it). If subjects really have no value, add --absent country",
    );
    const absent = { ...given, more: [...given.more, "--absent", "country"] };
    expect((await compare(PAIR, [[FLAG], [FLAG]], absent)).exitCode).toBe(0);
  });

  it("treats subjects that lack an attribute as different for the limit, even if others have it", async () => {
    const rows = Array.from({ length: 100 }, (_, i) => ({
      subjectKey: `user-${i}`,
      subjectAttributes: i < 5 ? { country: "DK" } : {},
    }));
    const given = { input: ndjson(rows), more: [...GIVEN, "--json"] };
    const { stdout } = await compare(PAIR, [[FLAG], [FLAG]], given);
    expect(reportsOf(stdout).get("checkout")).toMatchObject({ lacking: { country: 95 } });
    for (const [limit, exitCode] of [
      ["94%", 1],
      ["95%", 0],
    ] as const) {
      const limited = { ...given, more: [...given.more, "--max-moved", limit] };
      expect((await compare(PAIR, [[FLAG], [FLAG]], limited)).exitCode).toBe(exitCode);
    }
  });

  ifWhole(it)("counts made-up subjects once, although shares get more keys", async () => {
    const of = (a: number): Twin => ({ ...FLAG, rules: [], otherwise: { a, b: 100 - a } });
    const flags = [[of(75)], [of(25)]] as const;
    const { stdout } = await compare(PAIR, flags, { more: ["--json"] });
    const report = reportsOf(stdout).get("checkout");
    expect(report).toMatchObject({ total: 2_000, splits: [{ verdict: "shares-differ" }] });
    // 0.75 × 0.75 + 0.25 × 0.25 = 62.5% of the subjects differ.
    expect((report?.differ ?? 0) / 2_000).toBeCloseTo(0.625, 1);
    const limited = await compare(PAIR, flags, { more: ["--max-moved", "70%"] });
    expect(limited).toMatchObject({ exitCode: 0, stderr: expect.not.stringContaining("error") });
  });

  it("reports flags that cannot be evaluated because the file lacks a cohort", async () => {
    const old = tempFile("old.json", payloadOf("eppo", [FLAG]));
    const cohort = { key: "id", type: "cohort", value: 7, operator: "in" };
    const flag = {
      id: 1,
      key: "checkout",
      active: true,
      filters: { groups: [{ properties: [cohort] }] },
    };
    const definitions = { flags: [flag], cohorts: {}, group_type_mapping: {} };
    const now = jsonFile("new.json", definitions);
    const page = tempFile("undecided.html", "");
    const args = ["diff", old, now, ...GIVEN, "--max-moved", "10%", "--html", page];
    const { exitCode, stdout } = await run(args, INPUT);
    expect(exitCode).toBe(1);
    const subjects = INPUT.trim().split("\n").length;
    const count = subjects.toLocaleString("en-US");
    expect(readFileSync(page, "utf8")).toContain(`${count} evaluations could not be judged`);
    expect(stdout).toContain('no subject could be evaluated: the flag reads the cohort "7"');
  });

  it("fails if nothing can be compared", async () => {
    const old = tempFile("old.json", payloadOf("eppo", [FLAG]));
    const encrypted = tempFile("new.json", JSON.stringify({ encryptedFeatures: "a.b" }));
    const closed = await run(["diff", old, encrypted]);
    expect(closed).toMatchObject({ exitCode: 2, stdout: "" });
    expect(closed.stderr).toContain("no flag can be read: $.encryptedFeatures: is encrypted");
    const more = ["--max-moved", "0"];
    const apart = await compare(PAIR, [[FLAG], [{ ...FLAG, key: "another" }]], { more });
    expect(apart.exitCode).toBe(1);
    expect(apart.stderr).toContain("no flag is in both configurations, so --max-moved was not");
  });

  it("lists flags of one side with the nearest name, and fails for removed flags with --fail-on", async () => {
    const flags = [
      [FLAG, { ...FLAG, key: "new-banner" }],
      [FLAG, { ...FLAG, key: "newBanner" }],
    ] as const;
    const more = ["--fail-on", "flag-removed"];
    const { exitCode, stderr, stdout } = await compare(PAIR, flags, { more });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("error: new-banner: flag-removed\n");
    expect(stdout).toContain(
      "new-banner: only in OLD; the nearest name only in NEW is newBanner\n",
    );
    expect(stdout).toContain(
      "newBanner: only in NEW; the nearest name only in OLD is new-banner\n",
    );
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      'add --map FILE with {"flags":{"new-banner":"newBanner"}}',
    );
    const reversed = tempFile("map.json", '{"flags":{"newBanner":"new-banner"}}');
    expect((await compare(PAIR, flags, { more: ["--map", reversed] })).stderr).toContain(
      'OLD has no flag "newBanner": the map is reversed, because its keys are the flags of OLD. Write {"flags":{"new-banner":"newBanner"}}',
    );
  });

  it("reads rows in the format of either dialect", async () => {
    const rows = [{ distinctId: "u", personProperties: { country: "SE" } }];
    const pair = ["eppo", "posthog"] as const;
    const options = { input: ndjson(rows), more: [...GIVEN, "--json"] };
    const { stdout } = await compare(pair, [[FLAG], [OTHER]], options);
    expect(reportsOf(stdout).get("checkout")).toMatchObject({ total: 1, differ: 1 });
  });

  it("finds flags with hashed keys by their names on the other side", async () => {
    const key = createHash("md5").update("checkout").digest("hex");
    const plain = JSON.parse(payloadOf("eppo", [{ ...FLAG, rules: [] }])) as {
      flags: Record<string, object>;
    };
    const hidden = (text: string): string => Buffer.from(text).toString("base64");
    const flag = {
      ...plain.flags["checkout"],
      key,
      variations: { [hidden("c")]: { key: hidden("c"), value: hidden("c") } },
      allocations: [
        { key: hidden("all"), splits: [{ variationKey: hidden("c"), shards: [] }], doLog: false },
      ],
    };
    const hashed = { ...plain, format: "CLIENT", flags: { [key]: flag } };
    const old = jsonFile("old.json", hashed);
    const named = tempFile("new.json", payloadOf("growthbook", [{ ...FLAG, rules: [] }]));
    const found = await run(["diff", old, named, "--json"]);
    expect(reportsOf(found.stdout).get("checkout")).toMatchObject({ differ: 0 });
    const other = tempFile("other.json", payloadOf("growthbook", [{ ...FLAG, key: "another" }]));
    const { exitCode, stderr, stdout } = await run(["diff", old, other]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(
      `OLD has hashed flag keys, and the names of 1 of them are unknown, such as ${key}`,
    );
  });
});

describe("--map FILE", () => {
  const NEW_RULES: Twin["rules"] = [{ country: ["DK", "SE"], gives: "b" }];
  const renamed: Twin = { key: "newCheckout", type: "integer", rules: NEW_RULES, otherwise: "a" };
  const flags = {
    checkout: {
      new: "newCheckout",
      values: [
        ["a", 2],
        ["c", 1],
      ],
    },
    old: null,
  };

  it("renames flags, values and attributes, and omits flags", async () => {
    const payload = payloadOf("growthbook", [renamed]).replaceAll('"country"', '"Country"');
    const now = tempFile("new.json", payload);
    const old = tempFile("old.json", payloadOf("eppo", [FLAG, { ...FLAG, key: "old" }]));
    const map = jsonFile("map.json", { flags, attributes: { country: "Country" } });
    const { stdout } = await run(["diff", old, now, ...GIVEN, "--map", map], INPUT);
    expect(stdout).toBe("1 flag agrees\n");
  });

  it("uses another subject key in NEW, and reads other columns", async () => {
    const targeted = (dialect: "eppo" | "growthbook", id: string): string =>
      payloadOf(dialect, [FLAG]).replaceAll('"country"', '"id"').replaceAll("DK", id);
    const old = tempFile("old.json", targeted("eppo", "u-1"));
    const now = tempFile("new.json", targeted("growthbook", "account-1"));
    const columns = "subject=user,attributes.account=account";
    const map = jsonFile("map.json", { subject: "account", columns });
    const rows = ndjson([
      { user: "u-1", account: "account-1" },
      { user: "u-2", account: "a" },
    ]);
    const { stdout } = await run(["diff", old, now, ...GIVEN, "--map", map], rows);
    expect(stdout).toBe("1 flag agrees\n");
  });

  it("uses the default value of the code", async () => {
    const off: Twin = { key: "f", type: "boolean", rules: RULES, otherwise: "b" };
    const old = JSON.parse(payloadOf("eppo", [off])) as { flags: { f: { allocations: object[] } } };
    old.flags.f.allocations.pop(); // then nothing is assigned
    const files = [jsonFile("old.json", old), tempFile("new.json", payloadOf("posthog", [off]))];
    const without = await run(["diff", ...files, ...GIVEN], INPUT);
    expect(without.stdout).toContain("(default) → false");
    const map = jsonFile("map.json", { flags: { f: { new: "f", default: false } } });
    const { stdout } = await run(["diff", ...files, ...GIVEN, "--map", map], INPUT);
    expect(stdout).toBe("1 flag agrees\n");

    expect(without.stderr).toContain("add --manifest FILE");
    const flags = { f: { flagType: "boolean", defaultValue: false } };
    const manifest = jsonFile("manifest.json", { flags });
    const withManifest = ["diff", ...files, ...GIVEN, "--manifest", manifest];
    expect(await run(withManifest, INPUT)).toMatchObject({
      ...{ exitCode: 0, stdout: "1 flag agrees\n" },
      stderr: expect.not.stringContaining("--manifest"),
    });
    const other = jsonFile("manifest.json", { features: {} });
    expect(await run(withManifest, INPUT)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`--manifest ${other}: flags: expected an object`),
    });
  });

  it.each([
    {
      map: { flags: { chekout: "checkout" } },
      says: 'OLD has no flag "chekout", did you mean "checkout"?',
    },
    {
      map: { flags: { checkout: "chekout" } },
      says: 'NEW has no flag "chekout", did you mean "checkout"?',
    },
    {
      map: { flags: { checkout: { new: "checkout", values: [[1, "a"]] } } },
      says: "flags.checkout.values[0][0]: expected a value of type string",
    },
    {
      map: { flags: { checkout: 1 } },
      says: "flags.checkout: expected a key, an object or null, received 1",
    },
    { map: { flag: {} }, says: 'flag is unknown, did you mean "flags"?' },
    {
      map: { flags: { checkout: { new: "checkout", type: "text" } } },
      says: "flags.checkout.type: expected one of boolean",
    },
    { map: '{"flags":\n{"a" 1}}', says: "line 2" },
    { map: "flags:\n  checkout: checkout\n", says: "is YAML: write it as JSON" },
    { map: "missing", says: "no such file" },
  ])("reports an invalid map: $says", async ({ map, says }) => {
    const text = typeof map === "string" ? map : JSON.stringify(map);
    const path = map === "missing" ? join(tempFolder(), "none.json") : tempFile("map.json", text);
    const { exitCode, stderr, stdout } = await compare(PAIR, [[FLAG], [FLAG]], {
      more: ["--map", path],
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("sortition diff and the values of given subjects", () => {
  const rule = { minAge: 30, gives: "a" } as const;
  const old: Twin = {
    ...FLAG,
    rules: [{ notPlan: ["free"], gives: "a" }, { email: "^s.{5}@", gives: "b" }, rule],
  };
  const now: Twin = { ...FLAG, rules: [{ notPlan: ["free", "pro"], gives: "b" }] };
  const rows = Array.from({ length: 50 }, (_, i) => ({
    subjectKey: `secret-key-${i}`,
    subjectAttributes: {
      country: "secret-country",
      plan: i % 2 === 0 ? "secret-plan" : "free",
      email: "secret@example.com",
      age: 91_817,
      extra: { deep: "secret-plan" },
    },
  }));

  it.each([
    { more: [] },
    { more: ["--json"] },
    { more: ["--list"] },
    { more: ["--json", "--list"] },
  ])("hides them without --show-subjects: $more", async ({ more }) => {
    const page = join(tempFolder(), "page.html");
    const options = { input: ndjson(rows), more: [...GIVEN, "--html", page, ...more] };
    const { stderr, stdout } = await compare(PAIR, [[old], [now]], options);
    expect(stdout).toContain("rule-1");
    const written = [stdout, stderr, readFileSync(page, "utf8")].join("\n");
    expect(written).not.toMatch(/secret|91,?817/);
    expect(written).toMatch(/\(hidden\)|"hidden":\["email"\]/);
    const isListed = more.includes("--list") ? [] : ["--list"];
    const named = { ...options, more: [...options.more, ...isListed, "--show-subjects"] };
    const shown = await compare(PAIR, [[old], [now]], named);
    expect(shown.stdout).toContain("secret-key-");
  });
});
