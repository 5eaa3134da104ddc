import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import type { GeneratedFlag } from "../generated/flags.js";
import { DECRYPTION_KEY, encrypted } from "../growthbook/encryption.js";
import { jsonFile, ndjson, run, tempFile } from "../run.js";

const [eppo, growthbook] = GENERATED_DIALECTS;

const FLAG: GeneratedFlag = {
  key: "checkout",
  salt: "s",
  countries: null,
  traffic: 100,
  share: 50,
  values: { a: "red", b: "blue" },
  isOpen: true,
};

function fileOf(name: string, flags: readonly GeneratedFlag[], dialect = eppo): string {
  return jsonFile(name, dialect?.configOf(flags));
}

async function diff(now: readonly GeneratedFlag[], more: readonly string[] = [], input = "") {
  const args = ["diff", fileOf("old.json", [FLAG]), fileOf("new.json", now), "--dialect", "eppo"];
  return await run([...args, ...more], input);
}

const SUBJECTS = Array.from({ length: 200 }, (_, i) => ({
  subjectKey: `user-${i}`,
  subjectAttributes: {},
}));

describe("sortition diff", () => {
  it("shows the exact share of subjects that move, without subjects", async () => {
    const { exitCode, stderr, stdout } = await diff([{ ...FLAG, share: 42 }]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain("checkout: changed, 8% move, exactly\n");
    expect(stdout).toContain("  split, traffic: a: 50%, b: 50% → a: 42%, b: 58%\n");
    expect(stdout).toContain("  moved by cause: traffic 8%\n");
    expect(stdout).toMatch(/ {2}a → b +8% +8%\n/);
  });

  it("shows which given subjects move, re-randomised experiments first", async () => {
    const other = { ...FLAG, key: "banner", share: 10 };
    const old = fileOf("old.json", [other, FLAG]);
    const now = fileOf("new.json", [
      { ...other, share: 90 },
      { ...FLAG, salt: "t" },
    ]);
    const args = ["diff", old, now, "--dialect", "eppo", "--subjects", "-", "--list"];
    const { stdout } = await run(args, ndjson(SUBJECTS));
    const [first = ""] = stdout.split("\n");
    expect(first).toMatch(/^checkout: re-randomised, \S+% move \(\d+ of 200\)$/);
    expect(stdout).toMatch(/ {2}line \d+: a → b, caused by salt\n/);
    expect(stdout).not.toContain("user-");
    const shown = await run([...args, "--show-subjects"], ndjson(SUBJECTS));
    expect(shown.stdout).toMatch(/ {2}line \d+ "user-\d+": b → a, caused by traffic\n/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  describe("with two values that GrowthBook forces", () => {
    const rule = { coverage: 0.5, seed: "s", hashAttribute: "id", hashVersion: 2 };
    const fileOfRules = (name: string, rules: readonly object[]): string =>
      jsonFile(name, { features: { banner: { defaultValue: 0, rules } } });
    const diffRules = async (old: readonly object[], now: readonly object[]): Promise<string> => {
      const args = ["diff", fileOfRules("old.json", old), fileOfRules("new.json", now)];
      return (await run([...args, "--subjects", "-"], ndjson(SUBJECTS))).stdout;
    };

    it("does not confuse them", async () => {
      const stdout = await diffRules(
        [{ ...rule, force: 1 }, { force: 2 }],
        [{ ...rule, force: 1, coverage: 0.4 }, { force: 2 }],
      );
      expect(stdout).toMatch(/^banner: changed, \d+(?:\.\d+)?% move \(\d+ of 200\)/);
      expect(stdout).toMatch(/ {2}1 → 2 +(\d+) +\1\n/);
    });

    it("shows which of them changed", async () => {
      const stdout = await diffRules(
        [{ ...rule, force: 1 }, { force: 2 }],
        [{ ...rule, force: 3 }, { force: 2 }],
      );
      expect(stdout).toContain("  value: force: 1, 2 → 3, 2\n");
      expect(stdout).toMatch(/ {2}moved by cause: value (\d+)\n.*\n {2}1 → 3 +\1 +\1\n/);
    });
  });

  it("pairs flags with plain keys and flags with hashed keys", async () => {
    const hidden = (text: string): string => Buffer.from(text).toString("base64");
    const key = createHash("md5").update("banner").digest("hex");
    const salt = (name: string) => `s-${name}`;
    const obfuscated = {
      createdAt: "2026-01-05T00:00:00.000Z",
      format: "CLIENT",
      environment: { name: "Test" },
      flags: {
        [key]: {
          ...{ key, enabled: true, variationType: "STRING", totalShards: 10_000 },
          variations: Object.fromEntries(
            Object.entries(FLAG.values).map(([name, value]) => [
              hidden(name),
              { key: hidden(name), value: hidden(value) },
            ]),
          ),
          allocations: [
            {
              ...{ key: hidden("split"), rules: [], doLog: true },
              splits: ["a", "b"].map((name, i) => ({
                variationKey: hidden(name),
                shards: [
                  { salt: hidden(salt("traffic")), ranges: [{ start: 0, end: 10_000 }] },
                  {
                    salt: hidden(salt("split")),
                    ranges: [{ start: 5_000 * i, end: 5_000 * (i + 1) }],
                  },
                ],
              })),
            },
          ],
        },
      },
    };
    const plain = fileOf("plain.json", [{ ...FLAG, key: "banner", share: 40 }]);
    const hashed = jsonFile("hashed.json", obfuscated);
    const there = await run(["diff", plain, hashed, "--dialect", "eppo"]);
    expect(there.stdout).toMatch(/^banner: changed, 10% move, exactly\n/);
    const back = await run(["diff", hashed, plain, "--dialect", "eppo", "--flags", "banner"]);
    expect(back.stdout).toMatch(/^banner: changed, 10% move, exactly\n/);
  });

  it("rejects attributes in separate columns", async () => {
    const csv = "subjectKey,nation\nuser-1,DK\n";
    const { exitCode, stderr } = await diff([{ ...FLAG, share: 42 }], ["--subjects", "-"], csv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "line 2: nation: unknown member. Attributes belong in subjectAttributes",
    );
  });

  it("reads an empty CSV cell as no attributes", async () => {
    const csv = '\ufeffsubjectKey,subjectAttributes\r\nuser-1,\r\n"user-2","{}"\r\n';
    const { exitCode, stderr, stdout } = await diff(
      [{ ...FLAG, share: 42 }],
      ["--subjects", "-", "--json"],
      csv,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ movement: { total: 2 } });
  });

  it("uses made-up keys if a rule reads attributes, and reports it", async () => {
    const { stdout } = await diff([{ ...FLAG, countries: ["DK"] }]);
    expect(stdout).toContain("  100% of 100,000 made-up keys without attributes move\n");
  });

  it("shows added and removed flags, and counts unchanged flags", async () => {
    const old = fileOf("old.json", [FLAG, { ...FLAG, key: "gone" }]);
    const now = fileOf("new.json", [FLAG, { ...FLAG, key: "fresh" }]);
    const { stdout } = await run(["diff", old, now, "--dialect", "eppo"]);
    expect(stdout).toMatch(/^gone: removed, 100% move, exactly$/m);
    expect(stdout).toMatch(/^fresh: added, 100% move, exactly$/m);
    expect(stdout).toMatch(/^1 flag did not change$/m);
  });

  it.each([
    { args: ["--max-moved", "7%"], exitCode: 1, says: "error: checkout: 8% move\n" },
    { args: ["--max-moved", "8%"], exitCode: 0, says: "" },
    { args: ["--fail-on", "salt-changed"], exitCode: 0, says: "" },
    {
      args: ["--fail-on", "salt-changed,traffic-changed"],
      exitCode: 1,
      says: "error: checkout: traffic-changed\n",
    },
  ])("exits with $exitCode for $args", async ({ args, exitCode, says }) => {
    const ended = await diff([{ ...FLAG, share: 42 }], args);
    expect({ exitCode: ended.exitCode, stderr: ended.stderr }).toEqual({ exitCode, stderr: says });
  });

  it.each([
    { change: "type-changed", edit: (text: string) => text.replace("STRING", "JSON") },
    {
      change: "value-removed",
      edit: (text: string) => text.replace('"b":{"key":"b"', '"c":{"key":"c"'),
    },
    { change: "flag-removed", edit: (text: string) => text.replace('"checkout":', '"other":') },
  ])("detects $change", async ({ change, edit }) => {
    const text = JSON.stringify(eppo?.configOf([FLAG]));
    const now = tempFile("edited.json", edit(text));
    const old = fileOf("old.json", [FLAG]);
    const { stderr } = await run(["diff", old, now, "--dialect", "eppo", "--fail-on", change]);
    expect(stderr).toContain(`error: checkout: ${change}`);
  });

  it("treats hashing another attribute as a re-randomisation", async () => {
    const text = JSON.stringify(growthbook?.configOf([FLAG]));
    const old = tempFile("old.json", text);
    const now = tempFile(
      "new.json",
      text.replace('"hashAttribute":"id"', '"hashAttribute":"device"'),
    );
    const { stdout } = await run(["diff", old, now, "--dialect", "growthbook"]);
    expect(stdout).toContain("checkout: re-randomised");
    expect(stdout).toContain("  split, salt: hashed by id → hashed by device");
  });

  it("reports lines that cannot be read, and continues", async () => {
    const input = `${ndjson([{ distinctId: "x" }])}{\n${ndjson(SUBJECTS)}`;
    const { exitCode, stderr, stdout } = await diff(
      [{ ...FLAG, share: 42 }],
      ["--subjects", "-"],
      input,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "line 1: distinctId: a subject for posthog, but the configurations are for eppo",
    );
    expect(stderr).toContain("line 2: not JSON");
    expect(stdout).toContain("of 200)");
  });

  it("exits with 2 without subjects, and if NEW does not have the dialect of --dialect-new", async () => {
    const empty = await diff([FLAG], ["--subjects", "-"]);
    expect(empty).toMatchObject({ exitCode: 2, stdout: "" });
    expect(empty.stderr).toContain("nothing to judge");
    const theirs = fileOf("theirs.json", [FLAG], growthbook);
    const mixed = await run(["diff", fileOf("old.json", [FLAG]), theirs, "--dialect-new", "eppo"]);
    expect(mixed).toMatchObject({ exitCode: 2, stdout: "" });
    expect(mixed.stderr).toContain("is a configuration for growthbook, not for eppo");
  });

  it("accepts a key for both configurations, or another key for NEW", async () => {
    const plain = growthbook?.configOf([FLAG]) as { features: object };
    const content = { encryptedFeatures: await encrypted(plain.features) };
    const old = jsonFile("old.json", content);
    const now = jsonFile("new.json", content);
    const same = await run(["diff", old, now, "--decryption-key", DECRYPTION_KEY]);
    expect(same).toMatchObject({ exitCode: 0, stdout: "1 flag did not change\n" });
    const open = jsonFile("open.json", plain);
    const own = await run(["diff", open, now, "--decryption-key-new", DECRYPTION_KEY]);
    expect(own).toMatchObject({ exitCode: 0, stdout: same.stdout });
  });

  it.each([
    { args: ["one"], says: "expected two configurations, OLD and NEW, but got 1" },
    { args: ["x", "x", "--fail-on", "salt"], says: '--fail-on: "salt" is unknown' },
    { args: ["x", "x", "--flags", "chekout"], says: 'did you mean "checkout"?' },
  ])("rejects $args: $says", async ({ args, says }) => {
    const real = args.map((it) => (it === "x" ? fileOf("old.json", [FLAG]) : it));
    const { exitCode, stderr } = await run(["diff", ...real]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});
