import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

export interface CommandRun {
  /** The name of a file stands for its path. */
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Its standard input, repeated. */
  readonly lines: readonly string[];
}

/** Processor time and memory of a run, all threads together. */
export interface CommandSpent {
  readonly processorNs: number;
  readonly peakBytes: number;
}

/** A module that makes the process write its processor time and memory when it ends. */
const REPORTER = `data:text/javascript,${encodeURIComponent(`
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
if (isMainThread) process.on("exit", () => {
  const { maxRSS, systemCPUTime, userCPUTime } = process.resourceUsage();
  const spent = { processorNs: 1000 * (systemCPUTime + userCPUTime), peakBytes: 1024 * maxRSS };
  writeFileSync(process.env.SORTITION_BENCH_SPENT, JSON.stringify(spent));
});`)}`;

/** Runs `sortition` over so many of the lines. Its output is empty if the results are ignored. */
export async function runCommand(
  { args, files, lines }: CommandRun,
  count: number,
  results: "pipe" | "ignore",
) {
  const folder = mkdtempSync(join(tmpdir(), "sortition-bench-"));
  const spentFile = join(folder, "spent.json");
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const resolved = args.map((it) => (it in files ? join(folder, it) : it));
    const child = spawn(process.execPath, ["--import", REPORTER, commandFile(), ...resolved], {
      stdio: ["pipe", results, "inherit"],
      env: { ...process.env, SORTITION_BENCH_SPENT: spentFile },
    });
    const [[status], , output] = await Promise.all([
      once(child, "exit"),
      pipeline(Readable.from(inChunks(lines, count)), child.stdin as Writable), // a pipe
      child.stdout === null ? "" : text(child.stdout),
    ]);
    if (status !== 0) throw new Error(`sortition ${args[0]} ended with ${status}`);
    const spent: CommandSpent = JSON.parse(readFileSync(spentFile, "utf8"));
    return { output, spent };
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
