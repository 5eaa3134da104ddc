// The pages of the documentation, the packages that have some, and what is written into pages.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** The folder of the repository. */
export const root = join(import.meta.dirname, "..");

/** Every page, by its path in the repository: the README files, and all of docs/. */
export function pages() {
  const folders = ["packages", "apps", "tools"].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => join(parent, name)),
  );
  const beside = [".", ".github", ...folders].flatMap((folder) => pagesIn(folder));
  return [...beside, ...pagesIn("docs", true)].sort();
}

/** The folders of packages that are published, such as `packages/core`, in order. */
export function publicPackages() {
  return readdirSync(join(root, "packages"))
    .sort()
    .map((name) => `packages/${name}`)
    .filter((folder) => {
      const manifest = readFileSync(join(root, folder, "package.json"), "utf8");
      return JSON.parse(manifest).private !== true;
    });
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
