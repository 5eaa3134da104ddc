import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Writes a report, to a new file unless it is told where (`null`). Returns the path. */
export function writeReport(report: { readonly startedAt: string }, file: string | null): string {
  const path = resolve(
    file ??
      join(import.meta.dirname, "../reports", `${report.startedAt.replaceAll(":", "-")}.json`),
  );
  write(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}

/** Writes a file, and makes its folder if there is none. */
export function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
