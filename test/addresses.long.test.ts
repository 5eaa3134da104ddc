import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { DOCUMENTATION_URL } from "../packages/core/src/errors/documentation-url.ts";
import { publicPackages } from "../scripts/pages.mjs";
import { anchorsOf, root } from "./markdown.js";

const REPOSITORY = DOCUMENTATION_URL.replace(/docs$/, "");

/** Placeholder for an expression in a template. */
const ANY = "\0";

/** Returns all strings of a source file, with the documentation's URL where a constant, `explainedOn` or `hintsOn` adds it. */
function stringsOf(text: string): readonly string[] {
  const strings: string[] = [];
  const visit = (node: ts.Node): void => {
    if (isPage(node)) {
      strings.push(DOCUMENTATION_URL + node.arguments[0].text);
      return;
    }
    if (ts.isStringLiteralLike(node)) strings.push(node.text);
    if (ts.isTemplateExpression(node)) {
      const rest = node.templateSpans.map(({ expression, literal }) => {
        const name = ts.isIdentifier(expression) ? expression.text : "";
        return (name === "DOCUMENTATION_URL" ? DOCUMENTATION_URL : ANY) + literal.text;
      });
      strings.push(node.head.text + rest.join(""));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest));
  return strings;
}

/** Whether a node is a call of `explainedOn` or `hintsOn`, whose first argument is the path of a page. */
function isPage(
  node: ts.Node,
): node is ts.CallExpression & { readonly arguments: readonly [ts.StringLiteralLike] } {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return false;
  const [path] = node.arguments;
  return (
    ["explainedOn", "hintsOn"].includes(node.expression.text) &&
    path !== undefined &&
    ts.isStringLiteralLike(path)
  );
}

/** Returns the links of a string that users cannot follow, with reasons. */
function problemsOf(text: string): readonly string[] {
  const pages = text.match(/[^\s"'`()<>]*(?:\bdocs\/[^\s"'`()<>]+|\.md\b(?:#[\w-]+)?)/g) ?? [];
  return pages.filter((page) => {
    if (!page.startsWith(REPOSITORY)) return true;
    const [path = "", anchor] = page.slice(REPOSITORY.length).split("#");
    if (path.includes(ANY)) return !filesLike(path).length;
    const file = join(root, path.replace(/[.,;:]$/, ""));
    if (!existsSync(file)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(file, "utf8")).has(anchor);
  });
}

/** Returns the files whose paths match a template. */
function filesLike(path: string): readonly string[] {
  const [folder = "", name = ""] = path.split(/\/(?=[^/]*$)/);
  const [before = "", after = ""] = name.split(ANY);
  return readdirSync(join(root, folder)).filter(
    (file) => file.startsWith(before) && file.endsWith(after),
  );
}

const files = publicPackages()
  .flatMap((folder) =>
    readdirSync(join(root, folder, "src"), { recursive: true, encoding: "utf8" }).map((file) =>
      join(folder, "src", file),
    ),
  )
  .filter((file) => /\.(ts|js|html)$/.test(file) && !/\.test\.ts$/.test(file));

/** Files that name a page in a string or a comment, with their strings. */
const linking = files
  .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }))
  .filter(({ text }) => /\bdocs\/|\.md\b/.test(text))
  // This file generates docs/cli.md, whose links are relative.
  .filter(({ file }) => !file.endsWith(join("commands", "page.ts")))
  .map(({ file, text }) => ({ file, strings: stringsOf(text) }));

describe("messages, help texts and labels of the packages", () => {
  it("do not link to missing pages, or to files that exist only in the repository", () => {
    expect(files.length).toBeGreaterThan(500);
    const problems = linking.flatMap(({ file, strings }) =>
      strings.flatMap(problemsOf).map((page) => `${file}: ${page}`),
    );
    expect(problems).toEqual([]);
  });

  it("contain URLs of pages", () => {
    const pages = linking.filter(({ strings }) =>
      strings.some((it) => it.includes(`${DOCUMENTATION_URL}/`)),
    );
    expect(pages.length).toBeGreaterThan(8);
  });

  it.each([
    { text: '"see docs/guides/edge.md"', because: "it is not a URL" },
    { text: "`see $" + "{DOCUMENTATION_URL}/guides/none.md`", because: "there is no such page" },
    { text: "`$" + "{DOCUMENTATION_URL}/guides/edge.md#none`", because: "no such heading" },
    { text: "`$" + "{DOCUMENTATION_URL}/vendors/of-$" + "{vendor}.md`", because: "no such pages" },
  ])("would fail with $text, because $because", ({ text }) => {
    expect(stringsOf(text).flatMap(problemsOf)).toHaveLength(1);
  });
});
