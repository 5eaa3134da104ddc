// Records which functions run from the import of a package to its first answer, in the readable builds (`npm run
// build:scripts`), and writes their names to config/build/first-run.json: `npm run build` has V8 compile them with their
// module. A name that is missing, or no longer used, costs microseconds and changes nothing else.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { importSource } from "./pages.mjs";

const root = join(import.meta.dirname, "..");
const logger = "{ logAssignment() {} }";

/** By dialect: a payload with one flag, which is for some subjects, and this one of them. */
const { WRITERS } = await importSource("apps/bench/src/dialects/writers.ts");
const PAYLOADS = Object.fromEntries(
  Object.entries(WRITERS).map(([dialect, { bytes, targeted }]) => [
    dialect,
    Buffer.from(bytes([targeted("flag")])).toString(),
  ]),
);
const SHOPPER = '{ country: "DE", appVersion: "5.0.0", market: "DE", app: "5.0.0" }';

/** The part of a start that is the same for all dialects of the native clients. */
const native = (create, input) => `
  const initialConfiguration = Configuration.from(${input});
  const client = await ${create}({ ...options, initialConfiguration, assignmentLogger: ${logger} });
  const answer = client.getStringAssignment("flag", "user-1", ${SHOPPER}, "none");`;

const flagsOf = (dialect) => JSON.stringify(PAYLOADS[dialect]);

/** A start with a dialect, by a function of an entry. */
const ofDialect = (name, from = "core/client", create = "createClient") => `
  import { Configuration, ${create} } from "${from}";
  import { ${name} } from "${name}/dialect";
  const dialect = ${name}();
  const options = { dialect };
  ${native(create, `{ dialect, payloads: { flags: ${flagsOf(name)} } }`)}`;

const ofEppo = (from, create) => `
  import { Configuration, ${create} } from "${from}";
  const options = {};
  ${native(create, `{ flagsConfiguration: ${flagsOf("eppo")} }`)}`;

/** Programs from their imports, which are entries of packages, to a first answer. */
const STARTS = [
  ofEppo("node/index", "init"),
  ofEppo("core/index", "createClient"),
  ofDialect("growthbook"),
  ...["growthbook", "amplitude", "posthog"].flatMap((name) => [
    ofDialect(name),
    ofDialect(name, "node/index", "init"),
  ]),
  `import { GrowthBook } from "growthbook/index";
  const payload = ${PAYLOADS.growthbook};
  const attributes = { id: "user-1", ...${SHOPPER} };
  const instance = new GrowthBook({ attributes, trackingCallback() {} }).initSync({ payload });
  const answer = instance.getFeatureValue("flag", "none");`,
  `import { LocalEvaluationClient } from "amplitude/index";
  const [flag] = ${PAYLOADS.amplitude};
  const client = new LocalEvaluationClient("key", { bootstrap: { flag } });
  const user = { user_id: "user-1", user_properties: ${SHOPPER} };
  const answer = client.evaluateV2(user).flag?.value ?? "none";`,
];

/** Runs a program, and returns the functions that ran, by the path of their file. */
function run(program, folder) {
  const code = program.replace(/ from "(\w+)\/(\w+)"/g, (_, name, entry) => {
    const file = join(root, "packages", name, "dist", `${entry}.js`);
    return ` from ${JSON.stringify(pathToFileURL(file).href)}`;
  });
  // What happens later, at the end of the process, is not part of the start.
  const ending = `
  if (answer === "none" || typeof answer !== "string") throw new Error("not evaluated: " + answer);
  const { stopCoverage, takeCoverage } = await import("node:v8");
  takeCoverage();
  stopCoverage();
  process.exit();`;
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", `${code}\n${ending}`],
    { env: { ...process.env, NODE_V8_COVERAGE: folder }, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`${program}\n${stderr}`);
  const [report = ""] = readdirSync(folder);
  const { result } = JSON.parse(readFileSync(join(folder, report), "utf8"));
  const packages = pathToFileURL(join(root, "packages")).href;
  const ran = new Map();
  for (const { functions, url } of result) {
    if (!url.startsWith(packages)) continue;
    ran.set(fileURLToPath(url), functions.filter(isRun).map(placeOf));
  }
  return ran;
}

const isRun = ({ functionName, ranges: [{ count }] }) => count > 0 && functionName !== "";

const placeOf = ({ functionName, ranges: [{ startOffset }] }) => ({
  name: functionName,
  start: startOffset,
});

/** How many starts load a file, and how many of them run which of its functions at the top of a module. */
const files = new Map();
for (const program of STARTS) {
  const folder = mkdtempSync(join(tmpdir(), "first-run-"));
  try {
    for (const [file, functions] of run(program, folder)) {
      const known = files.get(file) ?? { starts: 0, functions: new Map() };
      files.set(file, known);
      known.starts += 1;
      for (const { name, start } of functions) {
        known.functions.set(start, { name, runs: (known.functions.get(start)?.runs ?? 0) + 1 });
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Packages → modules → names. */
const lists = new Map();
for (const [file, { functions, starts }] of files) {
  const text = readFileSync(file, "utf8");
  const modules = [...text.matchAll(/^\/\/ (.*)\.ts$/gm)];
  const [name = ""] = file.slice(join(root, "packages/").length).split(/[\\/]/);
  for (const [start, { name: called, runs }] of functions) {
    // At the top of a module, and needed by most of those who load the file.
    if (!/^(?:async )?function\b/.test(text.slice(start, start + 20)) || text[start - 1] !== "\n")
      continue;
    if (runs * 2 <= starts) continue;
    const path = modules.findLast(({ index }) => index < start)?.[1] ?? "";
    // Copied modules are in the list of their own package.
    if (!path.startsWith("src/")) continue;
    const module = path.slice("src/".length);
    const source = readFileSync(join(root, "packages", name, "src", `${module}.ts`), "utf8");
    // esbuild adds a number to a name that two modules declare.
    const declared = new RegExp(`function\\*? ${called}\\b`).test(source)
      ? called
      : called.replace(/\d+$/, "");
    const list = lists.get(name) ?? new Map();
    lists.set(name, list);
    list.set(module, new Set([...(list.get(module) ?? []), declared]));
  }
}

if (lists.size === 0) {
  throw new Error("the builds are not readable: run `npm run build:scripts` before");
}

const sorted = (map) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
const written = Object.fromEntries(
  sorted(lists).map(([name, modules]) => [
    name,
    Object.fromEntries(sorted(modules).map(([module, names]) => [module, [...names].sort()])),
  ]),
);
const target = join(root, "config/build/first-run.json");
writeFileSync(target, `${JSON.stringify(written, null, 2)}\n`);
spawnSync(join(root, "node_modules/.bin/biome"), ["format", "--write", target], {
  stdio: "ignore",
});
