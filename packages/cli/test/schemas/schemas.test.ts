import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ASPECTS } from "@sortition/core/dialect-internal";
import { seededRandom } from "@sortition/proof";
import { isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { KINDS } from "../../src/replay/judgement.js";
import { SHARED_FORMATS } from "../groups/shared-flags.js";
import { jsonFile, ndjson, run, tempFile, tempFolder } from "../run.js";
import { experimentConfig, simulated } from "../srm/simulated.js";
import { payloadOf } from "../two-vendors/twins.js";
import { membersOf, problemsOf, type Schema } from "./schema.js";

/** Returns a published schema. */
function schemaOf(name: string): Schema {
  const file = new URL(`../../../../docs/reference/schemas/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** A folder with two revisions, the second of which changes the shares. */
function historyFolder(): string {
  const folder = join(tempFolder(), "revisions");
  mkdirSync(folder, { recursive: true });
  const revisions = [experimentConfig(0.5), experimentConfig(0.6, "2026-02-06T00:00:00.000Z")];
  revisions.forEach((config, i) => {
    writeFileSync(join(folder, `${i}.json`), JSON.stringify(config));
  });
  return folder;
}

const configOf = (name: string, share: number): string => jsonFile(name, experimentConfig(share));

/** Exposures of two variations, in which two thirds of `b` are missing. */
function exposures(): string {
  const events = simulated({ random: seededRandom(4), share: 0.5, subjects: 600 });
  return ndjson(events.filter(({ variation }, i) => variation === "a" || i % 3 !== 0));
}

/** Counts of two overlapping parts, of which either explains the mismatch. */
function overlappingCounts(): string {
  const groups = [
    ["ios", "safari", 15_675, 12_825],
    ["ios", "chrome", 825, 675],
    ["mac", "safari", 500, 500],
    ["mac", "chrome", 12_000, 12_000],
    ["android", "chrome", 22_500, 22_500],
  ] as const;
  const rows = groups.flatMap(([os, browser, a, b]) => {
    const row = {
      flag: "checkout",
      allocation: "split",
      experiment: "checkout-split",
      os,
      browser,
    };
    return [
      { ...row, variation: "a", n: a },
      { ...row, variation: "b", n: b },
    ];
  });
  return ndjson(rows);
}

const COUNTED = "flag=flag,allocation=allocation,experiment=experiment,variation=variation,count=n";

/** Compares flags that OLD keeps apart and that have a holdout, with the same flags without them. */
function sharedArgs(old: string, now: string): readonly string[] {
  const [oldFlags, newFlags] = [
    {
      layer: [
        [0, 50],
        [50, 100],
      ],
      heldOut: 10,
    } as const,
    { layer: null, heldOut: null },
  ];
  const files = [
    tempFile(`apart-${old}.json`, SHARED_FORMATS[old]?.[0]?.payloadOf(oldFlags) ?? ""),
    tempFile(`together-${now}.json`, SHARED_FORMATS[now]?.[0]?.payloadOf(newFlags) ?? ""),
  ];
  return ["diff", ...files, "--dialect", old, "--dialect-new", now];
}

interface SchemaRun {
  readonly args: readonly string[];
  readonly input: string;
  /** Whether the run writes to stderr. */
  readonly warns?: boolean;
}

const RUNS: readonly { readonly name: string; readonly runs: () => readonly SchemaRun[] }[] = [
  {
    name: "diff",
    runs: () => {
      const files = [configOf("old.json", 0.5), configOf("new.json", 0.4)];
      const subjects = Array.from({ length: 100 }, (_, i) => ({ subjectKey: `user-${i}` }));
      const args = ["diff", ...files, "--dialect", "eppo"];
      const shown = [...args, "--subjects", "-", "--list", "--show-subjects"];
      const same = ["diff", files[0] ?? "", files[0] ?? "", "--dialect", "eppo"];
      const input = ndjson(subjects);
      const parts = join(tempFolder(), "parts");
      mkdirSync(parts, { recursive: true });
      for (const name of ["a.ndjson", "b.ndjson"]) writeFileSync(join(parts, name), input);
      const ofParts = [...args, "--subjects", parts, "--list"];
      const ofGroups = [...sharedArgs("eppo", "eppo"), "--subjects", "-"];
      return [args, shown, same, ofParts, ofGroups].map((it) => ({
        ...{ args: it, input },
        warns: it === ofParts,
      }));
    },
  },
  {
    name: "diff-two-dialects",
    runs: () => {
      const rule = { minAge: 30, gives: { a: 50, b: 50 } };
      const twin = { key: "f", type: "string" as const, rules: [rule], otherwise: "c" as const };
      const other = {
        ...twin,
        otherwise: "b" as const,
        rules: [{ ...rule, gives: { a: 90, b: 10 } }],
      };
      const kept = { ...twin, key: "kept" };
      const device = { ...other, key: "device" };
      const oldFlags = [twin, kept, device, { ...twin, key: "banner" }];
      const old = tempFile("twin.json", payloadOf("eppo", oldFlags));
      const payload = payloadOf("posthog", [other, kept, device, { ...other, key: "banners" }]);
      const continued = '"key":"kept","ensure_experience_continuity":true';
      const byDevice = '"key":"device","bucketing_identifier":"device_id"';
      const changed = payload
        .replace('"key":"kept"', continued)
        .replace('"key":"device"', byDevice);
      const now = tempFile("other.json", changed);
      const args = ["diff", old, now, "--dialect", "eppo", "--dialect-new", "posthog", "--quiet"];
      const subjects = Array.from({ length: 300 }, (_, i) => ({
        subjectKey: `user-${i}`,
        subjectAttributes: i < 5 ? {} : { age: 20 + (i % 20), $device_id: `device-${i % 50}` },
      }));
      const input = ndjson(subjects);
      const parts = join(tempFolder(), "between");
      mkdirSync(parts, { recursive: true });
      for (const name of ["a.ndjson", "b.ndjson"]) writeFileSync(join(parts, name), input);
      const shown = ["--list", "--show-subjects"];
      return [
        { args: [...args, "--subjects", "-"], input },
        { args: [...args, "--subjects", parts, ...shown], input: "", warns: true },
        { args: [...sharedArgs("eppo", "growthbook"), "--quiet"], input: "", warns: true },
        { args: [...sharedArgs("statsig", "growthbook"), "--quiet"], input: "", warns: true },
      ];
    },
  },
  {
    name: "replay",
    runs: () => {
      const input = exposures();
      const options = ["--config", configOf("old.json", 0.5), "--dialect", "eppo"];
      const shown = ["--list", "--show-subjects", "--until", "2026-02-02T00:00:00Z"];
      const files = [tempFile("first.ndjson", input), tempFile("second.ndjson", input)];
      const continued = { id: 1, key: "f", active: true, ensure_experience_continuity: true };
      const undecided = { flags: [continued], cohorts: {}, group_type_mapping: {} };
      const unresolved = ["--config", jsonFile("posthog.json", undecided)];
      const event = {
        featureFlag: "f",
        variation: "true",
        subject: "a",
        timestamp: 1_770_000_000_000,
      };
      return [
        { args: ["replay", "-", ...options], input, warns: true },
        {
          args: ["replay", "-", ...unresolved, "--dialect", "posthog"],
          input: ndjson([event]),
          warns: true,
        },
        { args: ["replay", "-", ...options, ...shown], input, warns: true },
        { args: ["replay", ...files, ...options, "--list"], input: "", warns: true },
      ];
    },
  },
  {
    name: "srm",
    runs: () => {
      const args = ["srm", "-", "--dialect", "eppo", "--by", "plan", "--config"];
      const events = exposures();
      const byPlan = simulated({ random: seededRandom(5), share: 0.5, subjects: 2_000 }).filter(
        ({ subjectAttributes, variation }, i) => {
          return subjectAttributes["plan"] !== "pro" || variation === "a" || i % 3 === 0;
        },
      );
      const byId = ndjson(byPlan.map((it) => ({ ...it, subjectAttributes: { id: it.subject } })));
      const unknown = ndjson(byPlan.slice(0, 1).map((it) => ({ ...it, variation: "c" })));
      const config = configOf("old.json", 0.5);
      const attributes = "attributes.os=os,attributes.browser=browser";
      // Comparing weekdays takes long, and none occurs twice in six days.
      const sixDays = events.match(/.*"timestamp":"2026-02-0[3-8].*\n/g)?.join("") ?? "";
      const counted = ["--map", `${COUNTED},${attributes}`, "--by", "os,browser"];
      return [
        { args: [...args, config], input: events },
        { args: [...args, config], input: ndjson(byPlan.slice(1)) + unknown },
        { args: [...args, config, "--allow-empty"], input: `${events.split("\n")[0]}\n` },
        { args: [...args, configOf("empty.json", 1), "--allow-empty"], input: events },
        { args: [...args.slice(0, -1), "--history", historyFolder()], input: sixDays, warns: true },
        { args: ["srm", "-", "--dialect", "eppo", "--by", "id", "--config", config], input: byId },
        {
          args: ["srm", "-", ...counted, "--config", config],
          input: overlappingCounts(),
          warns: true,
        },
      ];
    },
  },
];

// Two vendors take two thirds of the time of all.
describe.each(RUNS.filter(({ name }) => isWhole || name !== "diff-two-dialects"))(
  "the schema $name",
  ({ name, runs }) => {
    it("lists exactly the members that the command prints", async () => {
      const schema = schemaOf(name);
      const seen = new Set<string>();
      for (const { args, input, warns } of runs()) {
        const { stderr, stdout } = await run([...args, "--json"], input);
        if (warns !== true) expect(stderr).toBe("");
        const lines = stdout.split("\n").slice(0, -1);
        expect(lines.length).toBeGreaterThan(0);
        for (const line of lines) expect(problemsOf(JSON.parse(line), schema, seen)).toEqual([]);
      }
      expect([...seen].sort()).toEqual([...membersOf(schema)].sort());
    });
  },
);

describe("the schemas", () => {
  it("list all aspects and all kinds", () => {
    const changes = schemaOf("diff").anyOf?.[0]?.properties?.["changes"]?.items;
    expect(changes?.properties?.["aspect"]?.enum).toEqual(ASPECTS);
    expect(schemaOf("replay").$defs?.["kind"]?.enum).toEqual(KINDS);
  });

  it("reject missing members, unknown members and wrong types", () => {
    const problems = problemsOf({ flag: 1, day: "x", more: 1 }, schemaOf("replay"), new Set());
    expect(problems).toContain("$.flag: 1 is not string");
    expect(problems).toContain("$.more is not documented");
    expect(problems).toContain("$.counts is missing");
  });
});
