// Builds llms.txt for the site: all pages for users, by section, each with its first sentence.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { INSIDE, SECTIONS, sectionsOf, titleOf } from "./navigation.mjs";
import { root } from "./pages.mjs";

/** Returns the first paragraph of a page in one line, without links. */
function firstParagraphOf(markdown) {
  const paragraphs = markdown
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/<!-- written: [\s\S]*?<!-- end -->/g, "")
    .split(/\n\s*\n/);
  const prose = paragraphs.map((it) => it.trim()).find((it) => /^[^#!<|\s]/.test(it)) ?? "";
  return prose.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll(/\s+/g, " ");
}

/**
 * Returns the first sentence of a page, without links.
 *
 * @param {string} markdown
 */
export function firstSentenceOf(markdown) {
  const text = firstParagraphOf(markdown);
  const [sentence = ""] = /^.*?(?:[.!?:](?=\s+[^a-z\s])|$)/.exec(text) ?? [];
  return sentence.replace(/:$/, ".");
}

/**
 * Returns the content of llms.txt.
 *
 * @param {readonly string[]} pages - all pages, relative to the root.
 * @param {(page: string) => string} pathOf - returns the target of the link to a page.
 */
export function llmsOf(pages, pathOf) {
  const read = (page) => readFileSync(join(root, page), "utf8");
  const lineOf = (page) => {
    const markdown = read(page);
    return `- [${titleOf(markdown)}](${pathOf(page)}): ${firstSentenceOf(markdown)}`;
  };
  const forUsers = sectionsOf(SECTIONS, pages);
  // llms.txt has this name for what a reader with little space may skip.
  const optional = sectionsOf(INSIDE, pages)
    .slice(0, 2)
    .flatMap((section) => section.pages)
    .filter((page) => page.startsWith("docs/"));
  const readme = { title: "Overview", pages: ["README.md"] };
  const sections = [readme, ...forUsers, { title: "Optional", pages: optional }].map(
    ({ pages: listed, title }) => `## ${title}\n\n${listed.map(lineOf).join("\n")}\n`,
  );
  const head = `# Sortition\n\n> ${firstParagraphOf(read("README.md"))}\n`;
  return [head, ...sections].join("\n");
}
