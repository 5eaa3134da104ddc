import { describe, expect, it } from "vitest";
import { GENERATED_DIALECTS } from "../generated/dialects.js";
import { jsonFile, ndjson, run } from "../run.js";

const COMMON = { countries: null, share: 50, traffic: 100, isOpen: true };
const VALUES = { a: "red", b: "blue" };

let files = 0;

function configOf(name: string, ...flags: readonly object[]): string {
  const dialect = GENERATED_DIALECTS.find((it) => it.name === name);
  const all = flags.map((flag) => ({ ...COMMON, values: VALUES, key: "", salt: "s", ...flag }));
  return jsonFile(`${name}-${files++}.json`, dialect?.configOf(all));
}

/** A table with exposures of 200 subjects. */
function table(experiment: string, variationOf: (i: number) => string, header?: string): string {
  const rows = Array.from({ length: 200 }, (_, i) => {
    return `user-${i},2026-02-01T00:00:00Z,${experiment},${variationOf(i)}`;
  });
  return [header ?? "user_id,timestamp,experiment_id,variation_id", ...rows].join("\n");
}

/** The variations that `sortition evaluate` returns. */
async function answers(config: string, flag: string): Promise<readonly string[]> {
  const [growthbook] = GENERATED_DIALECTS.filter(({ name }) => name === "growthbook");
  const requests = Array.from({ length: 200 }, (_, i) => {
    const subject = { subjectKey: `user-${i}`, subjectAttributes: {} };
    return `${JSON.stringify(growthbook?.requestOf(flag, subject as never))}\n`; // has the members that requestOf reads
  });
  const { stdout } = await run(["evaluate", "--config", config], requests.join(""));
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => growthbook?.answerOf(JSON.parse(line), flag)?.variation ?? "");
}

async function replayed(config: string, input: string) {
  const { stderr, stdout } = await run(["replay", "-", "--config", config, "--json"], input);
  const lines = stdout.split("\n").slice(0, -1);
  const { total } = JSON.parse(lines.at(-1) ?? "{}");
  const kinds = Object.entries(total ?? {}).filter(([, count]) => count !== 0);
  const flags = lines.slice(0, -1).map((line) => JSON.parse(line).flag);
  return { kinds: Object.fromEntries(kinds), flags, stderr };
}

async function tested(config: string, input: string) {
  const { exitCode, stderr, stdout } = await run(["srm", "-", "--config", config], input);
  const json = await run(["srm", "-", "--config", config, "--json"], input);
  return { exitCode, stderr, stdout, verdict: JSON.parse(json.stdout) };
}

const alternating = (i: number): string => (i % 2 === 0 ? "a" : "b");

describe("an experiment that no flag runs", () => {
  const config = configOf("growthbook", { key: "checkout" }, { key: "search" });
  const input = table("chekout-split", alternating);

  it("is one message in replay, with a suggestion", async () => {
    const { flags, kinds, stderr } = await replayed(config, input);
    expect({ flags, kinds }).toEqual({
      flags: ["chekout-split"],
      kinds: { "no-such-flag": 200 },
    });
    const message = /no flag runs the experiment "chekout-split", did you mean "checkout-spl/g;
    expect(stderr.match(message)).toHaveLength(1);
  });

  it("is not tested by srm, and has no configured shares", async () => {
    const { exitCode, stderr, stdout, verdict } = await tested(config, input);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      "error: no exposure names an experiment of this configuration. Are the exposures from another environment or vendor?\n",
    );
    expect(verdict).toMatchObject({ flag: null, allocation: null, verdict: "unknown" });
    expect(stdout).toContain("chekout-split");
    expect(stdout).toMatch(/a – → 50%/);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      'chekout-split: not tested: no flag runs the experiment "chekout-split", did you mean',
    );
  });
});

describe("an experiment that no flag runs, next to a tested one", () => {
  it("does not change the exit code of srm", async () => {
    const config = configOf("growthbook", { key: "checkout" });
    const [known = "", unknown = ""] = ["checkout-split", "other"].map((name) =>
      table(name, alternating),
    );
    const both = `${known}\n${unknown.replace(/^.*\n/, "")}`;
    const { exitCode, stdout } = await run(["srm", "-", "--config", config], both);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('other: not tested: no flag runs the experiment "other"');
  });
});

describe("an experiment of one flag", () => {
  it.each([
    { name: "eppo", experiment: "my-flag-split", allocation: "split" },
    { name: "growthbook", experiment: "my-flag-split", allocation: "split" },
    { name: "amplitude", experiment: "my-flag", allocation: null },
    { name: "posthog", experiment: "my-flag", allocation: null },
  ])("in $name is found by its name", async ({ allocation, experiment, name }) => {
    const config = configOf(name, { key: "my-flag" }, { key: "my", share: 90 });
    const { verdict } = await tested(config, table(experiment, alternating));
    expect(verdict).toMatchObject({ flag: "my-flag", allocation, verdict: "none", subjects: 200 });
    const { flags } = await replayed(config, table(experiment, alternating));
    expect(flags).toEqual(["my-flag"]);
  });

  it("may have variations by index in GrowthBook", async () => {
    const config = configOf("growthbook", { key: "checkout" });
    const variations = await answers(config, "checkout");
    expect(new Set(variations)).toEqual(new Set(["a", "b"]));
    const byIndex = table("checkout-split", (i) => (variations[i] === "a" ? "0" : "1"));
    expect((await replayed(config, byIndex)).kinds).toEqual({ right: 200 });
    const keys = table("checkout-split", (i) => variations[i] ?? "");
    expect((await tested(config, byIndex)).verdict).toEqual((await tested(config, keys)).verdict);
    const out = table("checkout-split", () => "2");
    expect((await replayed(config, out)).kinds).toEqual({ "wrong-variation": 200 });
  });
});

describe("an experiment of two flags", () => {
  const rule = (weights: readonly number[], seed: string): object => ({
    ...{ key: "both", hashVersion: 2, coverage: 1, variations: [1, 2], weights, seed },
    meta: [{ key: "a" }, { key: "b" }],
  });
  const config = (second: readonly number[]): string => {
    const feature = (of: object): object => ({ defaultValue: 0, rules: [of] });
    const features = { one: feature(rule([0.5, 0.5], "s")), two: feature(rule(second, "t")) };
    return jsonFile("two-flags.json", { features });
  };

  it("is right if one of the flags gives the variation", async () => {
    const both = config([0.5, 0.5]);
    const [one, two] = [await answers(both, "one"), await answers(both, "two")];
    const input = table("both", (i) => (i % 2 === 0 ? one[i] : two[i]) ?? "");
    const { flags, kinds } = await replayed(both, input);
    expect(kinds).toEqual({ right: 200 });
    expect(flags).toEqual(["one", "two"]);
    const neither = one.filter((variation, i) => variation === two[i]).length;
    const other = table("both", (i) => (one[i] === "a" ? "b" : "a"));
    expect((await replayed(both, other)).kinds["wrong-variation"]).toBe(neither);
  });

  it("is tested only if the flags have equal shares", async () => {
    const { verdict } = await tested(config([0.5, 0.5]), table("both", alternating));
    expect(verdict).toMatchObject({ flag: null, experiment: "both", verdict: "none" });
    const { stdout, verdict: unlike } = await tested(
      config([0.9, 0.1]),
      table("both", alternating),
    );
    expect(unlike).toMatchObject({
      verdict: "unknown",
      problem: "two flags run the experiment with different shares",
    });
    expect(stdout).toContain(
      "both: not tested: two flags run the experiment with different shares",
    );
  });
});

describe("an experiment table", () => {
  const config = configOf("growthbook", { key: "checkout" });

  it.each([
    { header: "user_id,timestamp,experiment_id,variation_id" },
    { header: "USER_ID,TIMESTAMP,EXPERIMENT_ID,VARIATION_ID" },
    { header: "userId,timestamp,experimentId,variationId" },
    { header: "anonymous_id,received_at,experiment_id,variation_id" },
    { header: "user_id,timestamp,experiment,variation" },
    { header: "subject,timestamp,experiment,variation" },
    { header: "user_id,ts_assigned,experiment_name,variant_name" },
    { header: "user_id,ts,experiment_name,group_id" },
    { header: "user_id,timestamp,experiment_id,treatment" },
  ])("with the columns $header is recognised", async ({ header }) => {
    const variations = await answers(config, "checkout");
    const input = table("checkout-split", (i) => variations[i] ?? "", header);
    expect((await replayed(config, input)).kinds).toEqual({ right: 200 });
  });

  it("without a required column gives one message with a suggestion", async () => {
    const input = table("checkout-split", alternating, "user_id,timestamp,experiment_id,varient");
    const { exitCode, stderr, stdout } = await run(["replay", "-", "--config", config], input);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(
      "line 2: row: no column for the variation (variation_id, variation, variant_id, variant_name, " +
        'variant, group_id, group, treatment), did you mean "varient"?; the row has user_id, ' +
        "timestamp, experiment_id, varient. Name the column with --preset experiment --map variation=COLUMN (200 lines)\n",
    );
    const named = ["--preset", "experiment", "--map", "variation=varient"];
    const mapped = await run(["replay", "-", "--config", config, ...named], input);
    expect(mapped.stdout).toMatch(/checkout\n {2}2026-02-01 +200 /);
  });

  it.each([
    { header: "visitor,timestamp,experiment_id,variation_id", missing: "subject (user_id" },
    { header: "visitor,at,experiment_id,variation_id", missing: "time (timestamp" },
  ])("with the columns $header lacks the $missing", async ({ header, missing }) => {
    const input = table("checkout-split", alternating, header);
    for (const preset of [[], ["--preset", "experiment"]]) {
      const { stderr } = await run(["replay", "-", "--config", config, ...preset], input);
      expect(stderr).toContain(`line 2: row: no column for the ${missing}`);
    }
  });

  it("is not mistaken for another vendor's export because of other columns", async () => {
    const header = "user_id,timestamp,experiment_id,variation_id,event_type,distinct_id,event";
    const input = table("checkout-split", (i) => `${alternating(i)},x,y,z`, header);
    expect((await replayed(config, input)).flags).toEqual(["checkout"]);
  });

  it("names the field whose cell is empty", async () => {
    const input = "user_id,timestamp,experiment_id,variation_id\n,2026-02-01T00:00:00Z,e,a\n";
    const { stderr } = await run(["replay", "-", "--config", config], input);
    expect(stderr).toContain("line 2: subject: expected a non-empty string, got null");
  });
});

describe("PostHog's false", () => {
  it("is right for subjects that a roll-out excludes, and is not part of a split", async () => {
    const config = configOf("posthog", { key: "beta", traffic: 0 });
    const rows = (response: unknown): string =>
      Array.from({ length: 200 }, (_, i) => {
        const properties = { $feature_flag: "beta", $feature_flag_response: response };
        const common = { event: "$feature_flag_called", timestamp: "2026-02-01T00:00:00Z" };
        return `${JSON.stringify({ ...common, distinct_id: `user-${i}`, properties })}\n`;
      }).join("");
    expect((await replayed(config, rows(false))).kinds).toEqual({ right: 200 });
    expect((await replayed(config, rows("a"))).kinds).toEqual({ "wrong-variation": 200 });
    const { exitCode, stderr } = await run(["srm", "-", "--config", config], rows(false));
    expect(exitCode).toBe(2);
    expect(stderr).toContain("nothing to judge: no exposure with a variation found");
  });
});

describe("PostHog's $experiment_exposure", () => {
  const config = configOf("posthog", { key: "beta", traffic: 100 });
  const row = (event: string, i: number): object => ({
    event,
    timestamp: "2026-09-02T00:00:00Z",
    distinct_id: `user-${i}`,
    properties: {
      $feature_flag: "beta",
      $feature_flag_response: i % 2 === 0 ? "a" : "b",
    },
  });
  const rows = (event: string, subjects: number): object[] =>
    Array.from({ length: subjects }, (_, i) => row(event, i));

  it.each([
    { old: 0, because: "an experiment may have only this event" },
    { old: 200, because: "half of the subjects may also have the old event" },
  ])(
    "is an exposure of 400 subjects, $old of them with both events, because $because",
    async ({ old }) => {
      const table = ndjson([
        ...rows("$feature_flag_called", old),
        ...rows("$experiment_exposure", 400),
      ]);
      const { stdout } = await run(["srm", "-", "--config", config, "--json"], table);
      expect(
        stdout
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line).subjects),
      ).toEqual([400]);
    },
  );
});

describe("Amplitude's off", () => {
  const config = configOf("amplitude", { key: "beta", traffic: 0 });
  const row = (type: string, properties: object, more: object = {}): string =>
    `${JSON.stringify({
      event_type: type,
      event_time: "2026-02-01 00:00:00.000000",
      user_id: "user-1",
      event_properties: properties,
      ...more,
    })}\n`;

  it.each([
    { type: "[Experiment] Assignment", properties: { "beta.variant": "off" }, kind: "right" },
    { type: "$exposure", properties: { flag_key: "beta" }, kind: "right" },
    {
      type: "[Experiment] Assignment",
      properties: { "beta.variant": "a" },
      kind: "not-in-experiment",
    },
    {
      type: "$exposure",
      properties: { flag_key: "beta", variant: "a" },
      kind: "not-in-experiment",
    },
  ])("and other variants of $type are judged: $kind", async ({ kind, properties, type }) => {
    expect((await replayed(config, row(type, properties))).kinds).toEqual({ [kind]: 1 });
  });

  it("is not judged by the key of a device", async () => {
    const everybody = configOf("amplitude", { key: "beta" });
    const device = { user_id: null, device_id: "d1" };
    const off = row("[Experiment] Assignment", { "beta.variant": "off" }, device);
    expect((await replayed(everybody, off)).kinds).toEqual({ right: 1 });
  });
});
