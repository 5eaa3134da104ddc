import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { llmsOf } from "../scripts/llms.mjs";
import { anchorsOf, type Link, linksOf, pages, root } from "./markdown.js";

const isExternal = ({ path }: Link): boolean => /^[a-z]+:/.test(path);

/** Returns the problem of a link, or `null`. */
function problemOf({ path, anchor }: Link, page: string): string | null {
  const file = path === "" ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(file)) return `${path}: no such file`;
  if (anchor === null || !file.endsWith(".md")) return null;
  if (statSync(file).isDirectory()) return `${path}: a folder has no anchors`;
  const isThere = anchorsOf(readFileSync(file, "utf8")).has(anchor);
  return isThere ? null : `${path}#${anchor}: no such heading`;
}

describe("links in the documentation", () => {
  it.each(pages)("of %s lead to files and headings that exist", (page) => {
    const links = linksOf(readFileSync(join(root, page), "utf8"));
    const problems = links.filter((link) => !isExternal(link)).map((it) => problemOf(it, page));
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
  });

  it.each(pages)("of %s to other sites use https", (page) => {
    const links = linksOf(readFileSync(join(root, page), "utf8")).filter(isExternal);
    expect(links.map(({ path }) => path).filter((path) => !path.startsWith("https://"))).toEqual(
      [],
    );
  });

  it("lead from the index to every page but decisions", () => {
    const linked = linksOf(readFileSync(join(root, "docs/README.md"), "utf8")).map(({ path }) =>
      join("docs", path),
    );
    const isForAuthors = /^(docs[\\/]decisions|apps|tools)[\\/]/;
    const missing = pages.filter((page) => !linked.includes(page) && !isForAuthors.test(page));
    expect(missing).toEqual(["docs/README.md"].map((page) => join(page)));
  });

  it("lead from llms.txt to the same pages, and to no missing page", () => {
    const index = llmsOf(pages, (page) => page);
    const listed = linksOf(index).map(({ path }) => join(path));
    expect(listed.filter((page) => !pages.includes(page))).toEqual([]);
    const isListed = /^(README|docs[\\/](?!decisions)|packages[\\/](?![\w-]+-kit))/;
    expect(pages.filter((page) => isListed.test(page) && !listed.includes(page))).toEqual([]);
  });
});

describe("anchorsOf", () => {
  it.each([
    ["## States", "states"],
    ["## 1.2 When", "12-when"],
    ["## `init` throws", "init-throws"],
    ["## Rules, and conditions?", "rules-and-conditions"],
    ["## [A link](x.md) and more", "a-link-and-more"],
    ["## The vendors' words", "the-vendors-words"],
  ])("returns for %s the anchor %s", (heading, anchor) => {
    expect([...anchorsOf(heading)]).toEqual([anchor]);
  });

  it("numbers equal headings, and skips code", () => {
    const page = "## One\n\n```sh\n# no heading\n```\n\n## One\n";
    expect([...anchorsOf(page)]).toEqual(["one", "one-1"]);
  });
});

describe("linksOf", () => {
  it("finds links and images, except in code", () => {
    const page = '[a](b.md#c) ![d](e.svg) [f](#g) `[h](i)` <img src="l.svg">\n\n```\n[j](k)\n```\n';
    expect(linksOf(page)).toEqual([
      { path: "b.md", anchor: "c" },
      { path: "e.svg", anchor: null },
      { path: "", anchor: "g" },
      { path: "l.svg", anchor: null },
    ]);
  });
});
