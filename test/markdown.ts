import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { workspaceFolders } from "../scripts/pages.mjs";

export const root: string = fileURLToPath(new URL("..", import.meta.url));

/** Every page of the documentation, relative to the root. */
export const pages: readonly string[] = [
  ...["CONTRIBUTING.md", "SECURITY.md"],
  ...[".", ...workspaceFolders()].map((folder) => join(folder, "README.md")),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
].filter((page) => existsSync(join(root, page)));

/** A page without its blocks and spans of code, in which nothing is a heading or a link. */
function withoutCode(markdown: string): string {
  return markdown
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()#]/g, ""));
}

/** A link of a page: `guides/workers.md#sizing`. */
export interface Link {
  /** Empty: the same page. */
  readonly path: string;
  /** Without `#`; `null`: the page as a whole. */
  readonly anchor: string | null;
}

/** All links and images of a page, whether written in Markdown or as tags. */
export function linksOf(markdown: string): readonly Link[] {
  const targets = withoutCode(markdown).matchAll(/\]\(([^)\s]*)\)|\s(?:src|srcset)="([^"]*)"/g);
  return [...targets].map(([, inMarkdown, inTag = ""]) => {
    const [path = "", anchor = null] = (inMarkdown ?? inTag).split("#");
    return { path: decodeURI(path), anchor };
  });
}

/** The anchors that GitHub gives to the headings of a page. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of markdown
    .replace(/^```[\s\S]*?^```$/gm, "")
    .matchAll(/^#{1,6} (.*)$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1") // the text of a link
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let i = 1; anchors.has(anchor); i++) anchor = `${slug}-${i}`;
    anchors.add(anchor);
  }
  return anchors;
}
