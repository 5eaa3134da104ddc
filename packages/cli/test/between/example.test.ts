import { expect, it } from "vitest";
import { ndjson, run, tempFile } from "../run.js";

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
