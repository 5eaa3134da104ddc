import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

/** A command over many lines. */
export interface CommandRun {
  /** The name of a file stands for its path. */
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** What it reads from its standard input, repeated. */
  readonly lines: readonly string[];
}

/** Runs `sortition` over so many of the lines, and returns its results unless they are ignored. */
export async function runCommand(
  { args, files, lines }: CommandRun,
  count: number,
  results: "pipe" | "ignore",
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sortition-bench-"));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const resolved = args.map((it) => (it in files ? join(folder, it) : it));
    const child = spawn(process.execPath, [commandFile(), ...resolved], {
      stdio: ["pipe", results, "inherit"],
    });
    const [[status], , output] = await Promise.all([
      once(child, "exit"),
      pipeline(Readable.from(inChunks(lines, count)), child.stdin as Writable), // a pipe
      child.stdout === null ? "" : text(child.stdout),
    ]);
    if (status !== 0) throw new Error(`sortition ${args[0]} ended with ${status}`);
    return output;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* inChunks(lines: readonly string[], count: number): Generator<Buffer> {
  const all = Buffer.from(lines.join(""));
  for (let i = 0; i < Math.floor(count / lines.length); i++) yield all;
  yield Buffer.from(lines.slice(0, count % lines.length).join(""));
}

/** The file of the command, in the package that is installed. */
function commandFile(): string {
  const manifest = createRequire(import.meta.url).resolve("@sortition/cli/package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8")) as { bin: { sortition: string } };
  return join(dirname(manifest), bin.sortition);
}
