import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The pages of `docs/spec` with a table of faults, and the section that contains it. */
const TABLES = [
  { page: "lifecycle", section: "## 7. Faults" },
  { page: "loggers", section: "## 5. Faults" },
  { page: "redis", section: "## 6. Faults" },
  { page: "eppo", section: "## Faults of the drop-in" },
  { page: "growthbook", section: "## Faults" },
  { page: "amplitude", section: "## Faults of the local client" },
  { page: "posthog", section: "## Faults of the class" },
] as const;

/** Minimum numbers of rows, so that the tests fail if a table cannot be read. Pages of dialects list only faults of their drop-in. */
const LEAST_ROWS: Readonly<Record<string, number>> = {
  eppo: 6,
  growthbook: 4,
  amplitude: 3,
  posthog: 2,
};

interface Source {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly source: string;
}

/** Reads all source and test files of all packages. */
function readSources(): readonly Source[] {
  return ["packages", "tools"]
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .flatMap((name) => [`${name}/src`, `${name}/test`])
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => `${folder}/${file.replaceAll("\\", "/")}`),
    )
    .map((path) => ({ path, source: readFileSync(join(root, path), "utf8") }));
}

/** Whether a file contains tests: test files, contract suites and fault plans. */
const isTest = ({ path }: Source): boolean =>
  /\.test\.ts$|(-contract|\/faults)\/.*\.ts$/.test(path);

const sources = readSources();

/** Returns the numbers in the first column of a table of faults. */
function rowsOf(page: string, section: string): readonly number[] {
  const content = readFileSync(join(root, "docs/spec", `${page}.md`), "utf8");
  const [, rest = ""] = content.split(`${section}\n`);
  const [table = ""] = rest.split(/^## /m);
  return [...table.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
}

describe("the titles of tests", () => {
  const tests = sources.filter(isTest);

  it.each(TABLES)("cite exactly the faults of docs/spec/$page.md", ({ page, section }) => {
    const number = /\d+/.exec(section)?.[0];
    const place = number === undefined ? page : `${page} §${number}`;
    const cited = tests.flatMap(({ source }) =>
      [...source.matchAll(new RegExp(`["\`]${place} fault (\\d+): `, "g"))].map(([, fault]) =>
        Number(fault),
      ),
    );
    const rows = rowsOf(page, section);
    expect(rows.length).toBeGreaterThanOrEqual(LEAST_ROWS[page] ?? 21);
    expect([...new Set(cited)].sort((a, b) => a - b)).toEqual(rows);
  });

  it("name the table of each number", () => {
    const bare = tests.flatMap(({ path, source }) =>
      [...source.matchAll(/\(\s*["`]\d{1,2}: .*/g)].map(([title]) => `${path}: ${title}`),
    );
    expect(bare).toEqual([]);
  });
});

describe("references to docs/spec", () => {
  it("name sections that exist", () => {
    const broken = sources.flatMap(({ path, source }) =>
      [...source.matchAll(/docs\/spec\/(\w+)\.md §(\d+(?:\.\d+)?)/g)]
        .filter(([, page = "", section = ""]) => !hasSection(page, section))
        .map(([reference]) => `${path}: ${reference}`),
    );
    expect(broken).toEqual([]);
  });
});

function hasSection(page: string, section: string): boolean {
  const content = readFileSync(join(root, "docs/spec", `${page}.md`), "utf8");
  return new RegExp(`^#{2,3} ${section.replace(".", "\\.")}\\.? `, "m").test(content);
}
