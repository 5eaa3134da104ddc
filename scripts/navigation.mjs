// Lists the pages of the documentation in sections, for the sidebar of the site and for llms.txt.
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { root } from "./pages.mjs";

/**
 * Sections for users: a title, the pages of a folder and other pages, whether they have the order of the documentation's index, and
 * whether the sidebar shows them open.
 */
export const SECTIONS = [
  {
    title: "Start",
    pages: ["docs/guides/getting-started.md", "docs/demo.md", "docs/concepts.md", "docs/README.md"],
    isOpen: true,
  },
  {
    title: "Your vendor",
    folder: "docs/vendors",
    pages: ["docs/guides/change-your-vendor.md"],
    isRead: true,
    isOpen: true,
  },
  { title: "Guides", folder: "docs/guides", isRead: true, isOpen: true },
  { title: "Packages", folder: "packages" },
  { title: "Reference", folder: "docs" },
  { title: "Options and formats", folder: "docs/reference" },
  { title: "The project", pages: ["SECURITY.md"] },
];

/** Sections for contributors and package authors. Only their own pages show them in the sidebar. */
export const INSIDE = [
  {
    title: "Inside",
    pages: [
      "docs/architecture.md",
      "CONTRIBUTING.md",
      "docs/guides/writing-a-dialect.md",
      "apps/bench/README.md",
      "apps/site/README.md",
    ],
    isOpen: true,
  },
  { title: "Specifications", folder: "docs/spec", isOpen: true },
  { title: "Decisions", folder: "docs/decisions", isOpen: true },
];

const INSIDE_PAGES = INSIDE.flatMap(({ pages = [] }) => pages);

/**
 * Returns sections with their pages. A page is only in the first section that has it, and {@link INSIDE} alone lists the pages that
 * it names.
 *
 * @param {readonly { title: string, folder?: string, pages?: readonly string[], isRead?: boolean, isOpen?: boolean }[]} sections
 * @param {readonly string[]} pages - all pages, relative to the root, with `/`.
 */
export function sectionsOf(sections, pages) {
  const seen = new Set();
  const index = readFileSync(join(root, "docs/README.md"), "utf8");
  return sections.map(({ folder, isOpen = false, isRead = false, pages: named = [], title }) => {
    const inFolder = pages.filter(
      (page) => isIn(folder, page) && (sections === INSIDE || !INSIDE_PAGES.includes(page)),
    );
    const unseen = [...inFolder, ...named].filter((page) => !seen.has(page));
    const fresh = isRead ? inReadingOrder(unseen, index) : unseen;
    for (const page of fresh) seen.add(page);
    return { title, isOpen, pages: fresh };
  });
}

/** Whether a page is in this folder, or is the README of a package in it. */
function isIn(folder, page) {
  const parent = posix.dirname(page);
  return parent === folder || (folder === "packages" && posix.dirname(parent) === folder);
}

/**
 * Sorts pages in the order of the documentation's index, followed by all others.
 *
 * @param {readonly string[]} pages
 * @param {string} index - Markdown of `docs/README.md`.
 */
export function inReadingOrder(pages, index) {
  const places = new Map(
    pages.map((page) => [page, index.indexOf(`(${posix.relative("docs", page)})`)]),
  );
  const placeOf = (page) => (places.get(page) === -1 ? index.length : places.get(page));
  return pages.toSorted((a, b) => placeOf(a) - placeOf(b));
}

/** Returns the title of a page. */
export function titleOf(markdown) {
  const [, title = ""] = /^# (.*)$/m.exec(markdown) ?? [];
  return title.replaceAll("`", "");
}
