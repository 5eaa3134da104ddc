import { amplitude } from "@sortition/amplitude/dialect";
import type { Attributes } from "@sortition/core";
import type { Dialect } from "@sortition/core/dialect";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { isWhole } from "@sortition/test-kit";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { describe, expect, it } from "vitest";
import { jsonFile, parseLines, type Run, run, tempFile } from "../run.js";
import { logged } from "./logged.js";

const SUBJECTS = 200;

/** An experiment, the attributes of its subjects, and how the columns of a table contain them. */
interface NestedCase {
  readonly what: string;
  readonly dialect: Dialect;
  /** @param share - the percentage of the first variation. */
  payload(share: number): object;
  attributes(n: number): Attributes;
  cells(n: number): Readonly<Record<string, string>>;
  /** Number of units that the experiment splits. */
  readonly units: number;
}

const planOf = (n: number): string => (n % 2 === 0 ? "free" : "pro");
const rest = (share: number): readonly number[] => [share, 100 - share];

function ofGrowthbook(share: number, members: object): object {
  const weights = rest(share).map((it) => it / 100);
  const rule = { key: "test", variations: ["a", "b"], hashVersion: 2, weights, ...members };
  return { features: { test: { defaultValue: "none", rules: [rule] } } };
}

function ofAmplitude(
  share: number,
  selector: readonly string[],
  conditions: readonly object[] = [],
): object {
  const cut = Math.round(share * 429_496);
  const distributions = [
    { variant: "a", range: [0, cut] },
    { variant: "b", range: [cut, 42_949_673] },
  ];
  const by = conditions.length === 0 ? {} : { conditions: [conditions] };
  const bucket = { selector, salt: "s", allocations: [{ range: [0, 100], distributions }] };
  const variants = { a: { key: "a", value: "a" }, b: { key: "b", value: "b" } };
  return [{ key: "test", variants, segments: [{ bucket, ...by }] }];
}

function ofPosthog(share: number, properties: readonly object[], isOfGroups: boolean): object {
  const by = isOfGroups ? { aggregation_group_type_index: 0 } : {};
  const variants = rest(share).map((rollout_percentage, i) => {
    return { key: ["a", "b"][i], rollout_percentage };
  });
  const groups = [{ properties, rollout_percentage: 100 }];
  const filters = { groups, multivariate: { variants }, ...by };
  const flags = [{ id: 1, key: "test", active: true, filters }];
  return { flags, group_type_mapping: { 0: "company" }, cohorts: {} };
}

function ofLaunchdarkly(share: number, by: object, clauses: readonly object[] = []): object {
  const variations = rest(share).map((it, variation) => ({ variation, weight: 1_000 * it }));
  const flag = { key: "test", version: 1, on: true, salt: "t", variations: ["a", "b", "c"] };
  const tracked = { trackEvents: true };
  const rules = clauses.length === 0 ? [] : [{ id: "rule", variation: 2, clauses }];
  const rollout = { kind: "rollout", contextKind: "user", ...by, variations };
  return {
    flags: { test: { ...flag, ...tracked, rules, fallthrough: { rollout } } },
    segments: {},
  };
}

function ofEppo(share: number): object {
  const shares = { a: share, b: 100 - share };
  const flag = splitFlag({ key: "test", name: "split", shares, when: { "user.plan": ["pro"] } });
  return flagsPayload("eppo", [flag]);
}

const CASES: readonly NestedCase[] = [
  {
    what: "a hashed attribute of GrowthBook",
    ...{ dialect: growthbook(), payload: (it) => ofGrowthbook(it, { hashAttribute: "user.id" }) },
    attributes: (n) => ({ "user.id": `id-${n >> 1}` }),
    ...{ cells: (n) => ({ "user.id": `id-${n >> 1}` }), units: SUBJECTS / 2 },
  },
  {
    what: "a path in a condition of GrowthBook",
    dialect: growthbook(),
    payload: (it) => ofGrowthbook(it, { condition: { "user.plan": "pro" } }),
    attributes: (n) => ({ user: { plan: planOf(n) } }) as unknown as Attributes, // any JSON value is an attribute
    ...{ cells: (n) => ({ "user.plan": planOf(n) }), units: SUBJECTS / 2 },
  },
  {
    what: "a group of Amplitude",
    dialect: amplitude(),
    payload: (it) => ofAmplitude(it, ["context", "groups", "org name", "group_name"]),
    attributes: (n) => ({ groups: { "org name": [`org-${n >> 1}`] } }) as unknown as Attributes, // any JSON value is an attribute
    ...{ cells: (n) => ({ "groups.org name": `org-${n >> 1}` }), units: SUBJECTS / 2 },
  },
  {
    what: "a group of Amplitude and its properties, as JSON",
    dialect: amplitude(),
    payload: (it) =>
      ofAmplitude(
        it,
        ["context", "user", "user_id"],
        [
          {
            selector: ["context", "groups", "org", "group_properties", "plan"],
            ...{ op: "is", values: ["pro"] },
          },
        ],
      ),
    attributes: (n) =>
      ({
        groups: { org: [`org-${n}`] },
        group_properties: { org: { [`org-${n}`]: { plan: planOf(n) } } },
      }) as unknown as Attributes, // any JSON value is an attribute
    cells: (n) => ({
      ...{ "groups.org": `org-${n}` },
      group_properties: JSON.stringify({ org: { [`org-${n}`]: { plan: planOf(n) } } }),
    }),
    units: SUBJECTS / 2,
  },
  {
    what: "a user property of Amplitude",
    dialect: amplitude(),
    payload: (it) => ofAmplitude(it, ["context", "user", "user_properties", "user.id"]),
    attributes: (n) => ({ "user.id": `id-${n >> 1}` }),
    ...{ cells: (n) => ({ "user.id": `id-${n >> 1}` }), units: SUBJECTS / 2 },
  },
  {
    what: "a group of PostHog and its property",
    dialect: posthog({ projectApiKey: "phc_key" }),
    payload: (it) =>
      ofPosthog(
        it,
        [{ key: "plan", type: "group", group_type_index: 0, value: ["pro"], operator: "exact" }],
        true,
      ),
    attributes: (n) => ({
      $groups: { company: `company-${n >> 1}` },
      $group_properties: { company: { plan: planOf(n >> 1) } },
    }),
    cells: (n) => ({
      ...{ "$groups.company": `company-${n >> 1}` },
      "$group_properties.company.plan": planOf(n >> 1),
    }),
    units: SUBJECTS / 4,
  },
  {
    what: "a property of a person of PostHog",
    dialect: posthog({ projectApiKey: "phc_key" }),
    payload: (it) =>
      ofPosthog(
        it,
        [{ key: "user.plan", type: "person", value: ["pro"], operator: "exact" }],
        false,
      ),
    ...{ attributes: (n) => ({ "user.plan": planOf(n) }) },
    ...{ cells: (n) => ({ "user.plan": planOf(n) }), units: SUBJECTS / 2 },
  },
  {
    what: "another kind of context of LaunchDarkly",
    ...{ dialect: launchdarkly(), payload: (it) => ofLaunchdarkly(it, { contextKind: "org" }) },
    attributes: (n) => ({
      ...{ kind: "multi", user: { key: `user-${n}` } },
      org: { key: `org-${n >> 1}` },
    }),
    ...{ cells: (n) => ({ "org.key": `org-${n >> 1}` }), units: SUBJECTS / 2 },
  },
  {
    what: "an attribute of another kind of context of LaunchDarkly",
    dialect: launchdarkly(),
    payload: (it) =>
      ofLaunchdarkly(it, {}, [
        { contextKind: "org", attribute: "plan", op: "in", values: ["pro"] },
        { contextKind: "user", attribute: "country", op: "in", values: ["DK"] },
      ]),
    attributes: (n) => ({
      ...{ kind: "multi", user: { key: `user-${n}`, country: "DK" } },
      org: { key: `org-${n}`, plan: planOf(n) },
    }),
    cells: (n) => ({ "org.key": `org-${n}`, "org.plan": planOf(n), country: "DK" }),
    units: SUBJECTS / 2,
  },
  {
    what: "a path in an attribute of LaunchDarkly",
    dialect: launchdarkly(),
    payload: (it) => ofLaunchdarkly(it, { bucketBy: "/address/city" }),
    attributes: (n) => ({ address: { city: `city-${n >> 1}` } }) as unknown as Attributes, // any JSON value is an attribute
    ...{ cells: (n) => ({ "address.city": `city-${n >> 1}` }), units: SUBJECTS / 2 },
  },
  {
    what: "an attribute of Eppo whose name has a dot",
    ...{ dialect: eppo(), payload: ofEppo, attributes: (n) => ({ "user.plan": planOf(n) }) },
    ...{ cells: (n) => ({ "user.plan": planOf(n) }), units: SUBJECTS / 2 },
  },
];

function csv(rows: readonly Readonly<Record<string, string>>[]): string {
  const names = Object.keys(rows[0] ?? {});
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((cells) => `${cells.map((it) => `"${(it ?? "").replaceAll('"', '""')}"`).join(",")}\n`)
    .join("");
}

const OWN = "flag=flag,subject=uid,variation=variation,time=time,allocation=allocation";

describe("columns of nested attributes in CSV", () => {
  it.each(CASES.filter((_, i) => isWhole || i % 2 === 0))(
    "are read by all commands: $what",
    async ({ attributes, cells, dialect, payload, units }) => {
      const all = Array.from({ length: SUBJECTS }, (_, n) => n);
      const exposures = logged(dialect, payload(50), () =>
        all.map((n) => ({ key: `user-${n}`, attributes: attributes(n) })),
      ) as readonly Readonly<Record<string, string>>[];
      const rows = exposures.map(
        ({ allocation = "", subject = "", timestamp = "", variation = "" }) => ({
          ...{ flag: "test", uid: subject, variation, time: timestamp, allocation },
          ...cells(Number(subject.slice(5))),
        }),
      );
      const subjects = csv(all.map((n) => ({ uid: `user-${n}`, ...cells(n) })));
      const names = Object.keys(cells(0)).map((name) => `attributes.${name}=${name}`);
      const config = jsonFile("nested.json", payload(50));
      const judge = (command: string, map: string): Promise<Run> => {
        const files = [tempFile("rows.csv", csv(rows)), "--config", config];
        return run([command, ...files, "--dialect", dialect.name, "--json", "--map", map]);
      };

      // Without the columns, nothing is judged, and the message names the first one that is read.
      const bare = await judge("replay", OWN);
      expect(bare.exitCode).toBe(2);
      expect(bare.stderr).toContain(names[0]);

      // Without some of them, no row is wrong.
      for (const some of names.slice(1)) {
        const others = names.filter((it) => it !== some);
        const { stdout } = await judge("replay", [OWN, ...others].join(","));
        const { total } = parseLines(stdout).at(-1) as unknown as {
          total: Readonly<Record<string, number>>;
        };
        const { "attributes-missing": missing = 0, right = 0, unresolved = 0 } = total;
        expect(missing + unresolved).toBeGreaterThan(0);
        expect(missing + unresolved + right).toBe(rows.length);
      }

      const map = [OWN, ...names].join(",");
      const replayed = await judge("replay", map);
      expect(parseLines(replayed.stdout).at(-1)).toMatchObject({ total: { right: rows.length } });
      const tested = parseLines((await judge("srm", map)).stdout).filter((it) => {
        return (it as unknown as { verdict: string }).verdict !== "unknown";
      });
      expect(tested).toMatchObject([{ subjects: units }]);

      const sides = [config, jsonFile("nested-new.json", payload(0))];
      const ofSubjects = ["--subjects", tempFile("subjects.csv", subjects), "--json"];
      const mapped = ["--map", ["subject=uid", ...names].join(",")];
      const dialects = ["--dialect", dialect.name];
      const { stdout } = await run(["diff", ...sides, ...dialects, ...ofSubjects, ...mapped]);
      const [flag] = parseLines(stdout) as unknown as [{ movement: { moved: number } }];
      const first = rows.filter(({ variation }) => variation === "a" || variation === "0");
      expect(flag.movement).toMatchObject({ total: SUBJECTS, moved: first.length, lacking: {} });
    },
  );
});
