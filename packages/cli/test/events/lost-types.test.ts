import { beforeAll, describe, expect, it } from "vitest";
import { ndjson, run, tempFile } from "../run.js";

/** Gives `on` to subjects whose attribute `premium` is in this list, and `off` to the others. */
function growthbook(...premium: readonly unknown[]): string {
  const rules = [
    {
      key: "premium-test",
      condition: { premium: { $in: premium } },
      variations: ["on", "off"],
      weights: [1, 0],
      coverage: 1,
      hashAttribute: "id",
      meta: [{ key: "on" }, { key: "off" }],
    },
  ];
  return JSON.stringify({ features: { f: { defaultValue: "off", rules } } });
}

/** A flag of PostHog with the same rule, which compares texts. */
const POSTHOG = JSON.stringify({
  flags: [
    {
      id: 1,
      key: "f",
      active: true,
      filters: {
        groups: [
          {
            properties: [{ key: "premium", value: ["true"], operator: "exact", type: "person" }],
            rollout_percentage: 100,
            variant: "on",
          },
        ],
        multivariate: { variants: [{ key: "on", rollout_percentage: 100 }] },
      },
    },
  ],
  cohorts: {},
  group_type_mapping: {},
});

/** 100 subjects, of whom 50 have a type that CSV does not show. */
const ROWS = Array.from({ length: 100 }, (_, i) => ({
  id: `user-${i}`,
  premium: i % 2 === 0 ? true : "gold",
  tags: ["a", "b"],
  note: "[draft]",
  variant: "on",
  flag: "f",
  time: "2026-02-01T12:00:00.000Z",
}));

function csv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const cell = (value: unknown): string => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map((row) => Object.values(row).map(cell).join(","));
  return `${[Object.keys(rows[0] ?? {}).join(","), ...lines].join("\n")}\n`;
}

const SUBJECTS = "subject=id,attributes.id=id,attributes.premium=premium";
const EVENTS = `${SUBJECTS},flag=flag,variation=variant,time=time`;
const PROBLEM =
  "the result depends on whether premium is a string or a boolean, which CSV does not show. " +
  "Add the type to --map, e.g. attributes.premium:boolean=COLUMN";

let files: Readonly<Record<"csv" | "ndjson" | "text" | "number" | "posthog", string>>;
beforeAll(() => {
  files = {
    csv: tempFile("subjects.csv", csv(ROWS)),
    ndjson: tempFile("subjects.ndjson", ndjson(ROWS)),
    text: tempFile("text.json", growthbook("true", "gold")),
    number: tempFile("other.json", growthbook("gold")),
    posthog: tempFile("posthog.json", POSTHOG),
  };
});

async function lineOf(args: readonly string[]) {
  const { exitCode, stderr, stdout } = await run([...args, "--json"]);
  return { exitCode, stderr, json: JSON.parse(stdout.split("\n")[0] ?? "null") };
}

describe("cells whose lost type changes the result", () => {
  it("are undecided in diff, and count in --max-moved", async () => {
    const args = ["diff", files.text, files.number, "--map", SUBJECTS, "--max-moved", "10%"];
    const table = await lineOf([...args, "--subjects", files.csv]);
    expect(table.json.movement).toMatchObject({ total: 100, moved: 0, undecided: 50 });
    expect(table.json.notMeasured).toBe(`some subjects could not be evaluated: ${PROBLEM}`);
    expect(table.exitCode).toBe(1);
    expect(table.stderr).toContain("f: not measured, so --max-moved was not checked");
    const typed = ["--map", SUBJECTS.replace(".premium=", ".premium:string=")];
    const known = [...args.slice(0, 3), ...typed, "--subjects", files.csv];
    expect((await lineOf(known)).json.movement).toMatchObject({ moved: 50, undecided: 0 });
  });

  it("are undecided in diff between dialects instead of being counted as equal", async () => {
    const args = ["diff", files.text, files.posthog, "--map", SUBJECTS, "--subjects"];
    const table = await lineOf([...args, files.csv]);
    expect(table.json.undecided).toEqual([{ reason: PROBLEM, count: 50 }]);
    expect(table.json.notMeasured).toContain(PROBLEM);
    const twin = await lineOf([...args, files.ndjson]);
    expect(twin.json.undecided).toEqual([]);
  });

  it("are unresolved in replay, named, and count in --max-unjudged", async () => {
    const args = ["--config", files.text, "--map", EVENTS, "--max-unjudged", "10%"];
    const table = await lineOf(["replay", files.csv, ...args]);
    expect(table.json.counts).toMatchObject({ right: 50, unresolved: 50 });
    expect(table.exitCode).toBe(1);
    expect(table.stderr).toContain(`50 exposures of f cannot be judged: ${PROBLEM}`);
    const twin = await lineOf(["replay", files.ndjson, ...args]);
    expect(twin.json.counts).toMatchObject({ right: 50, "not-in-experiment": 50 });
  });

  it("are decided if both types give the same result", async () => {
    const both = tempFile("both.json", growthbook("true", true, "gold"));
    const args = ["replay", files.csv, "--config", both, "--map", EVENTS];
    expect((await lineOf(args)).json.counts).toMatchObject({ right: 100 });
  });
});

describe("JSON text in an attribute", () => {
  it("is read alike from CSV, from NDJSON with lists, and from NDJSON with text", async () => {
    const rule = { condition: { tags: { $elemMatch: { $eq: "a" } } }, force: "on" };
    const draft = { condition: { note: "[draft]" }, force: "draft" };
    const config = (rules: readonly object[]): string =>
      JSON.stringify({ features: { f: { defaultValue: "off", rules } } });
    const old = tempFile("no-rule.json", config([]));
    for (const [now, after] of [
      [config([rule]), "on"],
      [config([draft]), "draft"],
    ] as const) {
      const map = `${SUBJECTS},attributes.tags=tags,attributes.note=note`;
      const args = ["diff", old, tempFile("rule.json", now), "--map", map, "--subjects"];
      const text = ndjson(ROWS.map((row) => ({ ...row, tags: JSON.stringify(row.tags) })));
      for (const path of [files.csv, files.ndjson, tempFile("text.ndjson", text)]) {
        const { json } = await lineOf([...args, path]);
        const cell = { before: `"off"`, after: JSON.stringify(after), count: 100, moved: 100 };
        expect(json.movement.cells).toMatchObject([cell]);
      }
    }
  });
});
