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
import { dirname, join, posix, relative } from "node:path";

/** Pages for contributors and package authors, outside of the folders of {@link INSIDE}. */
const INSIDE_PAGES = [
  "docs/architecture.md",
  "CONTRIBUTING.md",
  "docs/guides/writing-a-dialect.md",
  "apps/bench/README.md",
  "apps/site/README.md",
];

/** Sections of the sidebar: a title, the pages of a folder and other pages, and whether they have a reading order. */
const SECTIONS = [
  {
    title: "Start",
    pages: ["docs/guides/getting-started.md", "docs/demo.md", "docs/concepts.md", "docs/README.md"],
  },
  {
    title: "Your vendor",
    folder: "docs/vendors",
    pages: ["docs/migrate/between-vendors.md"],
    isRead: true,
  },
  { title: "Guides", folder: "docs/guides", isRead: true },
  { title: "Packages", folder: "packages", file: "README.md" },
  { title: "Reference", folder: "docs" },
  { title: "Options and formats", folder: "docs/reference" },
  { title: "The project", pages: ["SECURITY.md"] },
];

/** Template for {@link homeOf}. */
const HOME = "apps/site/home.md";

/** Sections for contributors and package authors. Only their own pages show them in the sidebar. */
const INSIDE = [
  { title: "Inside", pages: INSIDE_PAGES },
  { title: "Specifications", folder: "docs/spec" },
  { title: "The vendors' Python SDKs", folder: "docs/reference/python" },
  { title: "Decisions", folder: "docs/decisions" },
];

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
    const source = isHome ? homeOf(readFileSync(join(root, HOME), "utf8"), markdown) : markdown;
    const text = withLinks(source, (link) => linkOn(link, page, { root, pages, repository }));
    const staged = isHome ? text : withDate(safeForVue(withTabs(text)), dates.get(page));
    write(join(target, stagedAs(page)), staged);
  }
  for (const image of imagesOf(root)) {
    mkdirSync(dirname(join(target, image)), { recursive: true });
    cpSync(join(root, image), join(target, image));
  }
  const inside = sidebarOf(INSIDE, root, pages);
  const insidePaths = [
    ...INSIDE.flatMap(({ folder }) => (folder === undefined ? [] : [`/${folder}/`])),
    ...INSIDE_PAGES.map((page) => `/${stagedAs(page).replace(/(index)?\.md$/, "")}`),
  ];
  // Among paths of the same depth, VitePress uses the first, so "/" is the last.
  const sidebar = {
    ...Object.fromEntries(insidePaths.map((path) => [path, inside])),
    "/": sidebarOf(SECTIONS, root, pages),
  };
  const site = { insidePaths, repository, sidebar, version };
  write(join(target, ".vitepress/site.json"), JSON.stringify(site));
  cpSync(join(root, "apps/site/logo.svg"), join(target, "public/logo.svg"));
  cpSync(join(root, "apps/site/vitepress.config.mjs"), join(target, ".vitepress/config.mjs"));
  cpSync(join(root, "apps/site/theme"), join(target, ".vitepress/theme"), { recursive: true });
  const llms = readFileSync(join(root, "llms.txt"), "utf8");
  const asUrl = (page) => `/${stagedAs(page).replace(/(index)?\.md$/, "")}`;
  write(
    join(target, "public/llms.txt"),
    llms.replace(/\]\(([^):]+\.md)\)/g, (_, page) => `](${asUrl(page)})`),
  );
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

/**
 * Fills the site's home page with the figures and sections of the README that it names.
 *
 * @param {string} template - Markdown of `home.md`.
 * @param {string} readme
 */
export function homeOf(template, readme) {
  const figure = (pattern) => {
    const [, found] = pattern.exec(readme.replaceAll(/\s+/g, " ")) ?? [];
    if (found === undefined) throw new Error(`the README has no ${pattern}`);
    return found;
  };
  const figures = {
    CASES: figure(/\[(\d+) public test cases\]/),
    SPEEDS: figure(/\[([^\]]+)\]\(docs\/compare\.md#speed\)/),
    RECOVERY: figure(/recover within \[([^\]]+)\]/),
    EVENTS: figure(/\[([\d,]+ of [\d,]+) events\]/),
  };
  const sections = new Map(
    readme.split(/^## /m).map((section) => {
      const [title = "", ...lines] = section.split("\n");
      return [title, lines.join("\n").trim()];
    }),
  );
  // From the install command to the list of claims.
  const [start] = /^```sh\nnpm install[\s\S]*?(?=\n\n- )/m.exec(readme) ?? [];
  sections.set("start", start);
  return template
    .replace(/\b(CASES|SPEEDS|RECOVERY|EVENTS)\b/g, (name) => figures[name])
    .replace(/^<!-- README: (.*?) -->$/gm, (_, title) => {
      const section = sections.get(title);
      if (section === undefined) throw new Error(`the README has no section ${title}`);
      return section;
    });
}

/** Turns code blocks between `<!-- tabs -->` and `<!-- end tabs -->` into tabs. Each block follows its name in bold. */
export function withTabs(markdown) {
  return markdown.replace(/^<!-- tabs -->\n([\s\S]*?)^<!-- end tabs -->$/gm, (_, blocks) => {
    const tabs = blocks.replace(/^\*\*(.+)\*\*\n\n```(\w+)$/gm, "```$2 [$1]");
    return `::: code-group\n${tabs}\n:::`;
  });
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

function sidebarOf(sections, root, pages) {
  const seen = new Set();
  const index = readFileSync(join(root, "docs/README.md"), "utf8");
  const open = ["Start", "Your vendor", "Guides", ...INSIDE.map(({ title }) => title)];
  return sections.map(({ file, folder, isRead = false, pages: named = [], title }) => {
    const inFolder =
      folder === undefined
        ? []
        : pages.filter((page) => {
            if (INSIDE_PAGES.includes(page)) return false;
            const inside = relative(folder, page).replaceAll("\\", "/");
            const depth = inside.split("/").length;
            return (
              page.startsWith(`${folder}/`) && (file === undefined ? depth === 1 : depth === 2)
            );
          });
    const unseen = [...inFolder, ...named].filter((page) => !seen.has(page));
    const fresh = isRead ? inReadingOrder(unseen, index) : unseen;
    for (const page of fresh) seen.add(page);
    const items = fresh.map((page) => ({
      text: titleOf(readFileSync(join(root, page), "utf8"), page),
      link: `/${stagedAs(page).replace(/(index)?\.md$/, "")}`,
    }));
    return { text: title, collapsed: !open.includes(title), items };
  });
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

function titleOf(markdown, page) {
  const [, title = page] = /^# (.*)$/m.exec(markdown) ?? [];
  return title.replaceAll("`", "");
}
