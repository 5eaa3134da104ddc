// Copies the pages of the repository to the folder where VitePress builds them, and adapts their links.
import { spawnSync } from "node:child_process";
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
import { dirname, join, posix } from "node:path";
import { llmsOf } from "../../scripts/llms.mjs";
import { INSIDE, SECTIONS, sectionsOf, titleOf } from "../../scripts/navigation.mjs";

/**
 * Stages all pages.
 *
 * @param {string} root - root of the repository.
 * @param {string} target - folder for the pages, which is emptied first.
 */
export function stage(root, target) {
  rmSync(target, { recursive: true, force: true });
  const pages = pagesOf(root);
  const { repository, version } = factsOf(root);
  const dates = datesOf(root);
  for (const page of pages) {
    const isHome = page === "README.md";
    const markdown = readFileSync(join(root, page), "utf8");
    const source = isHome ? homeOf(markdown) : markdown;
    const text = withLinks(source, (link) => linkOn(link, page, { root, pages, repository }));
    const staged = isHome ? text : withDate(safeForVue(text), dates.get(page));
    write(join(target, stagedAs(page)), staged);
  }
  for (const image of imagesOf(root)) {
    mkdirSync(dirname(join(target, image)), { recursive: true });
    cpSync(join(root, image), join(target, image));
  }
  const inside = sidebarOf(sectionsOf(INSIDE, pages), root);
  const insidePaths = INSIDE.flatMap(({ folder, pages: named = [] }) => [
    ...(folder === undefined ? [] : [`/${folder}/`]),
    ...named.map(pathOf),
  ]);
  // Among paths of the same depth, VitePress uses the first, so "/" is the last.
  const sidebar = {
    ...Object.fromEntries(insidePaths.map((path) => [path, inside])),
    "/": sidebarOf(sectionsOf(SECTIONS, pages), root),
  };
  const site = { insidePaths, repository, sidebar, version };
  write(join(target, ".vitepress/site.json"), JSON.stringify(site));
  cpSync(join(root, "apps/site/logo.svg"), join(target, "public/logo.svg"));
  cpSync(join(root, "apps/site/vitepress.config.mjs"), join(target, ".vitepress/config.mjs"));
  cpSync(join(root, "apps/site/theme"), join(target, ".vitepress/theme"), { recursive: true });
  write(join(target, "public/llms.txt"), llmsOf(pages, pathOf));
  // The former pages about the evaluation of these vendors are now next to the sources, to which the vendors' pages link.
  for (const vendor of ["amplitude", "eppo", "growthbook", "posthog"]) {
    const refresh = `<meta http-equiv="refresh" content="0; url=/docs/vendors/${vendor}">\n`;
    write(join(target, `public/docs/spec/${vendor}.html`), refresh);
  }
}

/** Returns the URL of the repository, and the version that the pages describe. */
function factsOf(root) {
  const manifest = (file) => JSON.parse(readFileSync(join(root, file), "utf8"));
  const { version } = manifest("packages/core/package.json");
  return {
    repository: manifest("package.json").repository.url.replace(/^git\+|\.git$/g, ""),
    version: version === "0.0.0" ? "Not released yet" : `Version ${version}`,
  };
}

/** Returns the date of each page's last commit, by path. Without Git, there are no dates. */
function datesOf(root) {
  const args = ["log", "--format=%cI", "--name-only", "--", "*.md"];
  const { stdout = "" } = spawnSync("git", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const dates = new Map();
  let date = "";
  for (const line of stdout.split("\n")) {
    if (/^\d{4}-\d\d-\d\dT/.test(line)) date = line;
    else if (line !== "" && !dates.has(line)) dates.set(line, date);
  }
  return dates;
}

/** Adds the date of the last change to a page, for VitePress. */
function withDate(markdown, date) {
  return date === undefined ? markdown : `---\nlastUpdated: ${date}\n---\n\n${markdown}`;
}

/** Returns the site's home page: the README up to its list of pages, so that it begins with an install command and code. */
export function homeOf(readme) {
  const [start, rest] = readme.split(/^## Documentation$/m);
  if (rest === undefined) throw new Error("the README has no section Documentation");
  const facts = [
    "layout: home",
    "title: Sortition",
    "titleTemplate: Feature flags and experiments for TypeScript servers",
  ];
  return `---\n${facts.join("\n")}\n---\n\n<div class="vp-doc sections">\n\n${start}</div>\n`;
}

function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Returns all pages, relative to the root, with `/`. */
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

/** Returns the staged path of a page. A README becomes the index of its folder. */
function stagedAs(page) {
  return page.replace(/(^|\/)README\.md$/, "$1index.md");
}

/** Returns the path of a page's URL. */
function pathOf(page) {
  return `/${stagedAs(page).replace(/(index)?\.md$/, "")}`;
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
    // Every second part is code. A link around code begins before it and ends after it.
    i % 2 === 1 ? part : part.replace(/\]\(([^)\s]+)\)/g, (_, link) => `](${change(link)})`),
  );
  return changed.join("");
}

/**
 * Returns a link's target on the site: another page, an image, or a file in the repository.
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

/** Escapes braces and angle brackets, which Vue would interpret as expressions and components. */
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

function sidebarOf(sections, root) {
  return sections.map(({ isOpen, pages, title }) => ({
    text: title,
    collapsed: !isOpen,
    items: pages.map((page) => ({
      text: titleOf(readFileSync(join(root, page), "utf8")),
      link: pathOf(page),
    })),
  }));
}
