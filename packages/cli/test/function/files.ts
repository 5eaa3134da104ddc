import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonFile, type Run, run } from "../run.js";

/** A run of `sortition function`, with the written files by name. */
export interface FunctionRun extends Run {
  readonly files: ReadonlyMap<string, string>;
}

export const NOW = "2026-02-01T12:00:00.000Z";

const TARGETS = {
  bigquery: ["--target", "bigquery", "--library", "gs://bucket/sortition/library.js"],
  snowflake: ["--target", "snowflake"],
} as const;

/** The name of a target. */
export type TargetName = keyof typeof TARGETS;

export async function writeFunctions(
  dialect: string,
  config: unknown,
  target: TargetName,
  more: readonly string[] = [],
): Promise<FunctionRun> {
  const folder = mkdtempSync(join(tmpdir(), "sortition-function-"));
  try {
    const file = jsonFile("function-config.json", config);
    const args = ["--dialect", dialect, "--config", file, "--now", NOW, "--out", folder];
    const ended = await run(["function", ...args, ...TARGETS[target], ...more]);
    const names = readdirSync(folder);
    const files = names.map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
    return { ...ended, files: new Map(files) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
