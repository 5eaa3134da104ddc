import { copyFileSync, cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

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

/**
 * Places other versions of libraries into a project, and copies of our packages that import them, so that the copies load
 * these versions instead of those that are installed with all packages.
 *
 * @param ours - names without the scope.
 * @param libraries - folders of the libraries, by name.
 */
export function placeLibraries(
  consumer: string,
  project: string,
  ours: readonly string[],
  libraries: Readonly<Record<string, string>>,
): void {
  for (const name of ours) {
    const place = `node_modules/@sortition/${name}`;
    cpSync(join(consumer, place), join(project, place), { recursive: true });
  }
  for (const [name, folder] of Object.entries(libraries)) {
    const place = join(project, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(folder, place, "junction");
  }
}
