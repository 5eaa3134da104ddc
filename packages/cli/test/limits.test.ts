import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run, tempFile } from "./run.js";
import { experimentConfig } from "./srm/simulated.js";

const NOW = 1_770_000_000_000;
const config = (): string => jsonFile("flags.json", experimentConfig(0.5));

/** Generates rows for `srm` and `replay`. The shares of their variations are those of the configuration. */
const exposures = (rows: number): readonly object[] =>
  Array.from({ length: rows }, (_, i) => ({
    featureFlag: "checkout",
    allocation: "split",
    variation: i % 2 === 0 ? "a" : "b",
    subject: `user-${i}`,
    timestamp: NOW + i,
  }));
const subjects = (rows: number): readonly object[] =>
  Array.from({ length: rows }, (_, i) => ({ subjectKey: `user-${i}` }));
const requests = (rows: number): readonly object[] =>
  Array.from({ length: rows }, (_, i) => {
    return { flag: "checkout", type: "string", default: "none", subjectKey: `user-${i}` };
  });

const COMMANDS: Readonly<
  Record<string, { readonly args: () => string[]; rows(count: number): readonly object[] }>
> = {
  diff: { args: () => ["diff", config(), config(), "--subjects", "-"], rows: subjects },
  replay: {
    args: () => ["replay", "-", "--config", config(), "--max-wrong", "100%"],
    rows: exposures,
  },
  srm: { args: () => ["srm", "-", "--config", config()], rows: exposures },
  evaluate: { args: () => ["evaluate", "--config", config(), "--quiet"], rows: requests },
};
const READERS = ["diff", "replay", "srm"];

/** Runs a command with good rows, followed by bad rows. */
async function runWith(name: string, [good, bad]: readonly [number, number], ...more: string[]) {
  const { args, rows } = COMMANDS[name] as (typeof COMMANDS)[string]; // exists in the table
  return await run([...args(), ...more], `${ndjson(rows(good))}${"{\n".repeat(bad)}`);
}

describe.each(Object.keys(COMMANDS))("--max-bad of sortition %s", (name) => {
  it.each([
    { limit: [], exitCode: 1, because: "the default is 0" },
    { limit: ["--max-bad", "1"], exitCode: 1, because: "two are more than one" },
    { limit: ["--max-bad", "2"], exitCode: 0, because: "two are not more than two" },
    { limit: ["--max-bad", "1%"], exitCode: 1, because: "2 of 100 lines are 2%" },
    {
      limit: ["--max-bad", "2%"],
      exitCode: 0,
      because: "the percentage refers to all lines, including bad ones",
    },
  ])("exits with $exitCode for two bad lines of 100 and $limit, because $because", async (row) => {
    const { exitCode, stderr, stdout } = await runWith(name, [98, 2], ...row.limit);
    expect(exitCode).toBe(row.exitCode);
    expect(stdout).not.toBe("");
    if (name !== "evaluate") expect(stderr).toContain("line 99: not JSON");
  });

  it.each(["few", "-1", "101%", "1 %"])("rejects the limit %s", async (limit) => {
    const { exitCode, stderr, stdout } = await runWith(name, [1, 0], `--max-bad=${limit}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(
      `--max-bad: expected a number such as 10, or a percentage up to 100% such as 0.1%, got "${limit}"`,
    );
  });
});

describe.each(READERS)("an input of sortition %s without rows", (name) => {
  it.each(["", "\n\n", "subject,subjectKey\r\n"])(
    "exits with 2 for %j, and names the option that allows it",
    async (input) => {
      const { args } = COMMANDS[name] as (typeof COMMANDS)[string]; // exists in the table
      const { exitCode, stderr, stdout } = await run(args(), input);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(
        /error: .*nothing to judge.*If the input may be empty, add --allow-empty$/m,
      );
    },
  );

  it.each([
    { more: ["--allow-empty"], input: "" },
    { more: ["--part", "1/8"], input: "" },
    { more: ["--allow-empty"], input: "\n\n" },
    { more: ["--allow-empty"], input: "subject,subjectKey\r\n" },
  ])("exits with 0 for $more", async ({ input, more }) => {
    const { args } = COMMANDS[name] as (typeof COMMANDS)[string]; // exists in the table
    const page = tempFile("page.html", "");
    const allowed = await run([...args(), ...more, "--html", page], input);
    expect(allowed.exitCode).toBe(0);
    expect(allowed.stderr).toMatch(/^\S.*nothing to judge: the input has no rows$/m);
    expect(allowed.stderr).not.toContain("error");
    const json = await run([...args(), ...more, "--json"], input);
    expect(json.exitCode).toBe(0);
    expect(json.stdout).not.toContain("NaN");
  });

  it("exits with 2 in spite of --allow-empty if it has rows, but none is usable", async () => {
    const { exitCode } = await runWith(name, [0, 2], "--allow-empty", "--max-bad", "100%");
    expect(exitCode).toBe(2);
  });
});

describe.each(READERS)("a part of sortition %s without subjects", (name) => {
  it("exits with 0, because they are in other parts", async () => {
    const runs = ["1/2", "2/2"].map((part) => runWith(name, [1, 0], "--part", part));
    const ended = await Promise.all(runs);
    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const empty = ended.filter(({ stderr }) =>
      stderr.includes("nothing to judge: none of its subjects are in this part"),
    );
    expect(empty).toHaveLength(1);
  });

  it("exits with 2 if no row is usable", async () => {
    const { exitCode } = await runWith(name, [0, 2], "--part", "1/2", "--max-bad", "100%");
    expect(exitCode).toBe(2);
  });

  it("exits with 2 if --sample is used instead of --part", async () => {
    const { exitCode } = await runWith(name, [1, 0], "--sample", "0.000001%");
    expect(exitCode).toBe(2);
  });
});

describe("options for the rows of --subjects", () => {
  it.each([["--max-bad", "1"], ["--allow-empty"]])(
    "are rejected by diff without --subjects: %s",
    async (...option) => {
      const { exitCode, stderr } = await run(["diff", config(), config(), ...option]);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(
        `${option[0]} applies to the rows of --subjects. Add --subjects FILE`,
      );
    },
  );
});

describe("--max-unjudged of sortition replay", () => {
  const EVENT = { featureFlag: "checkout", allocation: "split", timestamp: NOW, subject: "user-1" };
  const rules = [{ conditions: [{ operator: "ONE_OF", attribute: "country", value: ["DK"] }] }];
  const restricted = (): string => {
    const { flags, ...rest } = experimentConfig(0.5) as unknown as {
      flags: Record<string, { allocations: object[] }>;
    };
    const { checkout } = flags;
    const allocations = checkout?.allocations.map((it) => ({ ...it, rules }));
    return jsonFile("restricted.json", {
      ...rest,
      flags: { checkout: { ...checkout, allocations } },
    });
  };
  /** Replays exposures with a country, without a country, of an unknown flag, and overridden ones. */
  const replayed = (counts: readonly number[], ...more: string[]) => {
    const shapes = [
      { variation: "x", subjectAttributes: { country: "DK" } },
      { variation: "x", subjectAttributes: {} },
      { variation: "x", featureFlag: "theirs" },
      { variation: "x", forced: true },
    ];
    const rows = shapes.flatMap((shape, i) =>
      Array.from({ length: counts[i] ?? 0 }, () => ({ ...EVENT, ...shape })),
    );
    const accepted = ["--max-wrong", "100%", "--max-unknown", "100%"];
    const args = ["replay", "-", "--config", restricted(), ...accepted, ...more];
    return run(args, ndjson(rows));
  };

  it.each([
    { counts: [50, 50], more: [], exitCode: 0, because: "the default allows half of them" },
    { counts: [49, 51], more: [], exitCode: 1, because: "it is more than half" },
    {
      counts: [49, 51, 900],
      more: [],
      exitCode: 1,
      because: "exposures of unknown flags are excluded",
    },
    { counts: [49, 51], more: ["--max-unjudged", "51%"], exitCode: 0, because: "the limit is 51%" },
    { counts: [99, 1], more: ["--max-unjudged", "0"], exitCode: 1, because: "the limit is 0" },
    { counts: [10, 0, 0, 90], more: [], exitCode: 0, because: "overridden exposures lack nothing" },
    { counts: [0, 100], more: [], exitCode: 2, because: "no exposure was judged" },
    {
      counts: [0, 100],
      more: ["--max-unjudged", "100%"],
      exitCode: 2,
      because: "no exposure was judged, whatever the limit is",
    },
    {
      counts: [0, 10, 90],
      more: [],
      exitCode: 2,
      because: "no exposure of a known flag was judged",
    },
    { counts: [0, 0, 0, 10], more: [], exitCode: 2, because: "no exposure was judged" },
    { counts: [0, 0, 10], more: [], exitCode: 0, because: "--max-unknown allows unknown flags" },
    {
      counts: [0, 10],
      more: ["--max-unjudged", "100%", "--allow-empty"],
      exitCode: 0,
      because: "a small partition may contain only such rows",
    },
    { counts: [0, 10], more: ["--allow-empty"], exitCode: 1, because: "the default limit is 50%" },
  ])("exits with $exitCode for $counts exposures and $more, because $because", async (row) => {
    const { exitCode, stderr, stdout } = await replayed(row.counts, ...row.more);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: row.exitCode });
    expect(stdout).toContain("all");
    if (row.exitCode === 1) {
      expect(stderr).toMatch(
        /error: \d+ of 1?\d+ exposures of known flags could not be judged, which is more than --max-unjudged allows/,
      );
    }
    if (row.exitCode === 2) expect(stderr).toContain("error: no exposure could be judged: ");
  });

  it("rejects an invalid limit", async () => {
    const { exitCode, stderr } = await replayed([1], "--max-unjudged", "most");
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      '--max-unjudged: expected a number such as 10, or a percentage up to 100% such as 0.1%, got "most"',
    );
  });
});
