import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Texts } from "./application.ts";

const page = join(import.meta.dirname, "../../../docs/guides/browser.md");

/**
 * Returns the programs of a section of the guide for browsers. Their first line is a comment with their path.
 *
 * @param heading - of the section.
 */
export function filesOfGuide(heading: string): Texts {
  const sections = readFileSync(page, "utf8").split(/^## /m);
  const section = sections.find((it) => it.startsWith(`${heading}\n`)) ?? "";
  const blocks = section.matchAll(/^```(?:js|tsx)\n\/\/ (\S+)\n([\s\S]*?)^```$/gm);
  return Object.fromEntries([...blocks].map(([, path = "", text = ""]) => [path, text]));
}
