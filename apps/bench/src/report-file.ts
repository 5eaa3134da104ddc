import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a report goes unless it is told: a new file. */
export function defaultFile(startedAt: string): string {
  const folder = fileURLToPath(new URL("../reports/", import.meta.url));
  return join(folder, `${startedAt.replaceAll(":", "-")}.json`);
}

/** Writes a file, and makes its folder if there is none. */
export function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
