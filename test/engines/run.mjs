// Runs the commands of docs/guides/before-and-after.md marked with `<!-- run: … -->`, with the files in
// apps/examples/warehouse, and compares what they print with one run of `sortition replay`.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SUBJECTS, writeData } from "./data.mjs";
import { installEngines } from "./install.mjs";
import { recipesOf } from "./recipes.mjs";

/** Number of rows. */
const ROWS = Number(process.argv[2] ?? 1_000_000);
/** Number of rows for each kind of subject. DuckDB guesses types from the first 20,480 rows. */
const TYPED_ROWS = 40_000;
const root = join(import.meta.dirname, "../..");
const recipes = recipesOf(join(root, "docs/guides/before-and-after.md"));
const folder = mkdtempSync(join(tmpdir(), "sortition-engines-"));
const env = { ...process.env, PATH: `${join(folder, "bin")}:/usr/bin:${process.env.PATH}` };

/** Adds the commands of the recipes to the PATH. */
function writeCommands() {
  const programs = {
    sortition: "packages/cli/dist/main.js",
    duckdb: "test/engines/duckdb.mjs",
    "clickhouse-local": "test/engines/clickhouse.mjs",
  };
  mkdirSync(join(folder, "bin"));
  for (const [name, program] of Object.entries(programs)) {
    const path = join(folder, "bin", name);
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${join(root, program)}' "$@"\n`);
    chmodSync(path, 0o755);
  }
}

/** Runs shell commands as a user who copied them would. Returns the output. */
function shell(text) {
  const { status, stdout } = spawnSync("bash", ["-euo", "pipefail", "-c", text], {
    cwd: folder,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1e9,
  });
  assert.equal(status, 0, text);
  return stdout;
}

/** Runs shell commands that must fail. Returns the output on stderr. */
function failing(text) {
  const { status, stderr } = spawnSync("bash", ["-c", text], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  assert.notEqual(status, 0, text);
  return stderr;
}

/** Returns the shell commands of an engine. */
function commandsOf(engine) {
  const blocks = recipes.get(engine) ?? [];
  assert.ok(blocks.length > 0, `the guide has no commands for ${engine}`);
  return blocks;
}

/** Converts the output of `replay --json` to one object of counts. */
function countsOf(text) {
  const { outOfOrder: _, outOfTimeSpan: __, ...all } = JSON.parse(text.trim().split("\n").at(-1));
  return all;
}

/** Parses the output of `srm --json`, without the members that exist only for rows or only for counts. */
function verdictOf(text) {
  const { exposures, notLookedFor, cause, differing, compared, ...rest } = JSON.parse(text);
  return rest;
}

/** Kills the parent of the first running `sortition replay`, which is a working Dask worker. */
function killWorker() {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
      const isReplay = words[2] === "replay" && words[1]?.endsWith("packages/cli/dist/main.js");
      const isOurs = readFileSync(`/proc/${pid}/environ`, "utf8").includes(`PATH=${folder}`);
      if (!isReplay || !isOurs) continue;
      const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      process.kill(Number(parent), "SIGKILL");
      return true;
    } catch {
      // The process has ended.
    }
  }
  return false;
}

/** Runs shell commands while one worker is killed. */
async function shellWithKilledWorker(text) {
  const child = spawn("bash", ["-euo", "pipefail", "-c", text], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  // Dask prints a long report about the killed worker. It is shown only if the recipe fails.
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  let hasKilled = false;
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  const looking = setInterval(() => {
    if (!hasKilled) hasKilled = killWorker();
  }, 20);
  const status = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(looking);
  assert.equal(status, 0, `${text}\n${stderr}`);
  assert.ok(hasKilled, "a worker was killed");
  return stdout;
}

/** Appends a line whose time is in seconds, which `replay` rejects and DuckDB does not read. */
function appendUnreadable(file) {
  const event = { featureFlag: "checkout", subject: "u", variation: "a", timestamp: 1_769_904_000 };
  appendFileSync(join(folder, file), `${JSON.stringify(event)}\n`);
}

/** Moves all rows of a part to another one. */
function emptyPart(part, other) {
  const path = (name) => join(folder, `parts/${name}.ndjson`);
  appendFileSync(path(other), readFileSync(path(part)));
  writeFileSync(path(part), "");
}

/** Adds up the totals of all parts. */
function sumOf(text) {
  const totals = text.split("\n").filter((line) => line.startsWith('{"total"'));
  return totals.map(countsOf).reduce(added);
}

function added(one, other) {
  const pairs = Object.entries(one).map(([name, value]) => {
    const more = other[name];
    if (Array.isArray(value)) return [name, [...value, ...more]];
    return [name, typeof value === "number" ? value + more : added(value, more)];
  });
  return Object.fromEntries(pairs);
}

/** Runs the recipes for DuckDB, counts and ClickHouse. Returns the counts of a single run. */
function checkTables(kind, rowCount) {
  const replayed = shell(
    "sortition replay exposures.ndjson --config flags.json --json --max-wrong 1% --max-bad 1",
  );
  const expected = countsOf(replayed);
  const { "attributes-missing": lacking, ...planted } = expected.total;
  const { "not-in-experiment": out, "wrong-variation": wrong } = planted;
  assert.ok(Math.min(wrong, out, lacking) > rowCount / 2_500 && expected.duplicates > 100);
  const found = `${wrong} wrong, ${out} not in the experiment, ${lacking} without attributes`;

  const [toParquet, fromParquet] = commandsOf("duckdb");
  shell(toParquet);
  assert.deepEqual(countsOf(shell(fromParquet)), expected);
  console.log(
    `DuckDB, subjects ${kind}: same counts as a single run: ${found}, ${expected.duplicates} duplicates`,
  );

  const [counted] = commandsOf("counts");
  const rowsJudged = shell("sortition srm exposures.ndjson --config flags.json --json --max-bad 1");
  assert.deepEqual(verdictOf(shell(counted)), verdictOf(rowsJudged));
  console.log("Counts: srm prints the same verdict as for the rows");

  const [query] = commandsOf("clickhouse");
  const { flag, rows, ...compared } = JSON.parse(shell(query));
  const judged = Object.values(expected.total).reduce((sum, n) => sum + n, 0);
  assert.deepEqual({ flag, rows: Number(rows) }, { flag: "checkout", rows: judged });
  const asReplayed = [compared.wrong, compared.unassigned, compared.missing].map(Number);
  assert.deepEqual(asReplayed, [wrong, out, lacking]);
  console.log(`ClickHouse, subjects ${kind}: same counts as replay: ${found}, of ${rows} rows`);
  return expected;
}

const notInstalled = installEngines();
if (notInstalled.length > 0) {
  console.error(`cannot install: ${notInstalled.join(", ")}`);
  process.exit(1);
}
try {
  writeCommands();
  cpSync(join(root, "apps/examples/warehouse"), folder, { recursive: true });
  for (const [kind, subjectOf] of Object.entries(SUBJECTS)) {
    if (kind === "text") continue;
    await writeData(folder, TYPED_ROWS, subjectOf);
    checkTables(kind, TYPED_ROWS);
  }
  await writeData(folder, ROWS);
  const expected = checkTables("text", ROWS);

  const [cut, ofFiles, ofParts] = commandsOf("dask").flatMap((block) => block.trim().split("\n"));
  shell(cut);
  emptyPart(8, 7);
  for (const file of ["parts/3.ndjson", "exposures.ndjson"]) appendUnreadable(file);
  for (const text of [ofFiles, ofParts]) {
    assert.deepEqual(countsOf(await shellWithKilledWorker(text)), expected);
  }
  console.log(
    "Dask: same sums as a single run although a worker was killed, with files and with --part",
  );
  writeFileSync(
    join(folder, "strict.py"),
    readFileSync(join(folder, "sums.py"), "utf8").replace('"--max-bad", "1%"', '"--max-bad", "0"'),
  );
  const strict = failing("python3 strict.py files");
  assert.match(
    strict,
    /RuntimeError: .* ended with 1: .*warning: line \d+: (?:subject|timestamp): /s,
  );
  console.log(
    "Dask: a part with more unreadable lines than --max-bad fails the job and names the line",
  );

  const parts = Array.from({ length: 8 }, (_, i) => `parts/${i + 1}.ndjson`).join(" ");
  const spark = join(import.meta.dirname, "spark.py");
  assert.deepEqual(sumOf(shell(`python3 ${spark} counts.py ${parts}`)), expected);
  console.log("Spark: same counts as a single run, in a process started like PySpark's");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
