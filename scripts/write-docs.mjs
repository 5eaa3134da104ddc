// Copies parts of the code into the documentation: quoted examples, error codes, tables from tests, the command's page, a
// picture of its output, and how to install packages before they are on npm. With `--check`, fails if a page is out of date.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  LOGGER_OPTIONS_HEAD,
  loggerOptionRows,
  OPTIONS_HEAD,
  optionRows,
} from "./option-tables.mjs";
import { importSource, pages, root, withMarkdown, withTable, workspaceFolders } from "./pages.mjs";
import { terminalPicture } from "./terminal-picture.mjs";

const isCheck = process.argv.includes("--check");
const read = (file) => readFileSync(join(root, file), "utf8");

/** Replaces each code block below a comment `<!-- quotes: FILE -->` with the content of that file. */
function withQuotes(page) {
  return page.replace(
    /(<!-- quotes: (\S+) -->\n\n```\w+\n)[\s\S]*?(?<=\n)```$/gm,
    (_, head, file) => `${head}${read(file)}\`\`\``,
  );
}

/** Whether packages are on npm. */
const isReleased = JSON.parse(read("packages/core/package.json")).version !== "0.0.0";

/** Returns the README's badges, which exist from the first release. */
function badges() {
  if (!isReleased) return "";
  const { repository } = JSON.parse(read("package.json"));
  const address = repository.url.replace(/^git\+|\.git$/g, "");
  const all = [
    ["CI", `${address}/actions/workflows/ci.yml/badge.svg`, `${address}/actions/workflows/ci.yml`],
    [
      "npm",
      "https://img.shields.io/npm/v/@sortition/node",
      "https://www.npmjs.com/package/@sortition/node",
    ],
    ["MIT licence", "https://img.shields.io/npm/l/@sortition/node", "LICENSE"],
  ];
  return `\n${all.map(([name, image, to]) => `[![${name}](${image})](${to})`).join("\n")}\n`;
}

/** Draws the command `explain` in a terminal, with a flag of the examples. */
function explainPicture() {
  const command = [
    "sortition explain payment --config flags.json \\",
    "--subject user-1 --now 2026-02-01 \\",
    `--attributes '{"browser_type":"Firefox","country":"NL"}'`,
  ];
  const [, ...args] = [...command.join("\n").matchAll(/'([^']*)'|([^\s\\]+)/g)].map(
    ([, quoted, word]) => quoted ?? word,
  );
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(root, "packages/cli/dist/main.js"), ...args],
    {
      cwd: join(root, "apps/examples"),
      encoding: "utf8",
      env: { ...process.env, FORCE_COLOR: "1" },
    },
  );
  if (status !== 0) throw new Error(`sortition explain failed: ${stderr}`);
  const label = "sortition explain: why user-1 gets the value checkout_ideal of the flag payment";
  return terminalPicture(label, command, `${stderr}${stdout}`);
}

/**
 * Returns how to install packages before the first release, or an empty string after it.
 *
 * @param {string} page - text of the page. Its first install command names the packages.
 */
function installNotice(page) {
  if (isReleased) return "";
  const [line = ""] = /(npm install|npx) [^`\n]*@sortition\/[^`\n]*/.exec(page) ?? [];
  const names = [...line.matchAll(/@sortition\/(\w+)/g)].map(([, name]) => name);
  const packages = [...new Set(names)].join(" ");
  return `\n**Not on npm yet.** Until the first release, \`npm run pack -- ${packages}\` in a clone prints an install command for your project.\n`;
}

const { ERROR_CODES } = await importSource("packages/core/src/errors/codes.ts");
const { ACL } = await importSource("packages/redis/test/acl.ts");
const { KEYS } = await importSource("packages/redis/test/key-table.ts");
const { SIZES } = await importSource("packages/redis/test/simulation/sizing.ts");
const { SDK_HINTS } = await importSource("packages/relay/src/command/hints.ts");
const { getterTable } = await importSource("packages/cli/test/types/getter-table.ts");
const { sharedTable } = await importSource("packages/cli/test/groups/shared-flags.ts");
const { RUN_WITH } = await importSource("test/packed/versions.ts");
const { cliPage } = await importSource("packages/cli/src/commands/page.ts");

const codes = Object.entries(ERROR_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]);
const rights = Object.values(ACL).map(({ title, commands }) => [
  title,
  // A bar would end the table cell.
  `\`${commands.map((command) => `+${command.replace("|", "\\|")}`).join(" ")}\``,
]);
const keys = KEYS.map(([ends, type, expires, loss]) => [
  `\`${ends.replace(", ", "`, `")}\``,
  type,
  expires ?? "never",
  expires === null ? "`volatile-*`" : "",
  loss,
]);
const runWith = Object.entries(RUN_WITH).map(([name, { kind, package: inRegistry, versions }]) => [
  kind,
  name,
  `\`${inRegistry}\``,
  versions.join(", "),
]);
const hosts = Object.entries(SDK_HINTS).flatMap(([vendor, hints]) =>
  hints.map(({ line, sdk, takesNoPath }) => [
    vendor,
    sdk,
    takesNoPath
      ? `\`${line("http://relay:8080")}\` (no path, so only for the default environment)`
      : `\`${line("http://relay:8080/shop")}\``,
  ]),
);
const sizesHead =
  "| workers | calls per second | bytes per second | Redis CPU | Redis memory for connections | connections |";
const redisOptions = [
  ...optionRows("packages/redis/src/options/options.ts", "RedisFleetOptions"),
  ...optionRows("packages/redis/src/options/options.ts", "FleetTimingOptions", "timings."),
  ...optionRows("packages/redis/src/dedupe/options.ts", "DedupeOptions", "dedupe."),
  ...optionRows("packages/redis/src/outbox/options.ts", "OutboxOptions", "outbox."),
  ...optionRows("packages/redis/src/sticky/options.ts", "StickyBucketOptions", "sticky."),
];
const edgeOptions = [
  ...optionRows("packages/edge/src/client/options.ts", "EdgeClientOptions"),
  ...optionRows("packages/edge/src/origin/fetch-origin.ts", "FetchOriginOptions").filter(
    ([option]) => option !== "`dialect`", // inherited with another type
  ),
  ...optionRows("packages/core/src/http/request-options.ts", "RequestOptions"),
];
const clientOptions = [
  ...optionRows("packages/core/src/client/options.ts", "ClientOptions"),
  ...optionRows("packages/core/src/client/exposure-options.ts", "ExposureOptions", "exposures."),
  ...optionRows(
    "packages/core/src/client/exposure-options.ts",
    "DeduplicationOptions",
    "deduplication.",
  ),
];
const nodeOptions = [
  ...optionRows("packages/node/src/client/options.ts", "PollingClientOptions"),
  ...optionRows("packages/node/src/source/polling-source.ts", "PollingSourceOptions"),
  ...optionRows("packages/core/src/http/request-options.ts", "RequestOptions"),
  ...optionRows("packages/node/src/http/proxy.ts", "RouteOptions"),
  ...optionRows("packages/node/src/client/options.ts", "ClientOptions"),
];
const openFeatureOptions = [
  ...optionRows("packages/openfeature/src/provider/options.ts", "SortitionProviderOptions"),
  ...optionRows("packages/openfeature/src/resolution/resolve.ts", "ResolutionOptions"),
];
const amplitudeOptions = [
  ...optionRows("packages/amplitude/src/source/options.ts", "AmplitudeOriginOptions"),
  ...optionRows(
    "packages/amplitude/src/source/cohort-options.ts",
    "CohortSyncOptions",
    "cohortSync.",
  ),
];
const LOGGER_OPTIONS = [
  ["all", "packages/core/src/logger/options.ts", "BufferedLoggerOptions"],
  ["Segment, RudderStack", "packages/core/src/logger/track.ts", "TrackOptions"],
  ["Snowplow", "packages/snowplow/src/message.ts", "SnowplowEventOptions"],
  ["Segment", "packages/segment/src/logger.ts", "OwnedSegment"],
  ["RudderStack", "packages/rudderstack/src/logger.ts", "OwnedRudderstack"],
  ["Snowplow", "packages/snowplow/src/logger.ts", "OwnedSnowplow"],
  ["Segment", "packages/segment/src/logger.ts", "BorrowedSegment"],
  ["RudderStack", "packages/rudderstack/src/logger.ts", "BorrowedRudderstack"],
  ["Snowplow", "packages/snowplow/src/logger.ts", "BorrowedSnowplow"],
];
/** Tables by the name in their comment. */
const TABLES = {
  "error codes": ["| code | meaning |", codes],
  "redis keys": ["| key | type | expires | kept by | if it is evicted |", keys],
  "redis rights": ["| use | permissions |", rights],
  getters: await getterTable(),
  "versions to run with": ["| kind | name | package | versions |", runWith],
  "layers and holdouts": ["| vendor | what keeps flags apart | what is a holdout |", sharedTable()],
  "relay hosts": ["| dialect | SDK | what to change |", hosts],
  "fleet sizes": [sizesHead, SIZES],
  "redis options": [OPTIONS_HEAD, redisOptions],
  "edge options": [OPTIONS_HEAD, edgeOptions],
  "client options": [OPTIONS_HEAD, clientOptions],
  "node options": [OPTIONS_HEAD, nodeOptions],
  "amplitude options": [OPTIONS_HEAD, amplitudeOptions],
  "openfeature options": [OPTIONS_HEAD, openFeatureOptions],
  "opentelemetry options": [
    OPTIONS_HEAD,
    optionRows("packages/opentelemetry/src/open-telemetry.ts", "OpenTelemetryOptions"),
  ],
  "shadow options": [
    OPTIONS_HEAD,
    optionRows("packages/core/src/shadow/shadow.ts", "ShadowOptions"),
  ],
  "logger options": [LOGGER_OPTIONS_HEAD, loggerOptionRows(LOGGER_OPTIONS)],
};

/** Returns how many public test cases pass, each counted once, from the table that `npm run conformance` writes. */
function publicCases() {
  const rows = read("docs/conformance.md").matchAll(/ \| (\d+) of \d+ \| yes \|$/gm);
  return [...rows].reduce((sum, [, passed]) => sum + Number(passed), 0);
}

const manifests = workspaceFolders().map((it) => JSON.parse(read(`${it}/package.json`)));
const pinned = Object.assign({}, ...manifests.map(({ devDependencies }) => devDependencies));
const peers = Object.assign({}, ...manifests.map(({ peerDependencies }) => peerDependencies));
const { engines } = JSON.parse(read("package.json"));

/** Returns the lowest version of a range: `^1.20.0` → `1.20`. */
function lowestOf(range) {
  return /\d[\d.]*/.exec(range)[0].replace(/(\.0)+$/, "");
}

/**
 * Writes the versions of packages after their names: `` `posthog-node` 5.70.0 `` is the one that we compare with, `` `ioredis`
 * (5.4 or newer) `` the lowest that we accept.
 */
function withVersions(page) {
  return page
    .replaceAll(/`(\S+)` \d+\.\d+\.\d+\b/g, (all, name) =>
      name in pinned ? `\`${name}\` ${pinned[name]}` : all,
    )
    .replaceAll(/`(\S+)` \(\d+(?:\.\d+)*(?= or )/g, (all, name) =>
      name in peers ? `\`${name}\` (${lowestOf(peers[name])}` : all,
    )
    .replaceAll(/(?<=\bNode(\.js)? )\d+\.\d+(?= or newer|\+| and all)/g, lowestOf(engines.node));
}

/** Writes a page, or with `--check` reports that it is out of date. */
function keep(page, written) {
  if (existsSync(join(root, page)) && read(page) === written) return;
  if (isCheck) {
    console.error(`${page} is out of date: run \`npm run docs:write\``);
    process.exitCode = 1;
  } else {
    writeFileSync(join(root, page), written);
    console.log(`wrote ${page}`);
  }
}

keep("docs/cli.md", await cliPage());
keep("docs/explain.svg", explainPicture());
for (const page of pages()) {
  let written = withQuotes(read(page));
  for (const [name, [head, rows]] of Object.entries(TABLES)) {
    written = withTable(written, name, head, rows);
  }
  written = written.replace(/\[\d+ (?=public test cases\])/, `[${publicCases()} `);
  written = withVersions(written);
  written = withMarkdown(written, "badges", badges());
  keep(page, withMarkdown(written, "npm notice", installNotice(written)));
}
