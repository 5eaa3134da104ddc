// Copies parts of the code into the documentation: the error codes, the differences from the vendor that the
// differential tests allow, and the examples that pages quote. With `--check` it writes nothing, and fails
// if a page is out of date.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { featureRows } from "./feature-matrix.mjs";
import { readFigures } from "./figures.mjs";
import { claimRows, drawGlance } from "./glance.mjs";
import { importSource } from "./import-source.mjs";
import { llmsText } from "./llms.mjs";
import { pages, root } from "./pages.mjs";

/** Replaces each code block below a comment `<!-- quotes: FILE -->` by the content of that file. */
function withQuotes(text) {
  return text.replace(
    /(<!-- quotes: (\S+) -->\n\n```\w+\n)[\s\S]*?(?<=\n)```$/gm,
    (_, head, file) => `${head}${readFileSync(join(root, file), "utf8")}\`\`\``,
  );
}

function tableOf(head, rows) {
  const rule = head.replaceAll(/ [^|]+/g, "---");
  return [head, rule, ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
}

/** Writes Markdown between the comments `<!-- written: NAME -->` and `<!-- end -->`. */
function withMarkdown(text, name, markdown) {
  return text.replace(
    new RegExp(`(<!-- written: ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`),
    (_, before, after) => `${before}${markdown}${after}`,
  );
}

/**
 * How packages are installed before they are on npm; nothing once they are.
 *
 * @param {string} text - of a page, whose first line that installs packages says which these are.
 */
function installNotice(text) {
  const { isOnNpm } = JSON.parse(readFileSync(join(root, "scripts/release.json"), "utf8"));
  if (isOnNpm) return "";
  const [line = ""] = /^ *(npm install|npx) .*@sortition\/.*$/m.exec(text) ?? [];
  const names = [...line.matchAll(/@sortition\/(\w+)/g)].map(([, name]) => name);
  const packages = [...new Set(names)].join(" ");
  return `\n**Not on npm yet**: in a clone, \`npm run pack -- ${packages}\` prints the command that installs it (other packages: name them too).\n`;
}

const isCheck = process.argv.includes("--check");
const { ERROR_CODES } = await importSource("packages/core/src/errors/codes.ts");
const { DELIBERATE } = await importSource("packages/dialect-kit/test/eppo/deliberate.ts");
const codes = Object.entries(ERROR_CODES).map(([code, meaning]) => [`\`${code}\``, meaning]);
const { DELIBERATE: OF_BANDITS } = await importSource(
  "packages/dialect-kit/test/eppo/bandit/deliberate.ts",
);
const known = new Set(DELIBERATE.map(({ name }) => name));
const differences = [
  ...DELIBERATE.map(({ name, because }) => [name, because]),
  ...OF_BANDITS.filter(({ name }) => !known.has(name)).map((it) => [
    `bandits: ${it.name}`,
    it.because,
  ]),
];
const { ACL } = await importSource("packages/redis/test/acl.ts");
const rights = Object.values(ACL).map(({ title, commands }) => [
  title,
  // A bar would end the cell.
  `\`${commands.map((command) => `+${command.replace("|", "\\|")}`).join(" ")}\``,
]);
const { SIZES } = await importSource("packages/redis/test/simulation/sizing.ts");
const sizesHead =
  "| workers | calls a second | bytes a second | Redis's processor | Redis's memory for connections | connections |";

const surfaces = {
  eppo: [(await importSource("packages/eppo/test/surface/surface.ts")).EPPO_SURFACE],
  growthbook: await importSource("packages/growthbook/test/client/surface.ts").then(
    ({ GROWTHBOOK_SURFACE, PLUGINS_SURFACE }) => [GROWTHBOOK_SURFACE, PLUGINS_SURFACE],
  ),
  amplitude: [(await importSource("packages/amplitude/test/surface/surface.ts")).AMPLITUDE_SURFACE],
  posthog: [(await importSource("packages/posthog/test/surface/surface.ts")).POSTHOG_SURFACE],
};

const figures = readFigures(root);
const speedHead =
  "| the vendor's SDK | one 50/50 flag: drop-in with a logger, logged before | native client, no logger |";
const speeds = figures.speeds.map(({ by, logged, native, sdk }) => [
  `\`${sdk}\``,
  by === "drop-in" ? `${logged}` : `${logged} (${by})`,
  `${native}`,
]);

/** Writes a file, or with `--check` says that it is out of date. */
function keep(page, written) {
  const file = join(root, page);
  if (existsSync(file) && readFileSync(file, "utf8") === written) return;
  if (isCheck) {
    console.error(`${page} is out of date: run \`npm run docs:write\``);
    process.exitCode = 1;
  } else {
    writeFileSync(file, written);
    console.log(`wrote ${page}`);
  }
}

const { cliPage } = await importSource("packages/cli/src/commands/page.ts");
keep("docs/cli.md", await cliPage());

/** Tables by the name in their comment. */
const TABLES = {
  "error codes": ["| code | meaning |", codes],
  differences: ["| what | why ours is so |", differences],
  "redis rights": ["| use | rights |", rights],
  "fleet sizes": [sizesHead, SIZES],
  features: ["| feature | Eppo | GrowthBook | Amplitude | PostHog |", featureRows(surfaces)],
  speed: [speedHead, speeds],
  claims: ["| measured | what |", claimRows(figures)],
};
for (const page of pages()) {
  let written = withQuotes(readFileSync(join(root, page), "utf8"));
  for (const [name, [head, rows]] of Object.entries(TABLES)) {
    written = withMarkdown(written, name, `\n${tableOf(head, rows)}\n\n`);
  }
  keep(page, withMarkdown(written, "npm notice", installNotice(written)));
}
keep("docs/at-a-glance.svg", drawGlance(figures));
keep("llms.txt", llmsText(root));
