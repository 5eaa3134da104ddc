import { beforeAll, describe, expect, it } from "vitest";
import type { DialectTable } from "../../src/dialects/dialect.js";
import { DIALECTS } from "../../src/dialects/table.js";
import { ndjson, run, tempFile } from "../run.js";
import { encrypted, toyCliDialect } from "./toy.js";

const dialects: DialectTable = { ...DIALECTS, toy: async () => toyCliDialect };

const FLAGS = [
  {
    key: "colour",
    rules: [
      {
        when: { "plan.tier": ["gold"], age: { above: 18 }, country: { prefix: "D" } },
        percent: 50,
        variation: "on",
      },
    ],
    variations: { on: { string: "blue" } },
  },
  { key: "broken", rules: "none", variations: {} },
];

const GOLD = { plan: { tier: "gold" }, age: 30, country: "DK" };

let config: string;

beforeAll(async () => {
  config = tempFile("toy.bin", await encrypted(FLAGS));
});

describe("the command with a dialect that is passed in", () => {
  it("evaluates", async () => {
    const requests = ndjson([
      { id: 1, flag: "colour", subjectKey: "alice", attributes: GOLD },
      { id: 2, flag: "colour", subjectKey: "bob", attributes: {} },
    ]);
    const args = ["evaluate", "--dialect", "toy", "--config", config, "--requests", "-"];
    const { exitCode, stdout } = await run(args, requests, { dialects });
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { id: 1, value: "blue", reason: "rule" },
      { id: 2, value: "default", reason: "no-allocation" },
    ]);
    expect(exitCode).toBe(0);
  });

  it("inspects", async () => {
    const args = ["inspect", "--dialect", "toy", "--config", config, "--json"];
    const { stdout } = await run(args, "", { dialects });
    const { flags, issues } = JSON.parse(stdout);
    expect(flags.map(({ key }: { key: string }) => key)).toEqual(["colour", "broken"]);
    expect(issues).toMatchObject([
      { flagKey: "broken", path: '$.flags[?(@.key=="broken")].rules' },
    ]);
  });

  it("explains", async () => {
    const attributes = JSON.stringify(GOLD);
    const args = ["explain", "colour", "--dialect", "toy", "--config", config];
    const { exitCode, stdout } = await run(
      [...args, "--subject", "alice", "--attributes", attributes],
      "",
      { dialects },
    );
    expect(stdout).toContain("blue");
    expect(stdout).toContain('variation "on" of allocation "rule-0"');
    expect(stdout).toContain("✓ plan.tier is gold (in)");
    expect(stdout).toContain("✓ age is above 18 (above)");
    expect(stdout).toContain("✓ country is starting with D (prefix)");
    expect(stdout).toContain('shard 6 of 100, in the range for on (salt "colour": on [0, 50))');
    expect(exitCode).toBe(0);
  });

  it("rejects the dialect in the published command", async () => {
    const { exitCode, stderr } = await run(["inspect", "--dialect", "toy", "--config", config]);
    expect(stderr).toContain('"toy" is not supported');
    expect(exitCode).not.toBe(0);
  });
});
