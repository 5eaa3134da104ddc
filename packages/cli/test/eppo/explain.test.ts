import { createHash } from "node:crypto";
import { isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, parseLines, run, runOnTerminal } from "../run.js";
import { BANDIT_FLAGS, MODELS } from "./bandit-config.js";
import { EXAMPLE, VARIED } from "./eppo-config.js";

const NOW = "2026-02-01T12:00:00.000Z";

function args(config: object, flag: string, ...more: readonly string[]): string[] {
  const path = jsonFile("explained.json", config);
  return ["explain", flag, "--dialect", "eppo", "--config", path, "--now", NOW, ...more];
}

/** Returns the arguments of `inspect` for the same flag. */
function inspected(options: readonly string[]): string[] {
  return ["inspect", "new-chekout", ...options.filter((it) => it !== "--subject" && it !== "u")];
}

/** Returns the output for the documented example. */
async function explained(subject: string, attributes: object): Promise<string> {
  const more = ["--subject", subject, "--attributes", JSON.stringify(attributes)];
  const { exitCode, stderr, stdout } = await run(args(EXAMPLE, "new-checkout", ...more));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout;
}

describe("sortition explain", () => {
  it("names the condition that kept a subject out", async () => {
    expect(await explained("user-1", { country: "SE" })).toContain(
      `Answer   null, the default: no allocation applies
Because  no allocation matched
         pilot: country is SE, not DK
`,
    );
  });

  it("names the shards that kept a subject out", async () => {
    const text = await explained("user-3", { country: "DK" });
    expect(text).toContain("         pilot: not selected: outside the 50% for on\n");
    expect(text).toContain('✗ shard 6,500 of 10,000, in no range (salt "pilot": on [0, 5000))\n');
  });

  it("computes shards with the formula in the vendor's documentation", async () => {
    const shard = createHash("md5").update("pilot-user-9").digest().readUInt32BE(0) % 10_000;
    expect(await explained("user-9", { country: "DK" })).toContain(
      `shard ${shard.toLocaleString("en-US")} of 10,000`,
    );
  });

  it.each([
    { flag: "text", subject: "u", attributes: {}, contains: "dated: applies", exitCode: 0 },
    { flag: "disabled", attributes: {}, contains: "default: the flag is disabled", exitCode: 0 },
    {
      flag: "bad-regex",
      attributes: { country: "DK" },
      contains: '! country matches "(": Invalid regular expression',
      exitCode: 1,
    },
    { flag: "wrong-type", attributes: {}, contains: "incompatible value (seven)", exitCode: 1 },
    { flag: "json-broken", attributes: {}, contains: "! split for v0: ", exitCode: 1 },
    { flag: "num", attributes: {}, contains: "the subject gets v0", exitCode: 0 },
    { flag: "__proto__", attributes: {}, contains: '"own", variation "v0"', exitCode: 0 },
  ])("shows $contains for $flag", async ({ attributes, contains, exitCode, flag }) => {
    const more = ["--subject", "u", "--attributes", JSON.stringify(attributes)];
    const { stdout, ...rest } = await run(args(VARIED, flag, ...more));
    expect(stdout).toContain(contains);
    expect(rest).toEqual({ exitCode, stderr: "" });
  });

  it("requests the flag as the given type", async () => {
    const { exitCode, stdout } = await run(
      args(EXAMPLE, "new-checkout", "--subject", "u", "--type", "string", "--default", '"x"'),
    );
    expect(exitCode).toBe(1);
    expect(stdout).toContain('"x", the default: flag "new-checkout" is of type boolean');
  });

  it("prints one JSON object with --json", async () => {
    const more = ["--subject", "user-1", "--attributes", '{"country":"SE"}', "--json"];
    const { stdout } = await run(args(EXAMPLE, "new-checkout", ...more));
    expect(JSON.parse(stdout)).toMatchObject({
      flag: "new-checkout",
      subjectKey: "user-1",
      type: "boolean",
      now: NOW,
      isObfuscated: false,
      reason: "no-allocation",
      error: null,
      value: null,
      evaluationDetails: { flagEvaluationCode: "DEFAULT_ALLOCATION_NULL", configFetchedAt: NOW },
      allocations: [
        {
          key: "pilot",
          outcome: "no-rule-holds",
          decidedBy: [{ kind: "condition", rule: 0, condition: 0 }],
          window: null,
          traffic: { byVariation: { on: 0.5 }, unassigned: 0.5 },
          rules: [
            {
              outcome: "fails",
              conditions: [
                {
                  attribute: "country",
                  operator: "ONE_OF",
                  expected: ["DK"],
                  actual: "SE",
                  outcome: "fails",
                  reason: '"SE" is not listed',
                },
              ],
            },
          ],
          splits: [{ variation: "on", outcome: "not-reached" }],
        },
      ],
    });
  });

  it("equals evaluate and fits into 100 columns for any flag and subject", async () => {
    const attributes = [
      {},
      { country: "DK", age: 31, v: "1.9.0" },
      { country: "SE", age: "29", v: "2.0.0-alpha" },
      { country: null, age: true, v: 1, id: "other" },
    ];
    const config = jsonFile("varied.json", VARIED);
    const flags = Object.keys((VARIED as { flags: object }).flags).filter((key) => key !== "");
    const types = new Map(Object.entries({ bool: "boolean", int: "integer", num: "numeric" }));
    const cases = flags.flatMap((flag) =>
      attributes.flatMap((subjectAttributes) =>
        Array.from({ length: isWhole ? 10 : 2 }, (_, i) => ({
          flag,
          type: types.get(flag) ?? (flag.startsWith("json") ? "json" : "string"),
          subjectKey: `user-${i}`,
          subjectAttributes,
        })),
      ),
    );
    const evaluate = ["evaluate", "--dialect", "eppo", "--config", config, "--now", NOW];
    const results = parseLines((await run(evaluate, ndjson(cases))).stdout);
    expect(results).toHaveLength(cases.length);
    for (const [i, { flag, subjectAttributes, subjectKey, type }] of cases.entries()) {
      const asked = ["explain", flag, "--config", config, "--subject", subjectKey, "--now", NOW];
      asked.push(
        "--dialect",
        "eppo",
        "--type",
        type,
        "--attributes",
        JSON.stringify(subjectAttributes),
      );
      const printed = await run([...asked, "--json"]);
      expect(printed.stderr).toBe("");
      const report = JSON.parse(printed.stdout);
      const { evaluationDetails, value } = results[i]!; // as many as cases
      expect({ value: report.value, details: report.evaluationDetails }).toEqual({
        value,
        details: evaluationDetails,
      });
      const { stdout } = await run(asked);
      expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
    }
  });

  it("notes that names are hashed, and shows the names of the subject's attributes", async () => {
    const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    const key = md5("f");
    const conditions = ["country", "secret"].map((name) => ({
      attribute: md5(name),
      operator: md5("ONE_OF"),
      value: [md5("DK")],
    }));
    const flag = {
      key,
      enabled: true,
      variationType: "STRING",
      totalShards: 100,
      variations: { [base64("on")]: { key: base64("on"), value: base64("yes") } },
      allocations: [
        {
          key: base64("all"),
          rules: [{ conditions }],
          splits: [{ variationKey: base64("on"), shards: [] }],
        },
      ],
    };
    const config = { format: "CLIENT", flags: { [key]: flag } };
    const more = ["--subject", "u", "--attributes", '{"country":"DK"}'];
    const { stdout } = await run(args(config, "f", ...more));
    expect(stdout).toContain(`✓ country is DK, ${md5("DK")} (ONE_OF)`);
    expect(stdout).toContain(`✗ ${md5("secret")} has no value`);
    expect(stdout).toContain("The configuration is obfuscated");
  });

  it("escapes control characters in keys", async () => {
    const { stdout } = await run(args(EXAMPLE, "new-checkout", "--subject", "u\r\u001b[2J"));
    expect(stdout).toContain("new-checkout (boolean) for u\\u000d\\u001b[2J at");
  });

  it.each([
    { env: {}, isColoured: true, because: "it is a terminal" },
    { env: { NO_COLOR: "1" }, isColoured: false, because: "NO_COLOR is set" },
    { env: { TERM: "dumb" }, isColoured: false, because: "the terminal has no colours" },
    { env: { FORCE_COLOR: "0" }, isColoured: false, because: "FORCE_COLOR disables them" },
    {
      env: { NO_COLOR: "1", FORCE_COLOR: "1" },
      isColoured: true,
      because: "FORCE_COLOR takes precedence",
    },
  ])("uses colours: $isColoured, because $because", async ({ env, isColoured }) => {
    const { stdout } = await runOnTerminal(args(EXAMPLE, "new-checkout", "--subject", "u"), env);
    expect(stdout.includes("\u001b[31m✗\u001b[39m")).toBe(isColoured);
    expect(stdout.includes("\u001b")).toBe(isColoured);
  });

  it.each([
    { more: [], problem: "the flag key is missing" },
    { more: ["a", "b", "--subject", "u"], problem: "expected one flag, got a, b" },
    { more: ["a", "u"], problem: "got a, u: write explain a --subject u" },
    { more: ["a"], problem: "--subject KEY is missing" },
    { more: ["a", "--subject", "u", "--attributes", "{"], problem: "--attributes: invalid JSON" },
    { more: ["a", "--subject", "u", "--attributes", "[]"], problem: "expected a JSON object" },
    { more: ["a", "--subject", "u", "--type", "text"], problem: "--type: expected one of boolean" },
    { more: ["a", "--subject", "u", "--default", "x"], problem: "--default: invalid JSON" },
    { more: ["a", "--subject", "u", "--dedupe", "none"], problem: "Unknown option '--dedupe'" },
  ])("rejects $more: $problem", async ({ more, problem }) => {
    const config = jsonFile("config.json", EXAMPLE);
    const { exitCode, stderr, stdout } = await run(["explain", "--config", config, ...more]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(problem);
  });

  it("exits with 2 for an unknown flag, as inspect does, and suggests a similar name", async () => {
    const [command, , ...rest] = args(EXAMPLE, "new-chekout", "--subject", "u");
    for (const asked of [[command!, "new-chekout", ...rest], inspected(rest)]) {
      const { exitCode, stderr, stdout } = await run(asked);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain('there is no flag "new-chekout" in the configuration');
      expect(stderr).toContain('did you mean "new-checkout"?');
    }
  });
});

describe("sortition explain with a bandit", () => {
  const models = (): string => jsonFile("models.json", MODELS);
  const actions = JSON.stringify({ nike: { price: 3 }, adidas: { colour: "red" } });
  const ask = (flag: string, ...more: readonly string[]) =>
    run(args(BANDIT_FLAGS, flag, "--bandits", models(), "--subject", "alice", ...more));

  it("shows the weighted actions and the chosen one", async () => {
    const { exitCode, stdout } = await ask("all", "--actions", actions);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Answer {3}"shoes" with action "(nike|adidas)", variation "shoes" of/m);
    expect(stdout).toContain('\nbandit "shoes" draws one of these actions\n');
    // 0.4 + 0.3 − 0.7 − 0.0171·3 − 0.7, and 0.5 + 0.3 − 0.7 + 0.3 + 0.77.
    expect(stdout).toMatch(/^[→ ] "nike" {4}score -0\.7513 {2}weight 0\.\d{4}$/m);
    expect(stdout).toMatch(/^[→ ] "adidas" {2}score 1\.1700 {2}weight 0\.\d{4}$/m);
    expect(stdout.match(/→/g)).toHaveLength(1);
  });

  it("prints the bandit as JSON, with weights that add up to 1", async () => {
    const { stdout } = await ask("all", "--actions", actions, "--json");
    const { action, bandit, variation } = JSON.parse(stdout);
    expect(variation).toBe("shoes");
    expect(bandit).toMatchObject({ key: "shoes", error: null });
    const weights = bandit.actions.map((it: { weight: number }) => it.weight);
    expect(weights[0] + weights[1]).toBeCloseTo(1, 12);
    expect(bandit.actions.map((it: { action: string }) => it.action)).toContain(action);
  });

  it.each([
    { flag: "failing", says: 'bandit "broken" cannot choose:' },
    { flag: "all", given: "{}", says: 'bandit "shoes" has no actions to choose from' },
  ])("shows why $flag has no action", async ({ flag, given = actions, says }) => {
    expect((await ask(flag, "--actions", given)).stdout).toContain(says);
  });

  it("shows no bandit if the variation has none", async () => {
    expect((await ask("no-bandit", "--actions", actions)).stdout).not.toContain('bandit "');
  });

  it.each([
    { more: ["--actions", "[]"], says: "--actions: expected a JSON object" },
    {
      more: ["--actions", "{}", "--type", "string"],
      says: "--actions cannot be combined with --type",
    },
    { more: ["--actions", '{"a":1}'], says: 'actions["a"]: expected an object, got 1' },
  ])("rejects $more", async ({ more, says }) => {
    const { exitCode, stderr } = await ask("all", ...more);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });
});
