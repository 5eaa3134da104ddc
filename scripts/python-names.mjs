// The names of the vendors' Python SDKs, which are in one data file for each vendor, next to its tests.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./pages.mjs";

/** The vendors with a Python SDK: the data file, and the page for its users. */
export const PYTHON_SDKS = {
  Eppo: { file: "packages/node/test/python-names.json", page: "docs/reference/python/eppo.md" },
  GrowthBook: {
    file: "packages/growthbook/test/python-names.json",
    page: "docs/reference/python/growthbook.md",
  },
  Amplitude: {
    file: "packages/amplitude/test/python-names.json",
    page: "docs/reference/python/amplitude.md",
  },
  PostHog: {
    file: "packages/posthog/test/module/python-names.json",
    page: "docs/reference/python/posthog.md",
  },
};

/**
 * Reads a data file. Each name has the titles of its tests by their file.
 *
 * @param {string} file - path from the root of the repository.
 * @returns {readonly { title: string, names: readonly { python: string, here: string, tests: Readonly<Record<string, readonly string[]>> }[] }[]}
 */
export function pythonSections(file) {
  return JSON.parse(readFileSync(join(root, file), "utf8")).sections;
}

/** Returns the tables of a page, in Markdown. */
export function pythonTables(file) {
  const tables = pythonSections(file).map(({ names, title }) => {
    const rows = names.map(({ here, python }) => `| ${python} | ${here} |`);
    return [`## ${title}`, "", "| Python | here |", "|---|---|", ...rows].join("\n");
  });
  return `\n${tables.join("\n\n")}\n\n`;
}
