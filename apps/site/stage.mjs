// Copies the pages of the repository to where VitePress builds them, with links that hold there.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, posix, relative } from "node:path";

/** Pages for authors of packages, which are no guides for users. */
const AUTHORS = ["docs/guides/writing-a-dialect.md", "docs/reference/kit.md"];

/** Sections of the sidebar: a title, the pages or the folder of its items, and whether they are read one after another. */
const SECTIONS = [
  { title: "Start", pages: ["README.md", "docs/README.md", "docs/concepts.md"] },
  { title: "Guides", folder: "docs/guides", isRead: true },
  { title: "Moving from a vendor's SDK", folder: "docs/migrate", isRead: true },
  { title: "The Python SDKs", folder: "docs/migrate/python" },
  { title: "Packages", folder: "packages", file: "README.md" },
  { title: "Reference", folder: "docs" },
  { title: "Options and formats", folder: "docs/reference" },
  { title: "For authors", pages: AUTHORS },
  { title: "Specifications", folder: "docs/spec" },
  { title: "Decisions", folder: "docs/decisions" },
  { title: "The project", pages: ["CONTRIBUTING.md", "SECURITY.md"] },
];

/** Addresses that pages had before, and where they lead now. */
const MOVED = {
  "docs/amplitude-python-surface": "docs/migrate/python/amplitude",
  "docs/eppo-python-surface": "docs/migrate/python/eppo",
  "docs/growthbook-python-surface": "docs/migrate/python/growthbook",
  "docs/posthog-python-surface": "docs/migrate/python/posthog",
};

/**
 * Stages all pages.
 *
 * @param {string} root - of the repository.
 * @param {string} target - folder that is emptied.
 */
export function stage(root, target) {
  rmSync(target, { recursive: true, force: true });
  const pages = pagesOf(root);
  const repository = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
    .repository.url.replace(/^git\+/, "")
    .replace(/\.git$/, "");
  for (const page of pages) {
    const markdown = readFileSync(join(root, page), "utf8");
    const text = withLinks(markdown, (link) => linkOn(link, page, { root, pages, repository }));
    write(join(target, stagedAs(page)), safeForVue(text));
  }
  for (const image of imagesOf(root)) {
    mkdirSync(dirname(join(target, image)), { recursive: true });
    cpSync(join(root, image), join(target, image));
  }
  const site = { repository, sidebar: sidebarOf(root, pages) };
  write(join(target, ".vitepress/site.json"), JSON.stringify(site));
  cpSync(join(root, "apps/site/favicon.svg"), join(target, "public/favicon.svg"));
  cpSync(join(root, "apps/site/vitepress.config.mjs"), join(target, ".vitepress/config.mjs"));
  for (const [former, page] of Object.entries(MOVED)) {
    const to = posix.relative(posix.dirname(former), page);
    write(join(target, `public/${former}.html`), redirection(to));
  }
  const llms = readFileSync(join(root, "llms.txt"), "utf8");
  const asUrl = (page) => `/${stagedAs(page).replace(/(index)?\.md$/, "")}`;
  write(
    join(target, "public/llms.txt"),
    llms.replace(/\]\(([^):]+\.md)\)/g, (_, page) => `](${asUrl(page)})`),
  );
}

/** A page that leads on. */
function redirection(to) {
  return `<!doctype html><meta charset="utf-8"><title>Moved</title><meta http-equiv="refresh" content="0; url=${to}"><a href="${to}">This page has moved.</a>\n`;
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Every page, relative to the root, with `/`. */
function pagesOf(root) {
  const packages = readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`);
  const apps = readdirSync(join(root, "apps")).map((name) => `apps/${name}/README.md`);
  const docs = filesIn(root, "docs").filter((file) => file.endsWith(".md"));
  return ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...packages, ...apps, ...docs].filter(
    (page) => existsSync(join(root, page)),
  );
}

function imagesOf(root) {
  return filesIn(root, "docs").filter((file) => /\.(svg|png)$/.test(file));
}

function filesIn(root, folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .sort();
}

/** A README is the index of its folder. */
function stagedAs(page) {
  return page.replace(/(^|\/)README\.md$/, "$1index.md");
}

/**
 * Replaces the targets of links, outside of code.
 *
 * @param {string} markdown
 * @param {(link: string) => string} change
 */
export function withLinks(markdown, change) {
  const parts = markdown.split(/(^```[\s\S]*?^```$|`[^`\n]*`)/gm);
  const changed = parts.map((part, i) =>
    // Every second part is code; a link around it begins before and ends after it.
    i % 2 === 1 ? part : part.replace(/\]\(([^)\s]+)\)/g, (_, link) => `](${change(link)})`),
  );
  return changed.join("");
}

/**
 * What a link of a page is on the site: another page, an image, or a file of the repository.
 *
 * @param {string} link
 * @param {string} page
 * @param {{ root: string, pages: readonly string[], repository: string }} site
 */
export function linkOn(link, page, { pages, repository, root }) {
  const [path = "", anchor] = link.split("#");
  if (path === "" || /^[a-z]+:/.test(path)) return link;
  const target = posix
    .normalize(posix.join(posix.dirname(page), decodeURI(path)))
    .replace(/\/$/, "");
  const hash = anchor === undefined ? "" : `#${anchor}`;
  const other = [target, `${target}/README.md`].find((it) => pages.includes(it));
  if (other !== undefined || /\.(svg|png)$/.test(target)) {
    const to = posix.relative(posix.dirname(stagedAs(page)), stagedAs(other ?? target));
    return `${to.startsWith(".") ? to : `./${to}`}${hash}`;
  }
  const isFolder = statSync(join(root, target), { throwIfNoEntry: false })?.isDirectory() ?? false;
  return `${repository}/${isFolder ? "tree" : "blob"}/main/${target}${hash}`;
}

/** Vue would read braces in the text as expressions, and names in angle brackets as components. */
function safeForVue(markdown) {
  const parts = markdown.split(/(^```[\s\S]*?^```$|`[^`\n]*`|<!--[\s\S]*?-->)/gm);
  return parts
    .map((part, i) =>
      i % 2 === 1
        ? part
        : part
            .replaceAll("{{", "&#123;&#123;")
            .replace(
              /<(?!\/?(a|br|details|summary|img|p|div|picture|source|sub|sup|kbd|https?:)\b|!)/g,
              "&lt;",
            ),
    )
    .join("");
}

function sidebarOf(root, pages) {
  const seen = new Set();
  const index = readFileSync(join(root, "docs/README.md"), "utf8");
  return SECTIONS.map(({ file, folder, isRead = false, pages: named = [], title }) => {
    const found =
      folder === undefined
        ? named
        : pages.filter((page) => {
            if (AUTHORS.includes(page)) return false;
            const inside = relative(folder, page).replaceAll("\\", "/");
            const depth = inside.split("/").length;
            return (
              page.startsWith(`${folder}/`) && (file === undefined ? depth === 1 : depth === 2)
            );
          });
    const unseen = found.filter((page) => !seen.has(page));
    const fresh = isRead ? inReadingOrder(unseen, index) : unseen;
    for (const page of fresh) seen.add(page);
    const items = fresh.map((page) => ({
      text: titleOf(readFileSync(join(root, page), "utf8"), page),
      link: `/${stagedAs(page).replace(/(index)?\.md$/, "")}`,
    }));
    return { text: title, collapsed: title !== "Start" && title !== "Guides", items };
  });
}

/**
 * Pages as the index of the documentation names them, the others behind them.
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

function titleOf(markdown, page) {
  const [, title = page] = /^# (.*)$/m.exec(markdown) ?? [];
  return title.replaceAll("`", "");
}
