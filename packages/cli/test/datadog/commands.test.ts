import { describe, expect, it } from "vitest";
import { writeFunctions } from "../function/files.js";
import { jsonFile, ndjson, parseLines, run, tempFile } from "../run.js";

function flag(key: string, more: object): object {
  return {
    key,
    enabled: true,
    variationType: "STRING",
    variations: { on: { key: "on", value: "dark" }, off: { key: "off", value: "light" } },
    ...more,
  };
}

function part(variationKey: string, start: number, end: number): object {
  const shard = { salt: "theme-half", totalShards: 10_000, ranges: [{ start, end }] };
  return { variationKey, shards: [shard], serialId: 7 };
}

const isNew = { attribute: "version", operator: "SEMVER_GTE", value: "2.10" };
const CONFIGURATION = {
  createdAt: "2026-01-01T00:00:00Z",
  format: "SERVER",
  environment: { name: "production" },
  flags: {
    theme: flag("theme", {
      allocations: [
        {
          key: "new",
          rules: [{ conditions: [isNew] }],
          splits: [{ variationKey: "on", shards: [] }],
          doLog: true,
        },
        { key: "half", splits: [part("on", 0, 5_000), part("off", 5_000, 10_000)], doLog: true },
      ],
    }),
    broken: flag("broken", { allocations: [{ key: "all", splits: "none" }] }),
  },
};
const ENVELOPE = {
  data: { type: "universal-flag-configuration", id: "1", attributes: CONFIGURATION },
};
const path = jsonFile("datadog.json", ENVELOPE);

const THEME = { flag: "theme", type: "string", default: "none" };

describe("--dialect datadog", () => {
  it("evaluates requests to value, variant, reason, error code and exposure", async () => {
    const requests = [
      { ...THEME, subjectKey: "alice", subjectAttributes: { version: "2.11" } },
      { ...THEME, subjectKey: "alice" },
      { ...THEME },
      { ...THEME, flag: "broken", subjectKey: "alice" },
      { ...THEME, flag: "other", subjectKey: "alice" },
      { ...THEME, type: "number", subjectKey: "alice" },
    ];
    const args = ["evaluate", "--dialect", "datadog", "--config", path, "--events"];
    const { exitCode, stdout } = await run(args, ndjson(requests));
    expect(exitCode).toBe(0);
    const results = parseLines(stdout) as unknown as Record<string, unknown>[]; // of this dialect
    expect(
      results.map(({ errorCode, reason, value, variant }) => [value, variant, reason, errorCode]),
    ).toEqual([
      ["dark", "on", "TARGETING_MATCH", undefined],
      [expect.stringMatching(/dark|light/), expect.any(String), "SPLIT", undefined],
      ["none", null, "ERROR", "TARGETING_KEY_MISSING"],
      ["none", null, "ERROR", "PARSE_ERROR"],
      ["none", null, "ERROR", "FLAG_NOT_FOUND"],
      ["none", null, "ERROR", "TYPE_MISMATCH"],
    ]);
    expect(results.map(({ event }) => event)).toMatchObject([
      { allocation: { key: "new" }, variant: { key: "on" }, subject: { id: "alice" } },
      { allocation: { key: "half" }, flag: { key: "theme" }, serial_id: 7 },
      ...[null, null, null, null],
    ]);
  });

  it("explains which rule decided, and what was compared", async () => {
    const args = ["explain", "theme", "--config", path, "--subject", "alice"];
    const { exitCode, stdout } = await run([...args, "--attributes", '{"version":"2.9"}']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('version is "2.9", not at least version "2.10" (SEMVER_GTE)');
    expect(stdout).toContain("half");
  });

  it("inspects flags, and names the malformed part of a flag", async () => {
    const { stdout } = await run(["inspect", "--config", path, "--json"]);
    const inspected = JSON.parse(stdout) as { readonly issues: readonly object[] };
    expect(inspected).toMatchObject({ dialect: "datadog" });
    expect(inspected.issues).toMatchObject([
      { path: '$.data.attributes.flags["broken"].allocations[0].splits', flagKey: "broken" },
    ]);
  });

  it("compares two configurations for the same subjects", async () => {
    const changed = structuredClone(CONFIGURATION);
    Object.assign(changed.flags.theme, {
      allocations: [{ key: "half", splits: [part("on", 0, 2_500), part("off", 2_500, 10_000)] }],
    });
    const after = jsonFile("datadog-after.json", changed);
    const subjects = tempFile(
      "datadog-subjects.ndjson",
      ndjson(
        Array.from({ length: 400 }, (_, i) => ({
          subjectKey: `user-${i}`,
          subjectAttributes: { version: "1.0" },
        })),
      ),
    );
    const { stdout } = await run(["diff", path, after, "--subjects", subjects, "--json"]);
    const [theme] = parseLines(stdout);
    // A quarter of the shards changes, so about 100 of 400 subjects move.
    expect(theme).toMatchObject({ flag: "theme", movement: { total: 400, moved: 97 } });
  });

  it("writes warehouse functions with the flags in the envelope", async () => {
    const { exitCode, files } = await writeFunctions("datadog", ENVELOPE, "snowflake", ["theme"]);
    expect(exitCode).toBe(0);
    const text = files.get("assign.sql") ?? "";
    expect([text.includes("theme-half"), text.includes('"broken"')]).toEqual([true, false]);
  });
});
