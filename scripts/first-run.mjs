// Records which functions run from the import of a package to its first answer, in the readable builds (`npm run
// build:scripts`), and writes their names to config/build/first-run.json: `npm run build` has V8 compile them with their
// module. A name that is missing, or no longer used, costs microseconds and changes nothing else.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const logger = "{ logAssignment() {} }";

const targeting = { country: { $in: ["DE", "FR"] }, appVersion: { $vgte: "1.2.0" } };
const growthbookPayload = {
  features: {
    flag: {
      defaultValue: "none",
      rules: [
        {
          id: "rule",
          key: "test",
          seed: "split",
          hashAttribute: "id",
          hashVersion: 2,
          condition: targeting,
          coverage: 1,
          variations: ["control", "treatment"],
          weights: [0.5, 0.5],
          meta: [{ key: "0" }, { key: "1" }],
        },
      ],
    },
  },
};
const eppoPayload = {
  createdAt: "2026-01-01T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "production" },
  flags: {
    flag: {
      key: "flag",
      enabled: true,
      variationType: "STRING",
      totalShards: 10000,
      variations: {
        treatment: { key: "treatment", value: "treatment" },
        control: { key: "control", value: "control" },
      },
      allocations: [
        {
          key: "allocation",
          rules: [
            {
              conditions: [
                { attribute: "country", operator: "ONE_OF", value: ["DE", "FR"] },
                { attribute: "appVersion", operator: "GTE", value: "1.2.0" },
              ],
            },
          ],
          splits: ["treatment", "control"].map((variationKey, i) => ({
            variationKey,
            shards: [{ salt: "salt", ranges: [{ start: i * 5000, end: i * 5000 + 5000 }] }],
            extraLogging: {},
          })),
          doLog: true,
        },
      ],
    },
  },
};
const amplitudePayload = [
  {
    key: "flag",
    variants: {
      treatment: { key: "treatment", value: "treatment" },
      control: { key: "control", value: "control" },
    },
    segments: [
      {
        conditions: [[{ selector: ["context", "user", "country"], op: "is", values: ["DE"] }]],
        bucket: {
          selector: ["context", "user", "user_id"],
          salt: "salt",
          allocations: [
            {
              range: [0, 100],
              distributions: [
                { variant: "control", range: [0, 21474836] },
                { variant: "treatment", range: [21474836, 42949673] },
              ],
            },
          ],
        },
        variant: "control",
        metadata: { segmentName: "half" },
      },
    ],
    metadata: { deployed: true, evaluationMode: "local", flagType: "experiment", flagVersion: 1 },
  },
];
const posthogPayload = {
  flags: [
    {
      id: 1,
      key: "flag",
      name: "Flag",
      active: true,
      version: 1,
      filters: {
        groups: [
          {
            properties: [
              { key: "country", operator: "exact", value: ["DE", "FR"], type: "person" },
            ],
            rollout_percentage: 100,
            variant: null,
          },
        ],
        payloads: {},
        multivariate: {
          variants: ["treatment", "control"].map((key) => ({
            key,
            name: key,
            rollout_percentage: 50,
          })),
        },
      },
    },
  ],
  group_type_mapping: {},
  cohorts: {},
};

/** The part of a start that is the same for all dialects of the native clients. */
const native = (/** @type {string} */ create, /** @type {string} */ input) => `
  const initialConfiguration = Configuration.from(${input});
  const client = await ${create}({ ...options, initialConfiguration, assignmentLogger: ${logger} });
  const answer = client.getStringAssignment("flag", "user-1", { country: "DE", appVersion: "5.0.0" }, "none");`;

const ofDialect = (/** @type {string} */ name, /** @type {unknown} */ payload) => `
  import { Configuration, createClient } from "core/client";
  import { ${name} } from "${name}/dialect";
  const flags = ${JSON.stringify(JSON.stringify(payload))};
  const dialect = ${name}();
  const options = { dialect };
  ${native("createClient", "{ dialect, payloads: { flags } }")}`;

/** Programs from their imports, which are entries of packages, to a first answer. */
const STARTS = [
  `import { Configuration, init } from "node/index";
  const flagsConfiguration = ${JSON.stringify(JSON.stringify(eppoPayload))};
  const options = {};
  ${native("init", "{ flagsConfiguration }")}`,
  `import { Configuration, createClient } from "core/index";
  const flagsConfiguration = ${JSON.stringify(JSON.stringify(eppoPayload))};
  const options = {};
  ${native("createClient", "{ flagsConfiguration }")}`,
  ofDialect("growthbook", growthbookPayload),
  `import { Configuration, init } from "node/index";
  import { growthbook } from "growthbook/dialect";
  const flags = ${JSON.stringify(JSON.stringify(growthbookPayload))};
  const dialect = growthbook();
  const options = { dialect };
  ${native("init", "{ dialect, payloads: { flags } }")}`,
  ofDialect("amplitude", amplitudePayload),
  ofDialect("posthog", posthogPayload),
  `import { GrowthBook } from "growthbook/index";
  const payload = ${JSON.stringify(growthbookPayload)};
  const attributes = { id: "user-1", country: "DE", appVersion: "5.0.0" };
  const instance = new GrowthBook({ attributes, trackingCallback() {} }).initSync({ payload });
  const answer = instance.getFeatureValue("flag", "none");`,
  `import { LocalEvaluationClient } from "amplitude/index";
  const [flag] = ${JSON.stringify(amplitudePayload)};
  const client = new LocalEvaluationClient("key", { bootstrap: { flag } });
  const user = { user_id: "user-1", country: "DE" };
  const answer = client.evaluateV2(user).flag?.value ?? "none";`,
];

/** Runs a program, and returns the functions that ran, by the path of their file. */
function run(/** @type {string} */ program, /** @type {string} */ folder) {
  const code = program.replace(/ from "(\w+)\/(\w+)"/g, (_, name, entry) => {
    const file = join(root, "packages", name, "dist", `${entry}.js`);
    return ` from ${JSON.stringify(pathToFileURL(file).href)}`;
  });
  // What happens later, at the end of the process, is not part of the start.
  const ending = `
  if (answer !== "treatment" && answer !== "control") throw new Error("not evaluated: " + answer);
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

const isRun = (/** @type {any} */ { functionName, ranges: [{ count }] }) =>
  count > 0 && functionName !== "";

const placeOf = (/** @type {any} */ { functionName, ranges: [{ startOffset }] }) => ({
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
  const modules = [...text.matchAll(/^\/\/ src\/(.*)\.ts$/gm)];
  const [name = ""] = file.slice(join(root, "packages/").length).split(/[\\/]/);
  for (const [start, { name: called, runs }] of functions) {
    // At the top of a module, and needed by most of those who load the file.
    if (!/^(?:async )?function\b/.test(text.slice(start, start + 20)) || text[start - 1] !== "\n")
      continue;
    if (runs * 2 <= starts) continue;
    const module = modules.findLast(({ index }) => index < start)?.[1];
    if (module === undefined) continue;
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

const sorted = (/** @type {Map<string, any>} */ map) =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1));
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
