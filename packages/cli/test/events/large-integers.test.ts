import { Configuration, createClient } from "@sortition/core";
import { growthbook } from "@sortition/growthbook/dialect";
import { isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { ndjson, run, tempFile } from "../run.js";

const ROWS = 200;
const TOO_LARGE = "the number is too large to be read exactly. Write it as a string";
const TIME = "2026-02-01T12:00:00Z";

/** Half of the companies get each variation. */
function configOf(weights: readonly number[]): string {
  const rule = { key: "prices", variations: ["x", "y"], weights, coverage: 1, hashVersion: 2 };
  const rules = [{ ...rule, hashAttribute: "company" }];
  return JSON.stringify({ features: { prices: { defaultValue: "x", rules } } });
}

const CONFIG = configOf([0.5, 0.5]);
const dialect = growthbook();
const client = createClient({
  dialect,
  initialConfiguration: Configuration.from({ dialect, payloads: { flags: CONFIG } }),
  assignmentLogger: null,
});

/** Keys of 19 digits, which numbers round. */
const COMPANIES = Array.from({ length: ROWS }, (_, i) =>
  String(1_700_000_000_000_000_000n + BigInt(10 * i + 1)),
);
const VARIATIONS = COMPANIES.map((company, i) => {
  const value = client.getStringAssignment("prices", `user-${i}`, { company }, "");
  return value === "x" ? "0" : "1";
});

/** Rows of a table, as text. */
function table(row: (company: string, variation: string, i: number) => string): string {
  return COMPANIES.map((company, i) => `${row(company, VARIATIONS[i] ?? "", i)}\n`).join("");
}

const HEAD = (variation: string, i: number): string =>
  `"user_id":"user-${i}","timestamp":"${TIME}","experiment_id":"prices","variation_id":"${variation}"`;
const UNQUOTED = table((company, variation, i) => `{${HEAD(variation, i)},"company":${company}}`);
const IN_CELL = table(
  (company, variation, i) => `{${HEAD(variation, i)},"attributes":"{\\"company\\":${company}}"}`,
);
const NESTED = table(
  (company, variation, i) => `{${HEAD(variation, i)},"attributes":{"company":${company}}}`,
);
const CSV = `user_id,timestamp,experiment_id,variation_id,company\n${table(
  (company, variation, i) => `user-${i},${TIME},prices,${variation},${company}`,
)}`;
const CSV_CELL = `user_id,timestamp,experiment_id,variation_id,attributes\n${table(
  (company, variation, i) => `user-${i},${TIME},prices,${variation},"{""company"":${company}}"`,
)}`;
const UNREAD = table(
  (company, variation, i) =>
    `{${HEAD(variation, i)},"attributes":{"company":"${company}","trace":${company},"spans":[${company}]}}`,
);

/** As pandas writes a column of floats. */
const FLOATS = table((company, variation, i) => {
  return `{${HEAD(variation, i)},"company":${Number(company).toExponential(15)}}`;
});
const NESTED_FLOATS = table((company, variation, i) => {
  return `{${HEAD(variation, i)},"attributes":{"company":${Number(company).toExponential(15)}}}`;
});
const UNREAD_FLOATS = UNREAD.replaceAll(/"trace":(\d+)/g, '"trace":1.7e+18');

const map = (target: string): readonly string[] => [
  ...["--preset", "experiment", "--map", `attributes.${target}=company`],
];

const READ = [
  { rows: UNQUOTED, args: map("company:string"), because: "the type is a string" },
  { rows: CSV, args: map("company"), because: "a cell of CSV is text" },
  { rows: CSV, args: map("company:string"), because: "a cell of CSV is text" },
  { rows: UNREAD, args: [], because: "no flag reads the numbers" },
  { rows: UNREAD_FLOATS, args: [], because: "no flag reads the floats" },
];
const REFUSED = [
  { rows: UNQUOTED, args: map("company"), name: "company" },
  { rows: UNQUOTED, args: map("company:number"), name: 'column "company"' },
  { rows: CSV, args: map("company:number"), name: 'column "company"' },
  { rows: NESTED, args: [], name: "company" },
  { rows: FLOATS, args: map("company"), name: "company" },
  { rows: NESTED_FLOATS, args: [], name: "company" },
  { rows: IN_CELL, args: [], name: "company" },
  { rows: CSV_CELL, args: [], name: "company" },
];

describe("64-bit integers in rows", () => {
  const config = tempFile("company.json", CONFIG);

  it.each(READ)("are right for replay and counted by srm if $because", async ({ args, rows }) => {
    const options = ["-", "--config", config, "--json", ...args];
    const replayed = await run(["replay", ...options], rows);
    expect(replayed.stderr).not.toContain("error");
    const { total } = JSON.parse(replayed.stdout.trim().split("\n").at(-1) ?? "");
    expect({ exitCode: replayed.exitCode, right: total.right }).toEqual({
      exitCode: 0,
      right: ROWS,
    });
    const { exitCode, stdout } = await run(["srm", ...options], rows);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ subjects: ROWS, verdict: "none" });
  });

  const refused = REFUSED.flatMap((it, i) =>
    ["replay", "srm"]
      .filter((_, j) => isWhole || j === i % 2)
      .map((command) => ({ ...it, command })),
  );

  it.each(refused)("are refused by $command as $name with $args", async (row) => {
    const { args, command, name, rows } = row;
    const options = [command, "-", "--config", config, "--json", ...args];
    const { exitCode, stderr } = await run(options, rows);
    expect(exitCode).toBe(2); // no row is left
    expect(stderr).toContain(`: ${name}: ${TOO_LARGE}`);
    expect(stderr).toContain(`${ROWS} lines could not be read`);
  });

  it("are refused by srm if --by counts them", async () => {
    const options = ["srm", "-", "--config", config, "--by", "trace"];
    const { exitCode, stderr } = await run(options, UNREAD);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`: trace: ${TOO_LARGE}`);
  });

  it("are refused as subjects and, if a flag reads them, as attributes of diff", async () => {
    const now = tempFile("company-new.json", configOf([0.4, 0.6]));
    const diff = (rows: string, ...args: readonly string[]) =>
      run(["diff", config, now, "--subjects", "-", "--json", ...args], rows);
    const subjects = (company: (text: string) => string): string =>
      COMPANIES.map(
        (it, i) => `{"subjectKey":"user-${i}","subjectAttributes":{"company":${company(it)}}}\n`,
      ).join("");
    const quoted = await diff(subjects((it) => `"${it}","trace":${it}`));
    expect(quoted.stderr).not.toContain("could not be read");
    const exact = await diff(
      UNQUOTED,
      "--map",
      "subject=user_id,attributes.company:string=company",
    );
    expect(JSON.parse(exact.stdout).moved).toEqual(JSON.parse(quoted.stdout).moved);
    const refused = [
      await diff(subjects((it) => it)),
      await diff(UNQUOTED, "--map", "subject=user_id,attributes.company=company"),
    ];
    for (const { stderr } of refused) expect(stderr).toContain(`company: ${TOO_LARGE}`);
    const keys = await diff(UNQUOTED, "--map", "subject=company");
    expect(keys.stderr).toContain(`subject: ${TOO_LARGE}`);
  });

  it("name the unit of a time in nanoseconds", async () => {
    const rows = ndjson([{ subject: "u", featureFlag: "prices", variation: "0" }]);
    const timed = rows.replace("}", ',"timestamp":1770000000000000001}');
    const { stderr } = await run(["replay", "-", "--config", config], timed);
    expect(stderr).toContain("expected epoch milliseconds, but the unit is nanoseconds");
  });
});
