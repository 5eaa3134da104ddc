// The pages of the documentation, published packages, and the tables that are written into pages.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** The folder of the repository. */
export const root = join(import.meta.dirname, "..");

/**
 * The folders of packages, apps and tools, such as `packages/core`, in order. Where a package was moved, Git leaves a folder
 * with ignored files: it has no manifest.
 */
export function workspaceFolders() {
  return ["apps", "packages", "tools"]
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .sort();
}

/** Every page, by its path in the repository: the README files, and all of docs/. */
export function pages() {
  const folders = [".", ".github", ...workspaceFolders()];
  const beside = folders.flatMap((folder) => pagesIn(folder));
  return [...beside, ...pagesIn("docs", true)].sort();
}

/** The folders of packages that are published, such as `packages/core`, in order. */
export function publicPackages() {
  return workspaceFolders().filter((folder) => folder.startsWith("packages/"));
}

/** Paths in the `exports` of a manifest that programs import, not `package.json`. */
export function pathsOfEntries(exports) {
  return Object.keys(exports).filter((path) => typeof exports[path] === "object");
}

/** The pages of one folder, in order. */
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

/** Bundles a TypeScript file of the repository with its imports, and imports the bundle: without a build. */
export async function importSource(file) {
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
