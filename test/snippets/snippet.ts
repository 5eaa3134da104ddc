import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pages, root } from "../markdown.js";

/** A block of TypeScript on a page. */
export interface Snippet {
  /** For example `packages/node/README.md:12`. */
  readonly place: string;
  /** The folder of the workspace whose dependencies it may import. */
  readonly home: string;
  readonly text: string;
}

/**
 * Returns the blocks fenced as `ts`, except quoted examples, which their own package compiles and runs.
 */
function snippetsOf(page: string): readonly Snippet[] {
  const markdown = readFileSync(join(root, page), "utf8");
  // Pages of docs/ may use the dependencies of the examples, because they have none of their own.
  const [home = "apps/examples"] = /^(packages|apps)[\\/][^\\/]+/.exec(page) ?? [];
  return [...markdown.matchAll(/^(<!-- quotes: \S+ -->\n\n)?```ts\n([\s\S]*?)^```$/gm)]
    .filter(([, quotes]) => quotes === undefined)
    .map((match) => {
      const line = markdown.slice(0, match.index).split("\n").length;
      return {
        place: `${page.replaceAll("\\", "/")}:${line}`,
        home: home.replaceAll("\\", "/"),
        text: match[2]!,
      };
    });
}

export const snippets: readonly Snippet[] = pages.flatMap(snippetsOf);
