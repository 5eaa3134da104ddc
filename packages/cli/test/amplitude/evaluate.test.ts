import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run } from "../run.js";

const ON = { key: "on", value: "on" };
const OFF = { key: "off", metadata: { default: true } };

/** The example from the command's documentation. */
const BANNER = {
  key: "banner",
  metadata: { flagType: "release", flagVersion: 4 },
  variants: { on: { ...ON, payload: { text: "Hi" } }, off: OFF },
  segments: [
    {
      conditions: [[{ selector: ["context", "user", "country"], op: "is", values: ["Iceland"] }]],
      variant: "on",
      metadata: { segmentName: "Iceland" },
    },
    { variant: "off", metadata: { segmentName: "All Other Users" } },
  ],
};

/** A flag for the members of a cohort. */
const BETA = {
  key: "beta",
  variants: { on: ON },
  segments: [
    {
      conditions: [
        [{ selector: ["context", "user", "cohort_ids"], op: "set contains any", values: ["c1"] }],
      ],
      variant: "on",
    },
  ],
};

const COHORT = {
  cohortId: "c1",
  groupType: "User",
  lastModified: 1,
  size: 1,
  memberIds: ["alice"],
};

async function evaluate(config: unknown, requests: readonly object[], ...more: string[]) {
  const file = jsonFile("amplitude.json", config);
  const args = ["evaluate", "--dialect", "amplitude", "--config", file, ...more];
  const { exitCode, stderr, stdout } = await run(args, ndjson(requests));
  const results = stdout
    .trim()
    .split("\n")
    .map((line) => (line === "" ? null : (JSON.parse(line) as Record<string, unknown>)));
  return { exitCode, stderr, results };
}

describe("sortition evaluate --dialect amplitude", () => {
  it("evaluates the documented example byte for byte", async () => {
    const file = jsonFile("banner.json", [BANNER]);
    const args = ["evaluate", "--dialect", "amplitude", "--config", file];
    const request = {
      id: 1,
      user: { user_id: "user-1", country: "Iceland" },
      flagKeys: ["banner"],
    };
    const { stdout } = await run(
      [...args, "--events", "--now", "2026-02-01T12:00:00Z"],
      ndjson([request]),
    );
    expect(stdout).toBe(
      '{"id":1,"variants":{"banner":{"key":"on","value":"on","payload":{"text":"Hi"},"metadata":{"flagType":"release","flagVersion":4,"segmentName":"Iceland"}}},"assignment":{"event_type":"[Experiment] Assignment","user_id":"user-1","event_properties":{"banner.variant":"on","banner.details":"v4 rule:Iceland"},"user_properties":{"$set":{"[Experiment] banner":"on"},"$unset":{}},"insert_id":"user-1 undefined -981277860 20485"},"exposures":[]}\n',
    );
  });

  it("drops default variants with the deprecated call", async () => {
    const user = { user_id: "user-1" };
    const { results } = await evaluate([BANNER], [{ user }, { user, method: "evaluate" }]);
    expect(results[0]).toMatchObject({ variants: { banner: { key: "off" } } });
    expect(results[1]).toEqual({ id: 2, variants: {} });
  });

  it("reads cohorts from the configuration", async () => {
    const { results } = await evaluate({ flags: [BETA], cohorts: [COHORT] }, [
      { user: { user_id: "alice" } },
      { user: { user_id: "bob" } },
    ]);
    expect(results).toMatchObject([{ variants: { beta: { key: "on" } } }, { variants: {} }]);
  });

  it("logs equal calls once with --dedupe, until a day has passed", async () => {
    const user = { user_id: "user-1", country: "Iceland" };
    const at = (now: string): object => ({ user, now, tracksExposure: true });
    const { results } = await evaluate(
      [BANNER],
      [at("2026-02-01T00:00:00Z"), at("2026-02-02T00:00:00Z"), at("2026-02-02T00:00:00.001Z")],
      "--events",
      "--dedupe",
      "lru:10",
    );
    expect(results.map((it) => it?.["exposures"])).toMatchObject([[{}], [], [{}]]);
    expect(results.map((it) => it?.["assignment"] !== null)).toEqual([true, false, true]);
  });

  it("reports a dependency cycle with the error that the vendor's SDK throws", async () => {
    const flag = (key: string, dependency: string): object => ({
      key,
      dependencies: [dependency],
      variants: {},
      segments: [],
    });
    const { exitCode, results } = await evaluate(
      [flag("a", "b"), flag("b", "a"), BANNER],
      [{ user: {} }, { user: {}, flagKeys: ["banner"] }],
    );
    expect(exitCode).toBe(0);
    expect(results[0]).toEqual({
      id: 1,
      throws: "Error",
      message: "Detected a cycle between flags a,b",
      cycle: ["a", "b"],
    });
    expect(results[1]).toMatchObject({ variants: { banner: { key: "off" } } });
  });

  it("omits a malformed flag, and warns about it once", async () => {
    const broken = { key: "broken", variants: { on: ON } };
    const { exitCode, results, stderr } = await evaluate([broken, BANNER], [{ user: {} }]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("broken");
    expect(Object.keys(results[0]?.["variants"] as object)).toEqual(["banner"]);
  });

  it.each([
    { request: { flagKeys: [] }, message: "user: expected an object, got nothing" },
    { request: { user: {}, flagKeys: "a" }, message: "flagKeys: expected an array of strings" },
    { request: { user: {}, method: "fetch" }, message: "method: expected evaluateV2 or evaluate" },
    { request: { user: {}, tracksExposure: 1 }, message: "tracksExposure: expected a boolean" },
    { request: { user: {}, flag: "a" }, message: "flag: unknown field" },
  ])("rejects the request $request", async ({ message, request }) => {
    const { exitCode, results } = await evaluate([BANNER], [request]);
    expect(exitCode).toBe(1);
    expect(results[0]).toMatchObject({ error: { code: "invalid_request" } });
    expect(JSON.stringify(results[0])).toContain(message);
  });

  it.each([
    { config: 5, message: "$: expected an array of flags or an object" },
    { config: { flags: {} }, message: "$.flags: expected an array" },
    { config: { flags: [], cohorts: [{}] }, message: "$.cohorts[0].cohortId: expected a string" },
  ])("rejects the configuration $config", async ({ config, message }) => {
    const { exitCode, stderr } = await evaluate(config, [{ user: {} }]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  it("rejects an invalid value of --dedupe", async () => {
    for (const dedupe of ["none", "lru", "lru:-1", "expiring:1:1"]) {
      const { exitCode } = await evaluate([], [], "--events", "--dedupe", dedupe);
      expect(exitCode).toBe(2);
    }
  });
});

describe("sortition explain and inspect --dialect amplitude", () => {
  it("shows the value that a condition on another flag read", async () => {
    const dependent = {
      key: "dependent",
      dependencies: ["banner"],
      variants: { on: ON },
      segments: [
        {
          conditions: [[{ selector: ["result", "banner", "key"], op: "is", values: ["on"] }]],
          variant: "on",
          metadata: { segmentName: "Banner users" },
        },
      ],
    };
    const file = jsonFile("dependent.json", [BANNER, dependent]);
    const args = ["explain", "dependent", "--subject", "user-1", "--dialect", "amplitude"];
    const { stdout } = await run([...args, "--config", file], "");
    expect(stdout).toContain("✗ flag banner is off, not on (is)");
    expect(stdout).toContain("Banner users: does not match");
  });

  it("shows segments, distributions and cohorts", async () => {
    const split = {
      key: "split",
      variants: { on: ON, off: OFF },
      segments: [
        {
          bucket: {
            selector: ["context", "user", "user_id"],
            salt: "salt",
            allocations: [
              {
                range: [0, 50],
                distributions: [{ variant: "on", range: [0, 42_949_673] }],
              },
            ],
          },
          variant: "off",
          metadata: { segmentName: "Half" },
        },
      ],
    };
    const file = jsonFile("split.json", { flags: [split, BETA], cohorts: [COHORT] });
    const { stdout } = await run(["inspect", "--config", file, "--dialect", "amplitude"], "");
    expect(stdout).toContain("1 cohort");
    expect(stdout).toMatch(/1 Half +open +all subjects +on 50%, off 50%/);
    const args = ["explain", "split", "--subject", "user-1", "--config", file];
    const explained = await run([...args, "--dialect", "amplitude"], "");
    expect(explained.stdout).toMatch(
      /shard \d+ of 100, in the range for this segment \(salt "salt": this segment \[0,\s+50\)\)/,
    );
  });
});
