import { appendFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { seededRandom } from "@sortition/proof";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import type { Io } from "../src/io.js";
import { madeOnce } from "../src/made-once.js";
import { openRecords } from "../src/rows/open-records.js";
import { files } from "./generated/files.js";
import { type Run, run, tempFile, tempFolder } from "./run.js";

/**
 * Generates exposures of many subjects, some of them wrong, with commas, quotes and line breaks in their attributes.
 */
function exposures(): readonly Readonly<Record<string, string>>[] {
  const random = seededRandom(21);
  return Array.from({ length: 700 }, (_, i) => ({
    featureFlag: `flag-${i % 3}`,
    allocation: "split",
    variation: random() < 0.5 ? "a" : "b",
    subject: `user-${Math.floor(random() * 300)}`,
    timestamp: new Date(1_770_000_000_000 + i * 1_000).toISOString(),
    subjectAttributes: JSON.stringify({
      nation: i % 2 === 0 ? "DK" : "S,E;",
      note: "two\nlines\t",
    }),
  }));
}

type Rows = ReturnType<typeof exposures>;

function csv(rows: Rows, separator: string, columns = Object.keys(rows[0] ?? {})): string {
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map((row) => columns.map((name) => cell(row[name] ?? "")).join(separator));
  return [columns.join(separator), ...lines].join("\n");
}

function ndjson(rows: Rows): string {
  const events = rows.map((row) => ({
    ...row,
    subjectAttributes: JSON.parse(row["subjectAttributes"] ?? "{}"),
  }));
  return events.map((event) => JSON.stringify(event)).join("\n");
}

/** Splits rows into seven files with different orders of columns. */
function parts(rows: Rows): readonly string[] {
  const columns = Object.keys(rows[0] ?? {});
  return Array.from({ length: 7 }, (_, i) => {
    const turned = [...columns.slice(i % columns.length), ...columns.slice(0, i % columns.length)];
    return csv(rows.slice(i * 100, i * 100 + 100), ",", turned);
  });
}

function folderOf(name: string, contents: Readonly<Record<string, string | Buffer>>): string {
  const folder = join(tempFolder(), name);
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(contents))
    writeFileSync(join(folder, file), content);
  return folder;
}

const config = (): readonly string[] => ["--config", files().old];

describe("exposures in different formats", () => {
  const rows = exposures();
  const split = parts(rows);
  const inputs: Readonly<Record<string, () => readonly string[]>> = {
    "CSV separated by commas": () => [tempFile("in.csv", csv(rows, ","))],
    "CSV separated by tabs": () => [tempFile("in.tsv", csv(rows, "\t"))],
    "CSV separated by semicolons": () => [tempFile("in-semicolons.csv", csv(rows, ";"))],
    gzip: () => [tempFile("in.csv.gz", gzipSync(csv(rows, ",")))],
    "seven files with different orders of columns": () =>
      split.map((text, i) => tempFile(`part-${i}.csv`, text)),
    "a folder of files, some of them compressed, with an engine's markers": () => [
      folderOf("events", {
        ...Object.fromEntries(
          split.map((text, i) =>
            i % 2 === 0 ? [`part-${i}.csv`, text] : [`part-${i}.csv.gz`, gzipSync(text)],
          ),
        ),
        _SUCCESS: "",
        ".part-0.csv.crc": "crc",
      }),
    ],
    "concatenated gzip files, each with its header": () => {
      const columns = Object.keys(rows[0] ?? {});
      const members = Array.from({ length: 7 }, (_, i) =>
        gzipSync(`${csv(rows.slice(i * 100, i * 100 + 100), ",", columns)}\n`),
      );
      return [tempFile("joined.csv.gz", Buffer.concat(members))];
    },
  };

  const ofNdjson = new Map<string, Promise<Run>>();
  const names = Object.keys(inputs).filter((_, i) => isInPart(i, 1) || isInPart(i, 2));

  it.each(names)("give the same output as NDJSON: %s", async (name) => {
    const paths = inputs[name]?.() ?? [];
    for (const command of ["replay", "srm"]) {
      const expected = await madeOnce(ofNdjson, command, () => {
        const given = tempFile("in.ndjson", ndjson(rows));
        return run([command, given, ...config(), "--json"]);
      });
      const { exitCode, stdout } = await run([command, ...paths, ...config(), "--json"]);
      expect(stdout).toBe(expected.stdout);
      expect(stdout.length).toBeGreaterThan(100);
      expect(exitCode).toBe(expected.exitCode);
    }
  });
});

it("names the file of a line if there are several files", async () => {
  const good = tempFile("good.csv", csv(exposures(), ","));
  const bad = tempFile("bad.csv", `${csv(exposures().slice(0, 1), ",")}\nshort`);
  const both = await run(["srm", good, bad, ...config()]);
  expect(both.stderr).toContain(`${bad}:3: expected 6 fields, as in the header, got 1`);
  const one = await run(["srm", bad, ...config()]);
  expect(one.stderr).toContain("line 3: expected 6 fields");
});

it("uses the separator of --separator", async () => {
  const path = tempFile("odd.csv", "a;b,subject\nx;y,u\n");
  const { stderr } = await run(["srm", path, ...config(), "--separator", "comma"]);
  expect(stderr).not.toContain("separator");
  const bad = await run(["srm", path, ...config(), "--separator", "pipe"]);
  expect(bad.exitCode).toBe(2);
  expect(bad.stderr).toContain('--separator: expected comma, tab or semicolon, got "pipe"');
});

it("keeps quotes inside tab-separated fields", async () => {
  const attributes = '{"nation":"DK"}';
  const header = [
    "featureFlag",
    "allocation",
    "variation",
    "subject",
    "timestamp",
    "subjectAttributes",
  ];
  const line = ["flag-0", "split", "a", "user-1", "2026-02-02T00:00:00Z", attributes];
  const path = tempFile("raw.tsv", `${header.join("\t")}\n${line.join("\t")}\n`);
  const { exitCode, stderr } = await run([
    "srm",
    path,
    "--allow-empty",
    ...config(),
    "--by",
    "nation",
  ]);
  expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining("warning")]);
});

describe("an error with a command that converts the file is printed for", () => {
  it.each<{ name: string; content: Buffer | string; says: string }>([
    {
      name: "it's.parquet",
      content: "PAR1....PAR1",
      says: `the input is Parquet. Convert it: duckdb -c "copy (from 'FOLDER/it''s.parquet') to '/dev/stdout' (format json)" | sortition replay - …`,
    },
    {
      name: "events.avro",
      content: "Obj\u0001\u0004",
      says: `the input is Avro. Convert it: duckdb -c "install avro; load avro; copy (from read_avro('FOLDER/events.avro')) to '/dev/stdout' (format json)" | sortition replay - …`,
    },
    { name: "events.orc", content: "ORC....", says: "the input is ORC. Convert it: python3 -c " },
    {
      name: "events.zst",
      content: Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0]),
      says: "the input is compressed with zstd. Convert it: zstd -dc FOLDER/events.zst | sortition replay - …",
    },
    {
      name: "book.xlsx",
      content: "PK\u0003\u0004....[Content_Types].xml",
      says: `the input is an Excel workbook (xlsx). Convert it: duckdb -c "install excel; load excel; copy (from read_xlsx('FOLDER/book.xlsx')) to '/dev/stdout' (format json)" | sortition replay - …`,
    },
    {
      name: "pipes.txt",
      content: "subject|flag\nu|checkout\n",
      says: `the input is text separated by "|". Convert it: duckdb -c "copy (from read_csv('FOLDER/pipes.txt', delim = '|', all_varchar = true)) to '/dev/stdout' (format json)" | sortition replay - …`,
    },
    {
      name: "my events.zip",
      content: "PK\u0003\u0004",
      says: "the input is a zip archive. Convert it: unzip -p 'FOLDER/my events.zip' | sortition replay - …",
    },
    {
      name: "events.json",
      content: '\n[{"subject":"u"}]',
      says: "the input is a JSON array. Convert it: jq -c '.[]' FOLDER/events.json | sortition replay - …",
    },
    {
      name: "excel.csv",
      content: Buffer.from("\ufeffa,b\n", "utf16le"),
      says: "the input is UTF-16 text, as written by Excel. Convert it: iconv -f utf-16 -t utf-8 FOLDER/excel.csv | sortition replay - …",
    },
    {
      name: "mac.csv",
      content: "a,b\r1,2\r",
      says: "the input is text whose lines end with only a carriage return. Convert it: tr '\\r' '\\n' < FOLDER/mac.csv | sortition replay - …",
    },
    {
      name: "array.json.gz",
      content: gzipSync("[1]"),
      says: "the input is a JSON array within gzip. Decompress it with gunzip first",
    },
  ])("$name", async ({ content, name, says }) => {
    const path = tempFile(name, content);
    const folder = path.slice(0, -name.length - 1);
    const good = tempFile("good.csv", csv(exposures(), ","));
    for (const paths of [[path], [good, path]]) {
      const { exitCode, stderr, stdout } = await run(["replay", ...paths, ...config(), "--list"]);
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(`error: ${path}: ${says.replaceAll("FOLDER", folder)}`);
      const [dialect, ...others] = stderr.trim().split("\n");
      expect(dialect).toMatch(/^dialect: eppo/);
      expect(others).toHaveLength(1);
    }
  });
});

it.each(["replay", "srm"])("%s refuses a header that names two columns alike", async (command) => {
  const path = tempFile("twice.csv", "flag,subject,variation,timestamp,subject\nf,u,a,0,v\n");
  const { exitCode, stderr, stdout } = await run([command, path, ...config()]);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(
    `error: ${path}: two columns are named "subject". Rename or remove one of them\n`,
  );
});

describe("several files of another format", () => {
  const PARQUET = "PAR1....PAR1";

  it.each([
    {
      names: ["a.parquet", "b.parquet"],
      content: PARQUET,
      reader: `duckdb -c "copy (from read_parquet(['IN/a.parquet', 'IN/b.parquet'])) to '/dev/stdout' (format json)"`,
    },
    {
      names: ["0.parquet", "1.parquet", "2.parquet", "3.parquet", "4.parquet"],
      content: PARQUET,
      reader: `duckdb -c "copy (from read_parquet('IN/*.parquet')) to '/dev/stdout' (format json)"`,
    },
    { names: ["a.json", "b.json"], content: "[1]", reader: "jq -c '.[]' IN/a.json IN/b.json" },
    {
      names: ["a.csv", "b.csv"],
      content: "a,b\r1,2\r",
      reader: `for f in IN/a.csv IN/b.csv; do tr '\\r' '\\n' < "$f"; done`,
    },
  ])("are converted by one command: $names", async ({ content, names, reader }) => {
    const folder = folderOf(`others-${names.join("-")}`, {
      ...Object.fromEntries(names.map((name) => [name, content])),
      _SUCCESS: "",
    });
    const { exitCode, stderr, stdout } = await run(["replay", folder, ...config()]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`${reader.replaceAll("IN", folder)} | sortition replay - …`);
  });
});

it("names the format of binary requests", async () => {
  const path = tempFile("requests.parquet", "PAR1\n\n....PAR1");
  const file = await run(["evaluate", ...config(), "--requests", path]);
  expect([file.exitCode, file.stdout]).toEqual([2, ""]);
  expect(file.stderr).toContain(
    `error: --requests ${path}: the input is Parquet. Convert it: duckdb -c "copy (from '${path}')`,
  );
  const stdin = await run(["evaluate", ...config()], "PAR1\n\n....PAR1");
  expect(stdin.stderr).toContain("| sortition evaluate …");
});

describe("invalid combinations of files", () => {
  const table = csv(exposures().slice(0, 20), ",");

  it.each<{ name: string; paths: () => readonly string[]; says: string | RegExp }>([
    {
      name: "two formats",
      paths: () => [tempFile("a.csv", table), tempFile("b.ndjson", ndjson(exposures()))],
      says: /b\.ndjson is NDJSON, but .*a\.csv is CSV\. All files must have the same format/,
    },
    {
      name: "the same file twice",
      paths: () => [tempFile("a.csv", table), tempFile("a.csv", table)],
      says: /a\.csv: the file is given twice/,
    },
    {
      name: "stdin and a file",
      paths: () => [tempFile("a.csv", table), "-"],
      says: "-: stdin cannot be combined with files",
    },
    {
      name: "a folder without files",
      paths: () => [folderOf("nothing", { _SUCCESS: "", ".hidden": "x" })],
      says: "nothing: the folder contains no data files",
    },
    {
      name: "a truncated gzip file",
      paths: () => [tempFile("cut.csv.gz", gzipSync(csv(exposures(), ",")).subarray(0, 400))],
      says: "cut.csv.gz: cannot be read: unexpected end of file",
    },
    {
      name: "a missing file",
      paths: () => [tempFile("a.csv", table), "missing.csv"],
      says: "missing.csv: cannot be read: no such file or directory",
    },
  ])("$name", async ({ paths, says }) => {
    const { exitCode, stderr, stdout } = await run(["srm", ...paths(), ...config()]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
  });

  it("report ignored entries and empty files", async () => {
    const folder = folderOf("some", {
      "a.csv": table,
      "b.csv": "",
      _SUCCESS: "",
      ".a.csv.crc": "",
    });
    mkdirSync(join(folder, "sub"), { recursive: true });
    symlinkSync(join(folder, "a.csv"), join(folder, "link.csv"));
    const { exitCode, stderr } = await run(["srm", folder, ...config()]);
    expect(stderr).toContain(
      "some: ignored 4 of 6 entries (markers, checksums, hidden files, links",
    );
    expect(stderr).toContain("b.csv: the file is empty");
    expect(exitCode).not.toBe(2);
  });
});

it("reads a growing file up to its size at the start", async () => {
  const path = tempFile("grows.ndjson", `${ndjson(exposures())}\n`);
  const options = { paths: [path], separator: null, command: "srm", note: () => {} };
  const batches = await openRecords(options, process as unknown as Io); // does not read stdin
  appendFileSync(path, "not JSON\n".repeat(50));
  let rows = 0;
  for await (const { records } of batches) for (const record of records) rows += record.rows;
  expect(rows).toBe(700);
});
