import { describe, expect, it } from "vitest";
import { jsonFile, type Run, run, runOnTerminal, tempFile } from "../run.js";
import { EXAMPLE, VARIED } from "./eppo-config.js";

const NOW = "2026-02-01T12:00:00.000Z";

const windows: readonly (readonly [string, object])[] = [
  ["now", { startAt: NOW, endAt: NOW }],
  ["soon", { startAt: "2026-02-01T12:00:00.001Z" }],
  ["gone", { endAt: "2026-02-01" }],
  ["ever", {}],
];

const WINDOWED: object = {
  format: "SERVER",
  flags: {
    dated: {
      key: "dated",
      enabled: true,
      variationType: "STRING",
      totalShards: 10_000,
      variations: { on: { key: "on", value: "x" } },
      allocations: windows.map(([key, window]) => ({
        key,
        ...window,
        splits: [
          { variationKey: "on", shards: [{ salt: key, ranges: [{ start: 0, end: 3_333 }] }] },
        ],
      })),
    },
  },
  banditReferences: {
    music: {
      modelVersion: "v1",
      flagVariations: [{ flagKey: "dated", variationKey: "on", variationValue: "x" }],
    },
  },
};

async function inspect(config: object, ...more: readonly string[]): Promise<Run> {
  const path = jsonFile("inspected.json", config);
  return run(["inspect", "--dialect", "eppo", "--config", path, "--now", NOW, ...more]);
}

describe("sortition inspect", () => {
  it("shows flags, allocations and the traffic of each variation", async () => {
    const { exitCode, stderr, stdout } = await inspect(EXAMPLE);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toBe(
      `eppo configuration, format SERVER, environment Production, published 2026-01-05T00:00:00.000Z, as of
  2026-02-01T12:00:00.000Z, 1 flag

FLAG, ALLOCATIONS  TYPE, WINDOW  STATE, RULES           VARIATIONS, TRAFFIC
new-checkout       boolean       enabled                on, off
  1 pilot          open          country ONE_OF ["DK"]  on 50%, unassigned 50%
`,
    );
  });

  it("shows which windows are open, both ends included, and bandits", async () => {
    const { stdout } = await inspect(WINDOWED);
    const rows = stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, "|"));
    expect(rows).toContain("|1 now|open to|all subjects|on 33.33%, unassigned");
    expect(rows).toContain("|2 soon|starts|all subjects|on 33.33%, unassigned");
    expect(rows).toContain("|3 gone|ended 2026-02-01|all subjects|on 33.33%, unassigned");
    expect(rows).toContain("|4 ever|open|all subjects|on 33.33%, unassigned");
    expect(rows).toContain('bandit music: model missing, used by dated = "x"');
  });

  it("lists issues with their paths, and exits with 1", async () => {
    const { exitCode, stdout } = await inspect({ flags: { f: { allocations: 5 } } });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^f +broken$/m);
    expect(stdout).toContain('  $.flags["f"].allocations: expected an array, got a number');
  });

  it("reports a missing model only if models are given", async () => {
    expect((await inspect(WINDOWED)).exitCode).toBe(0);
    const bandits = tempFile("models.json", '{"bandits":{}}');
    const { exitCode, stdout } = await inspect(WINDOWED, "--bandits", bandits);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('no model is loaded for bandit "music"');
  });

  it("prints one JSON object with --json", async () => {
    const report = JSON.parse((await inspect(WINDOWED, "--json")).stdout);
    expect(report).toMatchObject({
      dialect: "eppo",
      format: "SERVER",
      isObfuscated: false,
      environment: null,
      publishedAt: null,
      revision: expect.stringMatching(/^[\da-f]{16}$/),
      now: NOW,
      bandits: [{ key: "music", hasModel: false, behind: [{ flagKey: "dated", value: "x" }] }],
      issues: [],
    });
    const [{ allocations }] = report.flags;
    expect(allocations.map(({ key, state }: Record<string, string>) => [key, state])).toEqual([
      ["now", "open"],
      ["soon", "not-started"],
      ["gone", "ended"],
      ["ever", "open"],
    ]);
    expect(allocations[0]).toMatchObject({
      window: { startAt: NOW, endAt: NOW },
      rules: [],
      traffic: { byVariation: { on: 0.3333 }, unassigned: 0.6667 },
    });
  });

  it("shows only the named flags", async () => {
    const { stdout } = await inspect(VARIED, "int", "text");
    expect(stdout).toContain("2 of 12 flags");
    expect(stdout).toMatch(/^int /m);
    expect(stdout).not.toMatch(/^bool /m);
    const { exitCode, stderr } = await inspect(VARIED, "nope");
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no flag "nope"');
  });

  it("fits into 100 columns, and uses colours only on a terminal", async () => {
    const { stdout } = await inspect(VARIED);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(stdout).not.toContain("\u001b");
    const config = jsonFile("coloured.json", VARIED);
    expect((await runOnTerminal(["inspect", "--config", config])).stdout).toContain("\u001b[2m");
  });
});
