import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pages, root } from "./markdown.js";
import { compile, errorsOf } from "./snippets/compile.js";
import { snippets } from "./snippets/snippet.js";

describe("TypeScript in the documentation", () => {
  const wrong = {
    place: "README.md:0",
    home: "apps/examples",
    text: 'import { no } from "@sortition/core";\nconst x: number = "one";\n',
  };
  // All snippets share one program, because checking the libraries' types takes most of the time.
  const program = compile([...snippets, wrong]);

  it.each(snippets)("$place compiles", (snippet) => {
    expect(errorsOf(program, snippet)).toEqual([]);
  });

  it("fails to compile with a mistake in it", () => {
    expect(errorsOf(program, wrong)).toHaveLength(2);
  });
});

describe("the README", () => {
  it("names commands that exist", () => {
    const text = readFileSync(join(root, "README.md"), "utf8");
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const commands = [...text.matchAll(/npm run (?!pack)([\w:]+)/g)].map(([, name]) => name);
    expect(commands.length).toBeGreaterThan(2);
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(commands));
  });
});

describe("how packages are installed", () => {
  const { version } = JSON.parse(readFileSync(join(root, "packages/core/package.json"), "utf8"));
  const installing = pages
    .filter((page) => !/^docs[\\/]decisions/.test(page))
    .map((page) => ({ page, text: readFileSync(join(root, page), "utf8") }))
    .filter(({ text }) => /(npm install|npx) .*@sortition\//.test(text));

  it.each(installing)("$page explains it until the packages are on npm", ({ text }) => {
    expect(text).toContain("<!-- written: npm notice -->");
    expect(text.includes("**Not on npm yet.**")).toBe(version === "0.0.0");
    expect(installing.length).toBeGreaterThan(20);
  });

  it("is the same command for the same packages on every page", () => {
    const commands = installing.flatMap(({ text }) =>
      [...text.matchAll(/npm install [^\n`#]*@sortition\/[^\n`#]*/g)].map(([line]) => line.trim()),
    );
    const first = new Map<string, string>();
    for (const command of commands) {
      const packages = (command.match(/@sortition\/\w+/g) ?? []).toSorted().join(" ");
      const known = first.get(packages) ?? command;
      expect(command).toBe(known);
      first.set(packages, known);
    }
    expect(first.size).toBeGreaterThan(10);
  });
});

describe("the command on the demo page", () => {
  const page = readFileSync(join(root, "docs/demo.md"), "utf8");
  const [, command] = /^sortition (.*)$/m.exec(page) ?? [];

  it("runs with the files of the examples", () => {
    const main = join(root, "packages/cli/dist/main.js");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [main, ...(command?.split(" ") ?? [])],
      { cwd: join(root, "apps/examples"), encoding: "utf8" },
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const answers = stdout.trimEnd().split("\n");
    expect(answers.map((line) => JSON.parse(line)).map(({ value }) => value)).toEqual([
      "fast_checkout",
      "checkout_ideal",
      3,
    ]);
  });
});

describe("the parts of the documentation that are copied from the code", () => {
  it("are up to date", () => {
    const script = join(root, "scripts/write-docs.mjs");
    const { status, stderr } = spawnSync(process.execPath, [script, "--check"], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  it("include quoted examples and the table of error codes", () => {
    const text = pages.map((page) => readFileSync(join(root, page), "utf8")).join("");
    expect(text).toMatch(/<!-- quotes: apps\/examples\/src\/eppo\/quickstart\.ts -->\n\n```ts\n/);
    expect(text).toContain("| `SORTITION_NOT_READY` |");
  });
});
