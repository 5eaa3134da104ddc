// docs/conformance.md, from vitest's report of a run of `npm run conformance`.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { SOURCES } from "./conformance-data.mjs";

/** Parts of the vendors' data, and the tests that read them. Those counted make the figure of the first screen. */
export const PARTS = [
  {
    title: "Eppo: assignments",
    isCounted: true,
    file: "packages/core/test/conformance.test.ts",
    suite: "Eppo's assignment cases",
    note: "In value and in every evaluation detail. The vendor's wires hold an earlier state of three flags, so 13 cases cannot pass there, in any SDK.",
  },
  {
    title: "Eppo: bandits",
    isCounted: true,
    file: "packages/dialect-kit/test/eppo/bandit-conformance.test.ts",
    suite: "Eppo's bandit cases",
    note: "Variation and action are those of the data; probability, gap and details are compared with the vendor's package.",
  },
  {
    title: "Eppo: precomputed assignments",
    file: "packages/dialect-kit/test/eppo/precomputed.test.ts",
    suite: "the vendor's own precomputed configuration",
    note: "One test: seven flags and two choices of bandits.",
  },
  {
    title: "Eppo: through `@sortition/eppo`",
    file: "packages/eppo/test/conformance/",
    note: "Answers are those of the data, and answers and events those of the vendor's package. A file is one test, which fails with any of its cases.",
  },
  {
    title: "GrowthBook",
    isCounted: true,
    file: "packages/growthbook/test/conformance.test.ts",
    suite: "the vendor's conformance data",
    note: "Of the Python SDK's own cases, two test operators that the JavaScript SDK does not have; they are expected to fail as they do there.",
  },
  {
    title: "GrowthBook: redirects",
    file: "packages/growthbook/test/client/auto-experiments.test.ts",
    suite: "the vendor's conformance data: urlRedirect",
    note: "",
  },
];

/** Differential tests by the names of their plans: the vendor's package, and the manifest that pins it. */
const PACKAGES = {
  eppo: ["@eppo/node-server-sdk", "packages/dialect-kit"],
  growthbook: ["@growthbook/growthbook", "packages/growthbook"],
  amplitude: ["@amplitude/experiment-node-server", "packages/amplitude"],
  posthog: ["posthog-node", "packages/posthog"],
};

/**
 * @param {{ readonly testResults: readonly { readonly name: string, readonly assertionResults: readonly object[] }[] }} report
 * @param {string} root
 * @param {(file: string) => number} [countOf] - cases of one of Eppo's files, where a file is one test.
 * @returns {{ text: string, summary: string }}
 */
export function conformancePage(report, root, countOf = () => 1) {
  const tests = report.testResults.flatMap(({ assertionResults, name }) =>
    assertionResults.map((test) => ({ ...test, file: relative(root, name).replaceAll("\\", "/") })),
  );
  const parts = PARTS.map((part) => tableOf(part, tests, countOf)).filter(({ cases }) => cases > 0);
  // Files end in any order.
  const placeOfRun = ({ name }) => Object.keys(PACKAGES).indexOf(name.split(" ")[0]);
  const runs = tests
    .flatMap(({ meta }) => (meta?.differential ? [meta.differential] : []))
    .sort((a, b) => placeOfRun(a) - placeOfRun(b) || (a.name < b.name ? 1 : -1));
  const runsText = runs.map((run) => rowOfRun(run, root));
  const cases = parts.filter(({ isCounted }) => isCounted).map(({ inFirstForm }) => inFirstForm);
  const total = (field) => cases.reduce((sum, counts) => sum + counts[field], 0);
  const summary = [
    `The vendors' public test data, each case in one form: ${total("passed")} of ${total("cases")} passed`,
    ...parts.map(
      ({ cases, passed, title }) => `${title.replaceAll("`", "")}: ${passed} of ${cases} passed`,
    ),
    ...runs.map(
      ({ calls, name, seed, unexplained }) =>
        `${name}: ${calls} calls compared with the vendor's package (seed ${seed}), ${unexplained} unexplained differences`,
    ),
  ].join("\n");
  const text = `${HEAD}
| repository | commit | licence |
| --- | --- | --- |
${SOURCES.map(({ commit, licence, repository }) => `| [${repository}](https://github.com/${repository}) | \`${commit}\` | ${licence} |`).join("\n")}

${parts.map(({ text }) => text).join("\n\n")}

## Against the vendors' packages

Generated configurations and calls, asked of both SDKs, with exact comparison of values, details and events. The seed makes a run
repeatable; \`SORTITION_SEED\` gives another one. A *deliberate difference* has a name and a reason, in the specification of the dialect; any
other difference fails the test. Faults that are put into our side on purpose must be found. These tests need no data and run in \`npm test\`,
with more calls in \`npm run test:long\`.

Amplitude and PostHog publish no data files: their cases stand in test code. For these two, the table below is what this page can show.

| | package | calls | seed | calls with a deliberate difference | unexplained |
| --- | --- | ---: | ---: | --- | ---: |
${runsText.join("\n")}
`;
  return { text, summary };
}

/**
 * A line for each suite that did not run, and for each test that failed, with the first line of why.
 *
 * @param {{ testResults: readonly any[] }} results - vitest's JSON report.
 * @param {string} root
 * @returns {readonly string[]}
 */
export function failuresOf({ testResults }, root) {
  const firstLine = (text) => text.trim().split("\n", 1)[0];
  return testResults
    .filter(({ status }) => status === "failed")
    .flatMap(({ assertionResults, message, name }) => {
      const file = relative(root, name).replaceAll("\\", "/");
      const failed = assertionResults.filter((it) => it.status === "failed");
      if (failed.length === 0)
        return [`FAILED ${file}: ${firstLine(message ?? "") || "a suite without a test"}`];
      return failed.map(
        ({ failureMessages: [why = ""], fullName }) =>
          `FAILED ${file}: ${fullName}: ${firstLine(why)}`,
      );
    });
}

/** One part: a row for each file or section of the vendor, a column for each form in which it is asked. */
function tableOf({ file, isCounted = false, note, suite, title }, tests, countOf) {
  const places = tests.flatMap((test) => {
    const place = placeOf(test, file, suite);
    if (place === null) return [];
    const cases = place.file === undefined ? 1 : countOf(place.file);
    return { ...place, cases, passed: test.status === "passed" ? cases : 0 };
  });
  const sum = (of, field) => of.reduce((total, it) => total + it[field], 0);
  const forms = [...new Set(places.map(({ form }) => form))];
  const lineOf = (name, of) => {
    const cells = forms.map((form) => {
      const found = of.filter((it) => it.form === form);
      return found.length === 0 ? "" : `${sum(found, "passed")} of ${sum(found, "cases")}`;
    });
    return `| ${[name, ...cells].join(" | ")} |`;
  };
  const names = [...new Set(places.map(({ row }) => row))];
  const rows = names.map((name) =>
    lineOf(
      name,
      places.filter(({ row }) => row === name),
    ),
  );
  const text = [
    `### ${title}`,
    ...(note === "" ? [] : ["", note]),
    "",
    `| | ${(forms.length === 1 ? ["passed"] : forms).join(" | ")} |`,
    `| --- | ${forms.map(() => "---:").join(" | ")} |`,
    ...rows,
    ...(rows.length > 1 ? [lineOf("**all**", places)] : []),
  ].join("\n");
  const inFirst = places.filter(({ form }) => form === forms[0]);
  const inFirstForm = { cases: sum(inFirst, "cases"), passed: sum(inFirst, "passed") };
  const inAll = { cases: sum(places, "cases"), passed: sum(places, "passed") };
  return { title, text, isCounted, inFirstForm, ...inAll };
}

/** Row and column of a test; `null` if it is not one of the part's cases. */
function placeOf({ ancestorTitles: [top = "", second], file, title }, wanted, suite) {
  if (!file.startsWith(wanted) || (suite !== undefined && top !== suite)) return null;
  const [, name] = /^(\S+\.json) #\d+ /.exec(title) ?? [];
  if (name !== undefined) return { row: `\`${name}\``, form: second ?? "passed" };
  if (/^\S+\.json$/.test(title))
    return {
      file: title,
      row: `\`${title}\``,
      form: (top.split(": ").at(-1) ?? "").replaceAll("'", ""),
    };
  if (/^(has|are|were|is in) /.test(title)) return null; // the number of cases
  if (top.endsWith("urlRedirect")) return { row: "`urlRedirect`", form: "passed" };
  if (suite === undefined) return null;
  return { row: second === undefined ? title : nameOf(second), form: "passed" };
}

function nameOf(section) {
  return /^\w+$/.test(section) ? `\`${section}\`` : section;
}

function rowOfRun({ calls, name, named, seed, unexplained }, root) {
  const [dialect = ""] = name.split(" ");
  const [vendor, folder] = PACKAGES[dialect] ?? ["", "."];
  const { devDependencies = {} } = JSON.parse(
    readFileSync(join(root, folder, "package.json"), "utf8"),
  );
  const differences = named.map(([what, count]) => `${what}: ${count}`).join(" · ") || "none";
  return `| ${name} | \`${vendor}\` ${devDependencies[vendor] ?? ""} | ${calls} | ${seed} | ${differences} | ${unexplained} |`;
}

const HEAD = `# Conformance

How far Sortition agrees with the vendors, as the last run of this command found it. The page is written by the run.

\`\`\`sh
npm run conformance                      # clones the vendors' data into .conformance/, runs these tests alone
npm run conformance -- --from DIR        # takes what is there: clones (DIR/sdk-test-data, DIR/growthbook), or data as in .conformance/data
npm run conformance -- --check           # fails if this page is not what the run found
npm run conformance -- --remote URL      # clones URL/<owner>/<name>.git; NAME=URL for one of eppo, growthbook, growthbook-python
\`\`\`

The clone is of the commits below, whose content is checked by its hash. It was tried with clones in a folder and from local bare
repositories; **the clone from the public address is untried**. \`npm test\` runs the same tests, with the data that \`SORTITION_CONFORMANCE\` names, that
a run of this command has left in \`.conformance/\`, or that is in \`../shared/conformance\`; without data it says how many cases are missing.

## The vendors' own test data
`;
