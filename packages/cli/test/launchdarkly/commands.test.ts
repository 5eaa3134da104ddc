import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, parseLines, run, tempFolder } from "../run.js";
import type { LoggedExposure } from "../srm/simulated.js";

function clause(attribute: string, op: string, values: readonly unknown[]): object {
  return { contextKind: "user", attribute, op, values, negate: false };
}

const PAYLOAD = {
  flags: {
    theme: {
      ...{ key: "theme", version: 1, on: true, salt: "s", variations: ["light", "dark"] },
      targets: [{ variation: 1, values: ["carol"] }],
      rules: [
        {
          id: "new",
          variation: 1,
          trackEvents: true,
          clauses: [clause("version", "semVerGreaterThan", ["2.9"])],
        },
        { id: "beta", variation: 1, clauses: [clause("", "segmentMatch", ["beta"])] },
      ],
      fallthrough: { variation: 0 },
    },
    needy: {
      ...{ key: "needy", version: 1, on: true, salt: "s", variations: [false, true] },
      ...{ offVariation: 0, fallthrough: { variation: 1 } },
      ...{ trackEvents: true, prerequisites: [{ key: "theme", variation: 1 }] },
    },
    half: {
      ...{ key: "half", version: 1, on: true, salt: "s", variations: ["a", "b"] },
      fallthrough: {
        rollout: {
          ...{ kind: "experiment", seed: 61 },
          variations: [0, 1].map((variation) => ({ variation, weight: 50_000 })),
        },
      },
    },
    "old-banner": {
      ...{
        key: "old-banner",
        version: 1,
        on: false,
        variations: [true, false],
        offVariation: 1,
        fallthrough: { variation: 0 },
      },
    },
  },
  segments: {
    beta: {
      ...{ key: "beta", version: 1, salt: "s" },
      rules: [{ clauses: [clause("country", "in", ["DK"])] }],
    },
  },
};
const path = jsonFile("launchdarkly.json", PAYLOAD);

describe("--dialect launchdarkly", () => {
  it("evaluates requests to value, variation, reason and all events", async () => {
    const requests = [
      { flag: "theme", context: { kind: "user", key: "alice", version: "2.10.0" } },
      { flag: "theme", subjectKey: "carol" },
      { flag: "needy", context: { key: "bob" }, default: true },
      { flag: "other", context: { key: "bob" }, default: 5 },
      { flag: "theme", context: { kind: "org" }, default: "none" },
      { flag: "theme", context: { key: "bob" }, type: "number", default: 7 },
      { flag: "theme", context: { key: "" } },
      { flag: "needy", context: { kind: "user", key: "alice", version: "2.10.0" } },
    ];
    const args = ["evaluate", "--config", path, "--events"];
    const { exitCode, stdout } = await run(args, ndjson(requests));
    expect(exitCode).toBe(0);
    const results = parseLines(stdout);
    expect(results).toMatchObject([
      {
        ...{ value: "dark", variationIndex: 1 },
        reason: { kind: "RULE_MATCH", ruleIndex: 0, ruleId: "new" },
        events: [{ featureFlag: "theme", allocation: "new", variation: "1" }],
      },
      { value: "dark", variationIndex: 1, reason: { kind: "TARGET_MATCH" }, events: [] },
      { value: false, reason: { kind: "PREREQUISITE_FAILED", prerequisiteKey: "theme" } },
      { value: 5, variationIndex: null, reason: { kind: "ERROR", errorKind: "FLAG_NOT_FOUND" } },
      { value: "none", reason: { kind: "ERROR", errorKind: "USER_NOT_SPECIFIED" } },
      { value: 7, reason: { kind: "ERROR", errorKind: "WRONG_TYPE" } },
      { value: "light", reason: { kind: "FALLTHROUGH" } },
      {
        value: true,
        events: [{ featureFlag: "theme", subject: "alice" }, { featureFlag: "needy" }],
      },
    ]);
  });

  it("explains which part decided, and what was compared", async () => {
    const args = ["explain", "theme", "--config", path, "--subject", "alice"];
    const { exitCode, stdout } = await run([...args, "--attributes", '{"version":"2.8.0"}']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('version is "2.8.0", not above version "2.9"');
    expect(stdout).toContain("the subject is not in segment beta");
    expect(stdout).toContain("fallthrough");
  });

  it("inspects flags, segments and issues", async () => {
    const { exitCode, stdout } = await run(["inspect", "--config", path]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("1 segment");
    expect(stdout).toContain("theme");
  });

  it("checks logged exposures with replay and srm", async () => {
    const requests = Array.from({ length: 500 }, (_, i) => ({
      flag: "half",
      subjectKey: `u-${i}`,
    }));
    const evaluated = await run(["evaluate", "--config", path, "--events"], ndjson(requests));
    const events = parseLines(evaluated.stdout).flatMap(
      ({ events = [] }) => events as readonly LoggedExposure[],
    );
    const check = async (command: "replay" | "srm", rows: readonly object[]) => {
      return await run([command, "-", "--config", path, "--json"], ndjson(rows));
    };
    expect((await check("replay", events)).exitCode).toBe(0);
    expect((await check("srm", events)).stdout).toContain('"verdict":"none"');
    // In a table, the vendor's name of the experiment is the flag's.
    const table = events.map(({ subject: user_id, timestamp, variation: variation_id }) => {
      return { user_id, timestamp, experiment_id: "half", variation_id };
    });
    expect((await check("replay", table)).exitCode).toBe(0);
    expect((await check("srm", table)).stdout).toContain('"verdict":"none"');
    const wrong = events.map((event, i) => (i % 4 === 0 ? { ...event, variation: "0" } : event));
    expect((await check("replay", wrong)).exitCode).toBe(1);
    expect((await check("srm", wrong)).stdout).toContain('"verdict":"mismatch"');
  });

  it("finds code that reads a decided flag with stale", async () => {
    const folder = join(tempFolder(), "launchdarkly-code");
    mkdirSync(folder);
    writeFileSync(
      join(folder, "app.ts"),
      'client.getBooleanAssignment("old-banner", id, {}, true);\n',
    );
    const { stdout } = await run(["stale", "--config", path, "--code", folder, "--json"]);
    expect(parseLines(stdout)).toContainEqual(
      expect.objectContaining({ flag: "old-banner", kind: "disabled" }),
    );
  });

  it("writes the types of flags", async () => {
    const { exitCode, stdout } = await run(["types", "--config", path]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/theme.*"dark".*"light"|theme.*"light".*"dark"/s);
    expect(stdout).toMatch(/needy.*boolean/s);
  });
});
