import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, parseLines, run, tempFile } from "../run.js";
import type { LoggedExposure } from "../srm/simulated.js";

const RULE = { name: "r", salt: "r", idType: "userID", passPercentage: 100, returnValue: {} };
const SPEC = { type: "dynamic_config", salt: "s", enabled: true, idType: "userID" };
const CONDITION = { additionalValues: {}, field: null, idType: "userID", operator: "any" };

function group(name: string, conditions: readonly unknown[], returnValue: object): object {
  return { ...RULE, id: name, groupName: name, isExperimentGroup: true, conditions, returnValue };
}

function bucket(targetValue: number): object {
  const additionalValues = { salt: "trial" };
  return { ...CONDITION, type: "user_bucket", operator: "lt", targetValue, additionalValues };
}

const PAYLOAD = {
  ...{ has_updates: true, time: 1_700_000_000_000, experiment_to_layer: {} },
  feature_gates: {
    banner: {
      ...{ ...SPEC, entity: "feature_gate", defaultValue: false },
      rules: [{ ...RULE, id: "in DK", conditions: ["dk"], returnValue: true }],
    },
    list: {
      ...{ ...SPEC, entity: "feature_gate", defaultValue: false },
      rules: [{ ...RULE, id: "listed", conditions: ["listed"], returnValue: true }],
    },
  },
  dynamic_configs: {
    trial: {
      ...{ ...SPEC, entity: "experiment", defaultValue: { colour: "grey" } },
      rules: [
        { ...RULE, id: "targetingGate", conditions: ["not banner"], returnValue: {} },
        group("Control", ["half"], { colour: "grey", size: 1 }),
        group("Test", ["all"], { colour: "red", size: 2 }),
      ],
    },
  },
  layer_configs: {
    home: {
      ...{ ...SPEC, entity: "layer", defaultValue: { colour: "white" } },
      rules: [{ ...RULE, id: "experimentAssignment", conditions: [], configDelegate: "trial" }],
    },
  },
  condition_map: {
    dk: { ...CONDITION, type: "user_field", field: "country", targetValue: ["DK"] },
    listed: { ...CONDITION, type: "unit_id", operator: "in_segment_list", targetValue: "beta" },
    "not banner": { ...CONDITION, type: "fail_gate", targetValue: "banner" },
    half: bucket(500),
    all: bucket(1_000),
  },
};
const path = jsonFile("statsig.json", PAYLOAD);
const SUBJECTS = Array.from({ length: 500 }, (_, i) => ({
  subjectKey: `u-${i}`,
  subjectAttributes: { country: i % 2 === 0 ? "DK" : "SE" },
}));

describe("--dialect statsig", () => {
  it("evaluates requests to value, reason, rule, group and experiment", async () => {
    const user = { userID: "alice", country: "DK" };
    const requests = [
      { gate: "banner", user },
      { experiment: "trial", user },
      { layer: "home", user: { userID: "bob" } },
      { flag: "trial.colour", subjectKey: "alice", subjectAttributes: { country: "DK" } },
      { gate: "list", user },
      { flag: "none", user },
    ];
    const { exitCode, stderr, stdout } = await run(
      ["evaluate", "--config", path],
      ndjson(requests),
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain('1 request for unknown flags: "none" (1)');
    expect(parseLines(stdout)).toMatchObject([
      { value: true, reason: "rule", ruleID: "in DK" },
      { value: { size: expect.any(Number) }, reason: "group", allocatedExperimentName: null },
      { value: {}, reason: "targetingGate", allocatedExperimentName: "trial" },
      { value: expect.stringMatching(/grey|red/), reason: "group" },
      { value: false, reason: "unresolved" },
      { value: null, reason: "unrecognized" },
    ]);
  });

  it("explains which rule decided, and what was compared", async () => {
    const args = ["explain", "trial", "--config", path, "--subject", "alice"];
    const { exitCode, stdout } = await run([...args, "--attributes", '{"country":"SE"}']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("targetingGate");
    expect(stdout).toContain("the subject is such that its gate is off: banner");
  });

  it("inspects all kinds of flags", async () => {
    const { stdout } = await run(["inspect", "--config", path]);
    expect(stdout).toContain("2 feature gates, 1 experiment, 1 layer");
    expect(stdout).toMatch(/in the experiment:\s+100%/);
  });

  it("checks logged exposures and experiment tables with replay and srm", async () => {
    const requests = SUBJECTS.map((it) => ({ flag: "trial", ...it }));
    const evaluated = await run(["evaluate", "--config", path, "--events"], ndjson(requests));
    const events = parseLines(evaluated.stdout).flatMap(({ events }) => {
      return events as readonly LoggedExposure[];
    });
    const check = async (command: "replay" | "srm", rows: readonly object[]) =>
      await run([command, "-", "--config", path, "--json"], ndjson(rows));
    const table = (experiment_id: string): readonly object[] =>
      events
        .filter(({ allocation }) => allocation === "groups")
        .map(({ subject, subjectAttributes: attributes, timestamp, variation: group_id }) => {
          return { user_id: subject, timestamp, experiment_id, group_id, attributes };
        });
    // The vendor's name of the experiment is the config's. Ours has the allocation, too.
    for (const rows of [events, table("trial"), table("trial-groups")]) {
      expect((await check("replay", rows)).exitCode).toBe(0);
      const { exitCode, stdout } = await check("srm", rows);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('"verdict":"none"');
    }
    const { stderr } = await check("srm", table("trail"));
    expect(stderr).toContain("no exposure names an experiment of this configuration");
  });

  it("writes types of gates, whole values and parameters", async () => {
    const { exitCode, stdout } = await run(["types", "--config", path]);
    expect(exitCode).toBe(0);
    for (const key of ["banner", "trial", "trial.colour", "trial.size", "home.colour"]) {
      expect(stdout).toContain(`"${key}"`);
    }
    expect(stdout).toMatch(/"trial\.colour".*"grey".*"red"/s);
  });

  it("finds a changed rule with diff, and does not measure what needs an ID list", async () => {
    const text = JSON.stringify(PAYLOAD).replace('["DK"]', '["DK","SE"]');
    const now = tempFile("statsig-now.json", text);
    const args = ["diff", path, now, "--subjects", "-", "--json"];
    const { stdout } = await run(args, ndjson(SUBJECTS));
    const reports = parseLines(stdout);
    const movementOf = (flag: string, movement: object) =>
      expect.objectContaining({ flag, movement: expect.objectContaining(movement) });
    expect(reports).toContainEqual(movementOf("banner", { total: 500, moved: 250 }));
    expect(reports).toContainEqual(movementOf("trial", { moved: 250 }));
    const used = JSON.stringify(PAYLOAD).replace('"beta"', '"alpha"');
    const other = await run(
      ["diff", path, tempFile("other.json", used), ...args.slice(3)],
      ndjson(SUBJECTS),
    );
    const undecided = movementOf("list", { total: 500, moved: 0, undecided: 500 });
    expect(parseLines(other.stdout)).toContainEqual(undecided);
    expect(other.stdout).toContain("no subject could be evaluated: the flag reads ID list ");
  });

  it("lists parameters that no flag of the other vendor serves, if the map names another one", async () => {
    const features = { colour: { defaultValue: "grey" }, banner: { defaultValue: true } };
    const now = jsonFile("growthbook.json", { features });
    const flags = { "trial.colour": "colour", list: null, home: null };
    const map = jsonFile("map.json", { flags });
    const args = ["diff", path, now, "--subjects", "-", "--json", "--map", map];
    const { stderr, stdout } = await run(args, ndjson(SUBJECTS));
    expect(stderr).not.toContain("error");
    const flagsOf = (wanted: "lone" | "compared") =>
      parseLines(stdout).flatMap((it) => {
        if (!Object.hasOwn(it, "flag")) return [];
        const { flag, onlyIn } = it as object as {
          readonly flag: string;
          readonly onlyIn?: string;
        };
        return (onlyIn === undefined) === (wanted === "compared") ? [flag] : [];
      });
    expect(flagsOf("compared").sort()).toEqual(["banner", "trial.colour"]);
    expect(flagsOf("lone")).toEqual(["trial.size"]);
  });

  it("counts the ID lists, bandits and active experiments whose data is not in the file", async () => {
    const trial = { ...PAYLOAD.dynamic_configs.trial, isActive: true };
    const dynamic_configs = {
      trial,
      old: { ...trial, isActive: false },
      drawn: PAYLOAD.dynamic_configs.trial,
    };
    const payload = { ...PAYLOAD, dynamic_configs, cmab_configs: { drawn: {} } };
    const old = jsonFile("outside.json", payload);
    const now = jsonFile("growthbook.json", { features: { banner: {} } });
    const args = ["diff", old, now, "--subjects", "-"];
    const { stdout } = await run([...args, "--json"], ndjson(SUBJECTS));
    const found = parseLines(stdout).filter((it) => Object.hasOwn(it, "notInFile"));
    expect(found).toEqual([
      { notInFile: "ID list", count: 1, names: ["beta"] },
      { notInFile: "bandit", count: 1, names: ["drawn"] },
      { notInFile: "active experiment", count: 1, names: ["trial"] },
    ]);
    const text = (await run(args, ndjson(SUBJECTS))).stdout.replaceAll(/\s+/g, " ");
    expect(text).toContain("1 active experiment may have persisted assignments: trial");
  });

  it("finds overrides of single users that the other vendor's flag lacks", async () => {
    const rule = {
      ...RULE,
      id: "banner:userID:id_override",
      conditions: ["u-1"],
      returnValue: false,
    };
    const { banner } = PAYLOAD.feature_gates;
    const gates = { banner: { ...banner, rules: [rule, ...banner.rules] } };
    const listed = { ...CONDITION, type: "unit_id", targetValue: ["u-0", "u-2"] };
    const payload = {
      ...{ ...PAYLOAD, feature_gates: gates, dynamic_configs: {}, layer_configs: {} },
      condition_map: { ...PAYLOAD.condition_map, "u-1": listed },
    };
    const old = jsonFile("override.json", payload);
    const rules = [{ condition: { country: { $in: ["DK"] } }, force: true }];
    const features = { banner: { defaultValue: false, rules } };
    const now = jsonFile("no-override.json", { features });
    const args = ["diff", old, now, "--subjects", "-", "--json"];
    const [found] = parseLines((await run(args, ndjson(SUBJECTS))).stdout);
    expect(found).toMatchObject({ flag: "banner", total: 500, differ: 2 });
    expect(JSON.stringify(found)).toContain("banner:userID:id_override");
  });
});
