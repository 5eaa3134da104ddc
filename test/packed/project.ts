import { copyFileSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const sources = join(import.meta.dirname, "projects");

/**
 * Creates a project below the folder in which the packages are installed, so that it resolves them like an application.
 *
 * @param files - name in the project → name in `projects/`.
 * @param texts - name in the project → content.
 */
export function makeProject(
  consumer: string,
  files: Readonly<Record<string, string>>,
  texts: Readonly<Record<string, string>> = {},
): string {
  const folder = mkdtempSync(join(consumer, "project-"));
  for (const [name, source] of Object.entries(files))
    copyFileSync(join(sources, source), join(folder, name));
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  return folder;
}
