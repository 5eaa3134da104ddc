import { isInPart } from "@sortition/test-kit";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { describe, expect, it } from "vitest";
import { jsonFile, ndjson, run } from "../run.js";
import type { LoggedExposure } from "../srm/simulated.js";

const CREATED = "2026-02-01T00:00:00.000Z";
const ROWS = 1_000;

const OWN = ["checkout", "search-box", "search-rank"];
/** The flags of the team whose table is shared. Everybody gets `a`, except Swedes, who are not in the experiment. */
const FLAGS = OWN.map((key) => {
  const values = { a: "red", b: "blue" };
  return splitFlag({ key, name: "split", shares: { a: 100 }, values, when: { country: ["DK"] } });
});
const CONFIG = { ...flagsPayload("eppo", FLAGS), createdAt: CREATED };

interface Row extends Partial<Omit<LoggedExposure, "subjectAttributes">> {
  readonly forced?: boolean;
  readonly subjectAttributes?: object;
}

let id = 0;
function row(more: Row = {}): object {
  id += 1;
  return {
    featureFlag: "checkout",
    allocation: "split",
    variation: "a",
    subject: `user-${id}`,
    timestamp: "2026-02-02T12:00:00.000Z",
    messageId: `m-${id}`,
    subjectAttributes: { country: "DK" },
    ...more,
  };
}

function rows(n: number, more: Row): object[] {
  return Array.from({ length: n }, () => row(more));
}

/** Subjects that were logged with both variations, the second of which is wrong. */
function moved(n: number): object[] {
  return rows(n, {}).flatMap((first) => [
    first,
    { ...first, variation: "b", messageId: `${(first as Row).messageId}-again` },
  ]);
}

/** The rows of five teams, by what is to be found about them. The first team owns the configuration. */
const PLANTED: Readonly<Record<string, readonly object[]>> = {
  right: OWN.flatMap((featureFlag) => rows(ROWS, { featureFlag })),
  "wrong variation": rows(30, { featureFlag: "checkout", variation: "b" }),
  "not in the experiment": rows(20, {
    ...{ featureFlag: "search-box", subjectAttributes: { country: "SE" } },
  }),
  "attribute missing": rows(10, { featureFlag: "search-box", subjectAttributes: {} }),
  forced: rows(5, { featureFlag: "search-rank", variation: "b", forced: true }),
  "older than the configuration": rows(7, { timestamp: "2026-01-15T12:00:00.000Z" }),
  "from a clock that is ahead": rows(6, { timestamp: "2090-01-01T12:00:00.000Z" }),
  "with the same message id": rows(3, { messageId: "the-same" }),
  "two variations of a subject": moved(4),
  "of other teams": ["ads", "billing", "mail"].flatMap((team) =>
    rows(750, { featureFlag: `${team}-flag`, variation: "x" }),
  ),
  "of another team, with our prefix": rows(750, { featureFlag: "search-flag", variation: "x" }),
  "not an exposure": [{ type: "page", properties: {} }],
};

const ALL = Object.values(PLANTED).flat();
const TABLE = ndjson(ALL);

/** The same table as CSV. Cells of objects contain JSON. */
function csv(): string {
  const names = [...new Set(ALL.flatMap((it) => Object.keys(it)))];
  const cell = (value: unknown): string => {
    if (value === undefined) return "";
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = ALL.map((it) =>
    names.map((name) => cell((it as Record<string, unknown>)[name])).join(","),
  );
  return `${[names.join(","), ...lines].join("\n")}\n`;
}

function replay(...more: readonly string[]) {
  return replayOf(TABLE, ...more);
}

function replayOf(table: string, ...more: readonly string[]) {
  const config = jsonFile("own.json", CONFIG);
  const args = ["replay", "-", "--config", config, "--preset", "sortition", "--json", ...more];
  return run(args, table);
}

async function totalOf(result: ReturnType<typeof replay>) {
  const { stdout } = await result;
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

describe("replay of a table that five teams share", () => {
  it("counts each kind of row, alike from NDJSON and CSV", async () => {
    const total = await totalOf(replay());
    expect(total).toMatchObject({
      total: {
        right: 3 * ROWS + 7 + 6 + 3 + 4,
        "wrong-variation": 30 + 4,
        "not-in-experiment": 20,
        "attributes-missing": 10,
        overridden: 5,
        "no-such-flag": 4 * 750,
      },
      olderThanConfiguration: 7,
      outOfTime: 6,
      duplicates: 2,
      twoVariations: 4,
    });
    expect(await totalOf(replayOf(csv()))).toEqual(total);
  });

  it("fails because of other teams' flags only beyond --max-unknown", async () => {
    const strict = await replay("--max-wrong", "2%");
    expect(strict.exitCode).toBe(1);
    expect(strict.stderr).toContain("of unknown flags, which is more than --max-unknown allows");
    const { exitCode, stderr } = await replay("--max-wrong", "2%", "--max-unknown", "100%");
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  });

  it("does not let them hide the team's own wrong rows", async () => {
    // 54 of 3,089 own rows are 1.7%, but 0.9% of the whole table.
    expect(await replay("--max-wrong", "1%", "--max-unknown", "100%")).toMatchObject({
      exitCode: 1,
    });
  });

  it("leaves them out with --flags, which accepts patterns", async () => {
    const { exitCode, stderr } = await replay("--flags", "checkout,search-*", "--max-wrong", "2%");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("750 of ");
    const named = await replay("--flags", "checkout,search-box,search-rank", "--max-wrong", "2%");
    expect(named.exitCode).toBe(0);
    expect(named.stderr).toContain("skipped 3,000 exposures of other flags");
    const { total } = await totalOf(replay("--flags", "search-rank"));
    expect(total).toMatchObject({ right: ROWS, overridden: 5, "no-such-flag": 0 });
  });

  it("suggests --history for rows that are older than the configuration", async () => {
    const config = jsonFile("own.json", CONFIG);
    const { stdout } = await run(["replay", "-", "--config", config], TABLE);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain(
      "7 exposures are older than the configuration, which was published 2026-02-01. Use --history",
    );
  });

  it.each(["replay", "srm", "diff"].filter((_, i) => isInPart(i)))(
    "rejects a name of --flags that matches nothing: %s",
    async (command) => {
      const config = jsonFile("own.json", CONFIG);
      const files = command === "diff" ? [config, config] : ["-", "--config", config];
      for (const [flags, problem] of [
        ["chekout", 'there is no flag "chekout" in the configuration, did you mean "checkout"?'],
        ["find-*", '--flags: no flag of the configuration matches "find-*"'],
      ] as const) {
        const { exitCode, stderr } = await run([command, ...files, "--flags", flags], TABLE);
        expect(exitCode).toBe(2);
        expect(stderr).toContain(`error: ${problem}\n`);
      }
    },
  );

  it("is narrowed by --flags in srm and diff too", async () => {
    const config = jsonFile("own.json", CONFIG);
    const srm = await run(["srm", "-", "--config", config, "--flags", "search-*", "--json"], TABLE);
    const flags = srm.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).flag);
    expect(flags.sort()).toEqual(["search-box", "search-flag", "search-rank"]);
    const diff = await run(["diff", config, config, "--flags", "search-*", "--json"]);
    expect(diff.stdout.match(/"flag":"[^"]*"/g)).toEqual([
      '"flag":"search-box"',
      '"flag":"search-rank"',
    ]);
  });
});
