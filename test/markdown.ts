import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { workspaceFolders } from "../scripts/pages.mjs";

export const root: string = fileURLToPath(new URL("..", import.meta.url));

/** All pages of the documentation, relative to the root. */
export const pages: readonly string[] = [
  ...["CONTRIBUTING.md", "SECURITY.md"],
  ...[".", ...workspaceFolders()].map((folder) => join(folder, "README.md")),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
].filter((page) => existsSync(join(root, page)));

/** Removes code blocks and inline code, which contain no headings or links. */
function withoutCode(markdown: string): string {
  return markdown
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()#]/g, ""));
}

/** A link of a page: `guides/redis.md#sizing`. */
export interface Link {
  /** Empty: the same page. */
  readonly path: string;
  /** Anchor without `#`; `null`: the whole page. */
  readonly anchor: string | null;
}

/** Returns all links and images of a page, in Markdown and in HTML. */
export function linksOf(markdown: string): readonly Link[] {
  const targets = withoutCode(markdown).matchAll(/\]\(([^)\s]*)\)|\s(?:src|srcset)="([^"]*)"/g);
  return [...targets].map(([, inMarkdown, inTag = ""]) => {
    const [path = "", anchor = null] = (inMarkdown ?? inTag).split("#");
    return { path: decodeURI(path), anchor };
  });
}

/** Returns the anchors that GitHub creates for the headings of a page. */
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
