import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run, tempFile } from "../run.js";
import { compare, reportsOf } from "./compare.js";
import type { Twin } from "./twins.js";

/** Compares version numbers. */
const GROWTHBOOK = JSON.stringify({
  features: {
    f: {
      defaultValue: "off",
      rules: [{ condition: { version: { $vgte: "2.9.0" } }, force: "on" }],
    },
  },
});

/** Compares the same versions as text, or as a pattern that no version number matches. */
const POSTHOG = JSON.stringify({
  flags: [
    {
      id: 1,
      key: "f",
      active: true,
      filters: {
        groups: ["2.9.0", "3.x"].map((value) => ({
          properties: [{ key: "version", value, operator: "gte", type: "person" }],
          rollout_percentage: 100,
          variant: "on",
        })),
        multivariate: { variants: [{ key: "on", rollout_percentage: 100 }] },
        payloads: {},
      },
    },
  ],
  cohorts: {},
  group_type_mapping: {},
});

function subjects(n: number, version: string): object[] {
  return Array.from({ length: n }, (_, i) => ({
    subjectKey: `${version}-${i}`,
    subjectAttributes: { version },
  }));
}

it.each([
  { few: "2.10.0-beta", many: "2.11.0", shown: /^\d+(?:\.\d+)+$/ },
  { few: "2.11.0", many: "2.10.0-beta", shown: /^2\.10\.0-beta$/ },
])(
  "shows an example like the $many of most subjects, not like the $few of a few",
  async ({ few, many, shown }) => {
    const [old, now] = [tempFile("old.json", GROWTHBOOK), tempFile("new.json", POSTHOG)];
    const rows = [...subjects(10, few), ...subjects(300, many)];
    const path = tempFile("subjects.ndjson", ndjson(rows));
    const args = ["diff", old, now, "--subjects", path, "--show-subjects", "--json"];
    const { stdout } = await run(args);
    const { differences } = JSON.parse(stdout);
    expect(differences).toHaveLength(1);
    expect(differences[0].moved).toBe(310);
    expect(differences[0].example.attributes.version).toMatch(shown);
  },
);

describe("the example of a difference between two dialects", () => {
  const NEWER = JSON.parse(GROWTHBOOK.replace("$vgte", "$vgt")) as object;

  it.each([
    {
      because: "the rules name the value of most subjects",
      versions: [[1_259, "2.9.0"]],
      text: '{"version": "2.9.0"}',
      shown: "2.9.0",
    },
    {
      because: "no rule names the value of any subject",
      versions: [[300, "2.47.1"]],
      text: '{"version": (hidden)}',
      shown: "2.47.1",
    },
    {
      because: "a few subjects have a value of another shape",
      versions: [
        [300, "2.47.1"],
        [5, "3.x"],
      ],
      text: '{"version": (hidden)}',
      shown: "2.47.1",
    },
  ] as const)("is one of the subjects, because $because", async ({ shown, text, versions }) => {
    const old = jsonFile("old.json", NEWER);
    const now = tempFile("new.json", POSTHOG);
    const rows = versions.flatMap(([n, version]) => subjects(n, version));
    const path = tempFile("subjects.ndjson", ndjson(rows));
    const args = ["diff", old, now, "--subjects", path];
    expect((await run(args)).stdout).toContain(`e.g. ${text}\n`);
    const { stdout } = await run([...args, "--show-subjects", "--json"]);
    expect(JSON.parse(stdout).differences[0].example).toMatchObject({
      attributes: { version: shown },
      hidden: [],
    });
  });
});

it.each([
  { ages: [[300, 35]], text: '{"age": (hidden)}', shown: 35 },
  {
    ages: [
      [300, 35],
      [1, 31],
    ],
    text: '{"age": 31}',
    shown: 31,
  },
] as const)(
  "prefers a subject whose values the rules name or border on: $text",
  async ({ ages, shown, text }) => {
    const old: Twin = {
      ...{ key: "f", type: "string", otherwise: "c" },
      rules: [{ minAge: 30, gives: "a" }],
    };
    const now: Twin = { ...old, rules: [{ minAge: 40, gives: "a" }] };
    const rows = ages.flatMap(([n, age]) =>
      Array.from({ length: n }, (_, i) => ({
        subjectKey: `${age}-${i}`,
        subjectAttributes: { age },
      })),
    );
    const options = { input: ndjson(rows), more: ["--subjects", "-"] };
    const pair = ["eppo", "growthbook"] as const;
    const { stdout } = await compare(pair, [[old], [now]], options);
    expect(stdout).toContain(`e.g. ${text}\n`);
    const more = [...options.more, "--show-subjects", "--json"];
    const named = await compare(pair, [[old], [now]], { ...options, more });
    const example = reportsOf(named.stdout).get("f")?.differences[0]?.example;
    expect(example?.attributes).toEqual({ age: shown });
  },
);
