// Runs the recipes of docs/guides/beyond-one-machine.md that say "run here", cut out of the page, and compares what they print with
// one run of `sortition replay`.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { writeData } from "./data.mjs";
import { installEngines } from "./install.mjs";
import { recipesOf } from "./recipes.mjs";

const ROWS = 1_000_000;
const root = join(import.meta.dirname, "../..");
const recipes = recipesOf(join(root, "docs/guides/beyond-one-machine.md"));
const folder = mkdtempSync(join(tmpdir(), "sortition-engines-"));
const env = { ...process.env, PATH: `${join(folder, "bin")}:/usr/bin:${process.env.PATH}` };

/** Puts the commands that recipes call on the path. */
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

/** Runs a text in a shell, as a user would who copied it. Returns what it printed. */
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

/** Writes the files of an engine. Returns what a shell runs. */
function prepare(engine) {
  const blocks = recipes.get(engine) ?? [];
  assert.ok(blocks.length > 0, `the guide has no recipe of ${engine}`);
  for (const { file, text } of blocks) {
    if (file === undefined) continue;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
    chmodSync(join(folder, file), 0o755);
  }
  return blocks.filter(({ file }) => file === undefined).map(({ text }) => text);
}

/** What `replay --json` prints, as one object of counts. */
function countsOf(text) {
  const { outOfOrder: _, outOfTimeSpan: __, ...all } = JSON.parse(text.trim().split("\n").at(-1));
  return all;
}

/** What `srm --json` prints, without what only rows or only counts have. */
function verdictOf(text) {
  const { exposures: _, notLookedFor: __, cause: ___, ...rest } = JSON.parse(text);
  return rest;
}

/** Kills the parent of the first running `sortition replay`: a worker of Dask, while it works. */
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
      // It has ended.
    }
  }
  return false;
}

/** Runs a text as {@link shell}, while one worker is killed. */
async function shellWithKilledWorker(text) {
  const child = spawn("bash", ["-euo", "pipefail", "-c", text], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  // Dask reports the killed worker at length: it is shown if the recipe fails.
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

const missing = installEngines();
if (missing.length > 0) {
  console.error(`cannot be installed: ${missing.join(", ")}`);
  process.exit(1);
}
try {
  writeCommands();
  await writeData(folder, ROWS);
  const replayed = shell(
    "sortition replay exposures.ndjson --config flags.json --json --max-wrong 100%",
  );
  const expected = countsOf(replayed);
  assert.ok(expected.total["wrong-variation"] > 500 && expected.total["not-in-experiment"] > 400);

  const [toParquet, fromParquet] = prepare("duckdb");
  shell(toParquet);
  assert.deepEqual(countsOf(shell(fromParquet)), expected);
  console.log("DuckDB: the counts are those of one run");

  const [counted] = prepare("counts");
  const rowsJudged = shell("sortition srm exposures.ndjson --config flags.json --json");
  assert.deepEqual(verdictOf(shell(counted)), verdictOf(rowsJudged));
  console.log("Counts: srm says what it says of the rows");

  const [query] = prepare("clickhouse");
  const { rows, wrong, unassigned } = JSON.parse(shell(query));
  assert.deepEqual([rows, wrong, unassigned].map(Number), [
    ROWS,
    expected.total["wrong-variation"],
    expected.total["not-in-experiment"],
  ]);
  console.log(`ClickHouse: ${wrong} wrong and ${unassigned} without assignment, as replay says`);

  const [cut, ofFiles, ofParts] = prepare("dask");
  shell(cut);
  for (const text of [ofFiles, ofParts]) {
    assert.deepEqual(countsOf(await shellWithKilledWorker(text)), expected);
  }
  console.log("Dask: the sums are those of one run, with a worker killed, by files and by --part");
} finally {
  rmSync(folder, { recursive: true, force: true });
}
