// Plants one small fault at a time in a copy of a package's sources, and prints the faults that no test notices:
// `npm run mutants -- [packages/NAME[/FOLDER]] [--sample 30] [--seed 1] [--only TEXT] [--oracles] [--each] [--minutes 40]`.
// Without a folder, it takes the package of the day. Exit code: 1 if a fault survives that `mutants/harmless.json` does not list.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { findMutants, isValid, markMutants, plant } from "./mutants/find-mutants.mjs";
import { createTestRunner } from "./mutants/test-runner.mjs";
import { root, workspaceFolders } from "./pages.mjs";

const DAY = Math.floor(Date.now() / 86_400_000);
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: "string", default: "30" },
    seed: { type: "string", default: String(DAY) },
    /** Part of `FILE:LINE`: plants all faults there instead of a sample. */
    only: { type: "string" },
    /** Runs only the tests of `ORACLES`. */
    oracles: { type: "boolean", default: false },
    /** Runs all tests for each fault, and prints which test files notice it, and how many faults each of them noticed. A file that notices none alone may be superfluous. */
    each: { type: "boolean", default: false },
    /** Plants no further fault after this time. */
    minutes: { type: "string", default: "40" },
  },
});

/** Tests that compare with the vendor's SDK or data, or check a contract. They run first. */
const ORACLES = /conformance|differential|grid|contract|fuzz/;
/** Tests that use builds, in which no fault is planted, or measure time. */
const WITHOUT_MUTANTS = /\/test\/(?:timing|programs?|surface|redis)\//;
/** Tests that start processes from the sources. What these processes reach is unknown, so they run for each fault. */
const WITH_WORKERS = /^packages\/redis\/test\/(?:faults|load|uses|worker)\//;
/** Packages whose tests also test another package. */
const TESTED_BY = { core: ["packages/core", "packages/eppo"] };
/** How much longer than without a fault a run may take. Above that, the process is in an endless loop, because tests that wait end themselves. */
const [SLOWER, ANYWAY_SECONDS] = [5, 300];

const folder = (positionals[0] ?? packageOfTheDay()).replace(/\/$/, "");
const [, name] = folder.split("/");
const harmless = JSON.parse(fs.readFileSync(join(root, "scripts/mutants/harmless.json"), "utf8"));

const tested = TESTED_BY[name] ?? [`packages/${name}`];
const copy = copyOfRepository();
const reachedFile = join(copy, "reached.jsonl");
const tests = createTestRunner(copy, { SORTITION_REACHED: reachedFile });
process.once("exit", () => {
  tests.stop();
  fs.rmSync(copy, { recursive: true, force: true });
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.once(signal, () => {
    report();
    process.exit(1);
  });
}

/** @type {{ mutant: import("./mutants/find-mutants.mjs").Mutant, outcome: string }[]} */
const rows = [];
const { all, sample } = chooseMutants();
console.log(`${folder}: ${sample.length} of ${all.length} faults, --seed ${values.seed}`);
await measureTests();
for (const mutant of sample) {
  if (process.uptime() > Number(values.minutes) * 60) break;
  await tryMutant(mutant);
}
process.exitCode = report() ? 0 : 1;
tests.stop();

function packageOfTheDay() {
  const packages = workspaceFolders().filter((it) => it.startsWith("packages/"));
  return packages[DAY % packages.length];
}

/** Copies the packages that are tested, and links the others, so that faults never reach the folder that someone works in. */
function copyOfRepository() {
  const to = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), "sortition-mutants-"));
  const listed = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const copied = ["scripts", "test", ...tested];
  const { stdout } = spawnSync("git", [...listed, ...copied], { cwd: root, encoding: "utf8" });
  for (const file of stdout
    .split("\0")
    .filter((it) => it !== "" && fs.existsSync(join(root, it)))) {
    fs.mkdirSync(dirname(join(to, file)), { recursive: true });
    fs.copyFileSync(join(root, file), join(to, file));
  }
  const folders = ["", "packages", "tools", ...tested];
  for (const path of folders.flatMap((it) =>
    fs.readdirSync(join(root, it)).map((name) => join(it, name)),
  )) {
    if (path === ".git" || fs.existsSync(join(to, path))) continue;
    fs.mkdirSync(dirname(join(to, path)), { recursive: true });
    fs.symlinkSync(join(root, path), join(to, path));
  }
  return to;
}

function chooseMutants() {
  const [start, end] = [join(root, folder), /\.tsx?$/];
  const paths = end.test(start) ? [""] : fs.readdirSync(start, { recursive: true }).sort();
  const files = paths
    .map((path) => join(folder, path))
    .filter(
      (it) =>
        it.startsWith(`packages/${name}/src/`) && end.test(it) && !/\.test(?:-d)?\.ts$/.test(it),
    );
  const found = files.flatMap((file) => findMutants(file));
  if (found.length === 0)
    throw new Error(`${folder}: expected a package with src/, or a folder or file below it`);
  const { only } = values;
  const chosen = only
    ? found.filter(({ file, line }) => `${file}:${line}`.includes(only))
    : shuffled(found, Number(values.seed)).slice(0, Number(values.sample));
  return { all: found, sample: chosen.map((mutant, id) => ({ ...mutant, id })) };
}

function shuffled(list, seed) {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return list
    .map((it) => [random(), it])
    .sort(([a], [b]) => a - b)
    .map(([, it]) => it);
}

/** Runs all tests without a fault, and adds to each mutant the test files that reach it: first the one next to it, then oracles, and fast ones before slow ones. */
async function measureTests() {
  const originals = new Map(
    sample.map(({ file }) => [file, fs.readFileSync(join(root, file), "utf8")]),
  );
  for (const [file, text] of originals) {
    tests.write(
      file,
      markMutants(
        text,
        sample.filter((it) => it.file === file),
      ),
    );
  }
  const isUnitTest = (file) => originals.has(file.replace(".test.ts", ".ts"));
  const files = (await tests.files()).filter(
    (file) =>
      tested.some((it) => file.startsWith(`${it}/`)) &&
      !WITHOUT_MUTANTS.test(file) &&
      (!values.oracles || ORACLES.test(file) || isUnitTest(file)),
  );
  const { failures, seconds } = await tests.run({ files, bail: 0, limitSeconds: 3_600 });
  const failing = new Set(failures.map(({ file }) => file));
  for (const { file, message, title } of failures)
    console.log(`fails without a fault: ${file}: ${title}: ${message}`);
  const reached = fs
    .readFileSync(reachedFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .map(({ file, ids }) => ({ file: relative(copy, file), ids }));
  const rank = (file) =>
    (isUnitTest(file) ? 0 : ORACLES.test(file) ? 1_000 : 2_000) + (seconds[file] ?? 0);
  for (const mutant of sample) {
    mutant.tests = reached
      .filter(({ file, ids }) => ids.includes(mutant.id) || WITH_WORKERS.test(file))
      .filter(({ file }) => !failing.has(file))
      .map(({ file }) => file)
      .sort((a, b) => rank(a) - rank(b));
    mutant.seconds = mutant.tests.reduce((sum, file) => sum + (seconds[file] ?? 0), 0);
  }
  for (const [file, text] of originals) tests.write(file, text);
  console.log(`${files.length} test files in ${Math.round(process.uptime())} s`);
}

async function tryMutant(mutant) {
  const text = fs.readFileSync(join(root, mutant.file), "utf8");
  const atSeconds = process.uptime();
  let outcome = mutant.tests.length === 0 ? "survives: no test reaches it" : "survives";
  if (isValid(text, mutant)) {
    tests.write(mutant.file, plant(text, mutant));
    const limitSeconds = mutant.seconds * SLOWER + ANYWAY_SECONDS;
    let files = mutant.tests;
    while (files.length > 0) {
      const bail = values.each ? 0 : 1;
      const { failures, hangs } = await tests.run({ files, bail, limitSeconds });
      mutant.noticedBy = new Set(failures.map(({ file }) => file));
      // A test that only waits does not say what is wrong. Another one may.
      const named = failures.find(({ message }) => !/timed out in \d+ms/.test(message));
      if (named) outcome = `noticed by ${named.file}: ${named.message.split("\n")[0].slice(0, 80)}`;
      else if (hangs) outcome = `hangs: in an endless loop`;
      else if (failures.length > 0) outcome = `hangs: ${failures[0].file}: ${failures[0].title}`;
      const at = files.indexOf(failures[0]?.file);
      files = named || hangs || at === -1 ? [] : files.slice(at + 1);
    }
    tests.write(mutant.file, text);
  } else {
    outcome = "invalid: a syntax error";
  }
  const reason = harmless[mutant.file]?.[mutant.key];
  if (reason !== undefined && !outcome.startsWith("noticed")) outcome = `listed: ${reason}`;
  rows.push({ mutant, outcome });
  const took = (process.uptime() - atSeconds).toFixed(1);
  console.log(
    `${rows.length}/${sample.length} ${mutant.file}:${mutant.line}: ${mutant.key} (${took} s)\n    ${outcome}`,
  );
  if (values.each) for (const file of mutant.noticedBy ?? []) console.log(`      ${file}`);
}

/** Prints the result. Returns whether all faults were noticed or are listed. */
function report() {
  const count = (start) => rows.filter(({ outcome }) => outcome.startsWith(start)).length;
  const kinds = ["noticed", "survives", "hangs", "listed", "invalid"].map(
    (it) => `${it} ${count(it)}`,
  );
  console.log(
    `${folder}, --seed ${values.seed}: ${rows.length} of ${sample.length} tried: ${kinds.join(", ")}`,
  );
  for (const { mutant, outcome } of rows) {
    if (/^(?:survives|hangs)/.test(outcome))
      console.log(`  ${mutant.file}:${mutant.line}: ${mutant.key}\n    ${outcome}`);
  }
  if (values.each) reportTests();
  return count("survives") + count("hangs") === 0;
}

/** Prints for each test file how many faults it noticed, and how many of them no other file did. */
function reportTests() {
  const sets = rows.map(({ mutant }) => mutant.noticedBy ?? new Set());
  const reaching = new Set(rows.flatMap(({ mutant }) => mutant.tests));
  for (const file of [...reaching].sort()) {
    const noticed = sets.filter((it) => it.has(file));
    const alone = noticed.filter((it) => it.size === 1);
    console.log(`  ${file}: noticed ${noticed.length}, alone ${alone.length}`);
  }
}
