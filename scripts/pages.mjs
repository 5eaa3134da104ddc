// Lists pages and packages, and writes tables into pages.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The folder of the repository. */
export const root = join(import.meta.dirname, "..");

/**
 * Returns the folders of packages, apps and tools, such as `packages/core`, in order. Folders without a manifest are skipped,
 * because Git leaves ignored files behind where a package was moved.
 */
export function workspaceFolders() {
  return ["apps", "packages", "tools"]
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .sort();
}

/** Returns the paths of all pages in the repository: the README files and everything in docs/. */
export function pages() {
  const folders = [".", ".github", ...workspaceFolders()];
  const beside = folders.flatMap((folder) => pagesIn(folder));
  return [...beside, ...pagesIn("docs", true)].sort();
}

/** Returns the folders of published packages, such as `packages/core`, in order. */
export function publicPackages() {
  return workspaceFolders().filter((folder) => folder.startsWith("packages/"));
}

/** Returns the paths in a manifest's `exports`, except `package.json`. */
export function pathsOfEntries(exports) {
  return Object.keys(exports).filter((path) => typeof exports[path] === "object");
}

/** Returns the pages in a folder, in order. */
export function pagesIn(folder, recursive = false) {
  return readdirSync(join(root, folder), { recursive, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join(folder, file))
    .sort();
}

/** Writes Markdown between the comments `<!-- written: NAME -->` and `<!-- end -->`, if the page has them. */
export function withMarkdown(page, name, markdown) {
  return page.replace(
    new RegExp(`(<!-- written: ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`),
    (_, before, after) => `${before}${markdown}${after}`,
  );
}

/** Writes a table between these comments. */
export function withTable(page, name, head, rows) {
  const rule = head.replaceAll(/ [^|]+/g, "---");
  const table = [head, rule, ...rows.map((cells) => `| ${cells.join(" | ")} |`)];
  return withMarkdown(page, name, `\n${table.join("\n")}\n\n`);
}

/** Bundles a TypeScript file of the repository with its imports, and imports the bundle, which needs no build. */
export async function importSource(file) {
  // Imported here, because scripts/ci.mjs, which imports this module, starts before anything is installed.
  const { buildSync } = await import("esbuild");
  const { outputFiles } = buildSync({
    entryPoints: [join(root, file)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}
