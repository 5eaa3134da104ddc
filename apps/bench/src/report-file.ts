import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Writes a report, to a new file if `file` is `null`. Returns the path. */
export function writeReport(report: { readonly startedAt: string }, file: string | null): string {
  const path = resolve(
    file ??
      join(import.meta.dirname, "../reports", `${report.startedAt.replaceAll(":", "-")}.json`),
  );
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}
