import { describe, expect, it } from "vitest";
import { Configuration, createClient } from "../../test/eppo-client.js";

/** A value that cannot be converted to a string, a number or a date. */
const HOSTILE = { toString: 1, valueOf: 1 };
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** A place in a flag. */
type Path = readonly (string | number)[];

/** A flag with two allocations. The first one is for subjects with an age above 1. */
const FLAG = {
  key: "f",
  enabled: true,
  variationType: "STRING",
  totalShards: 10_000,
  variations: { on: { key: "on", value: "on" }, off: { key: "off", value: "off" } },
  allocations: [
    {
      key: "first",
      startAt: "2020-01-01",
      endAt: "2120-01-01",
      rules: [{ conditions: [{ attribute: "age", operator: "GT", value: 1 }] }],
      splits: [
        { variationKey: "on", shards: [{ salt: "s", ranges: [{ start: 0, end: 10_000 }] }] },
      ],
      doLog: true,
    },
    { key: "second", splits: [{ variationKey: "off", shards: [] }], doLog: true },
  ],
};
const SHARD: Path = ["allocations", 0, "splits", 0, "shards", 0];

/** Copies of the flag, each with one place changed. */
function flagWith(...changes: readonly (readonly [path: Path, value: unknown])[]): object {
  const flag = structuredClone(FLAG);
  for (const [path, value] of changes) {
    let owner: object = flag;
    for (const step of path.slice(0, -1)) owner = Reflect.get(owner, step);
    Reflect.set(owner, path.at(-1) as string, structuredClone(value));
  }
  return flag;
}

function clientOf(flag: object, nested = "") {
  const text = JSON.stringify({ flags: { f: flag } }).replace('"NESTED"', nested);
  const initialConfiguration = Configuration.from({ flagsConfiguration: text });
  return createClient({ initialConfiguration, diagnostics: SILENT });
}

describe("a part that cannot be converted", () => {
  it.each([
    { part: "the value of another variation", path: ["variations", "on", "value"] },
    {
      part: "the bound of a condition",
      path: ["allocations", 0, "rules", 0, "conditions", 0, "value"],
    },
    { part: "a salt", path: [...SHARD, "salt"] },
    { part: "a variation key", path: ["allocations", 0, "splits", 0, "variationKey"] },
    { part: "the start of a range", path: [...SHARD, "ranges", 0, "start"] },
    { part: "the end of a range", path: [...SHARD, "ranges", 0, "end"] },
    { part: "the number of shards", path: ["totalShards"] },
  ])("fails only subjects that reach it: $part", ({ path }) => {
    const client = clientOf(flagWith([path, HOSTILE]));
    expect(client.getStringAssignment("f", "b", {}, "default")).toBe("off");
    expect(client.getStringAssignment("f", "a", { age: 5 }, "default")).toBe("default");
    expect(client.getStringAssignmentDetails("f", "a", { age: 5 }, "default")).toMatchObject({
      errorCode: "SORTITION_DECODE",
      evaluationDetails: { flagEvaluationCode: "ASSIGNMENT_ERROR" },
    });
  });

  it.each([
    { path: [...SHARD, "salt"], reported: "allocations[0].splits[0].shards[0].salt" },
    {
      path: ["allocations", 0, "splits", 0, "variationKey"],
      reported: "allocations[0].splits[0].variationKey",
    },
    {
      path: [...SHARD, "ranges", 0, "end"],
      reported: "allocations[0].splits[0].shards[0].ranges[0].end",
    },
    { path: ["allocations", 0, "endAt"], reported: "allocations[0].endAt" },
    { path: ["totalShards"], reported: "totalShards" },
  ])("is an issue of its flag: $reported", ({ path, reported }) => {
    const { issues } = clientOf(flagWith([path, HOSTILE])).getConfiguration() ?? {};
    expect(issues).toEqual([
      expect.objectContaining({ path: `$.flags["f"].${reported}`, flagKey: "f" }),
    ]);
  });

  it("at the end of a range fails subjects above its start", () => {
    const client = clientOf(
      flagWith(
        [["allocations", 0, "rules"], []],
        [[...SHARD, "ranges"], [{ start: 5_000, end: HOSTILE }]],
      ),
    );
    const values = ["a", "b", "c", "d", "e", "f", "g", "h"].map((key) =>
      client.getStringAssignment("f", key, {}, "default"),
    );
    expect(new Set(values)).toEqual(new Set(["off", "default"]));
  });

  it.each(["startAt", "endAt"])("at %s fails every subject that reaches it", (bound) => {
    const change = [["allocations", 0, bound], HOSTILE] as const;
    const [first, second] = FLAG.allocations;
    const before = clientOf(flagWith([["allocations"], [first, second]], change));
    expect(before.getStringAssignment("f", "b", {}, "default")).toBe("default");
    const behind = clientOf(
      flagWith([["allocations"], [second, first]], [["allocations", 1, bound], HOSTILE]),
    );
    expect(behind.getStringAssignment("f", "b", {}, "default")).toBe("off");
  });

  it("at endAt fails no subject before the allocation has started", () => {
    const client = clientOf(
      flagWith(
        [["allocations", 0, "startAt"], "2119-01-01"],
        [["allocations", 0, "endAt"], HOSTILE],
      ),
    );
    expect(client.getStringAssignment("f", "b", {}, "default")).toBe("off");
  });

  it.each([
    { rules: { length: 2 }, value: "default", because: "it has a length" },
    { rules: { length: 0 }, value: "on", because: "its length is 0" },
    { rules: 5, value: "on", because: "a number has no length" },
  ])(
    "results in $value if the list of rules is not a list, because $because",
    ({ rules, value }) => {
      const client = clientOf(flagWith([["allocations", 0, "rules"], rules]));
      expect(client.getStringAssignment("f", "b", {}, "default")).toBe(value);
    },
  );

  it("does not lose the details of a rule that nests deeper than the stack allows", () => {
    const depth = 50_000;
    const client = clientOf(
      flagWith([["allocations", 0, "rules"], [{ conditions: [], note: "NESTED" }]]),
      `${"[".repeat(depth)}${"]".repeat(depth)}`,
    );
    expect(client.getStringAssignmentDetails("f", "a", {}, "default")).toMatchObject({
      value: "on",
      evaluationDetails: { flagEvaluationCode: "MATCH" },
    });
  });
});
