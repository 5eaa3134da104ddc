import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { Cell, Participant } from "../cells/cell.js";
import { type EppoFlag, eppoWriter } from "../dialects/eppo/writer.js";
import { shopBytes, shopFlags } from "../dialects/writer.js";
import { shortSubjectKeys } from "../workload/subjects.js";

const FLAG_COUNT = 100;
/** Lines that differ; a longer input repeats them. */
const DISTINCT_LINES = 10_000;
/** How many answers are compared before the clock starts. */
const SAMPLE_SIZE = 1_000;

/** The command over a long file of requests, from the start of its process to its end. */
export const evaluate: Cell = {
  id: "evaluate",
  title: "one line of `sortition evaluate`, of 1,000,000",
  unit: "ns",
  participants: [evaluatingLines()],
  effort: {
    full: { rounds: 5, operations: 1_000_000, warmUpOperations: 1 },
    quick: { rounds: 2, operations: 20_000, warmUpOperations: 1 },
  },
  collectsGarbage: false,
  targets: [],
  findFault: ({ values = [] }) => {
    if (values.length !== SAMPLE_SIZE)
      return `${values.length} of ${SAMPLE_SIZE} lines have answers`;
    return new Set(values).size >= 10 ? null : "the flags give too few different answers";
  },
};

function evaluatingLines(): Participant {
  return {
    name: "sortition evaluate",
    async prepare() {
      const lines = requestLines();
      const results = await evaluated(lines, SAMPLE_SIZE, "pipe");
      return {
        answers: { values: results.trimEnd().split("\n").map(answerOf) },
        async run(operations) {
          await evaluated(lines, operations, "ignore");
          return operations;
        },
      };
    },
  };
}

/** Requests for all flags, each for another subject. */
function requestLines(): readonly string[] {
  const flags = shopFlags(eppoWriter, FLAG_COUNT) as readonly EppoFlag[];
  return shortSubjectKeys(DISTINCT_LINES).map((subjectKey, i) => {
    const { key: flag, variationType } = flags[i % FLAG_COUNT] as EppoFlag; // there are so many
    const subjectAttributes = { country: "DE", appVersion: `${i % 9}.1.0` };
    const type = variationType.toLowerCase();
    return `${JSON.stringify({ flag, type, subjectKey, subjectAttributes })}\n`;
  });
}

/** Runs the command over so many lines, which are repeated, and returns its results unless they are ignored. */
async function evaluated(
  lines: readonly string[],
  count: number,
  results: "pipe" | "ignore",
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sortition-bench-"));
  try {
    const config = join(folder, "flags.json");
    writeFileSync(config, shopBytes(eppoWriter, FLAG_COUNT));
    const args = [commandFile(), "evaluate", "--dialect", "eppo", "--config", config];
    const child = spawn(process.execPath, args, { stdio: ["pipe", results, "inherit"] });
    const [[status], , output] = await Promise.all([
      once(child, "exit"),
      pipeline(Readable.from(inChunks(lines, count)), child.stdin as Writable), // a pipe
      child.stdout === null ? "" : text(child.stdout),
    ]);
    if (status !== 0) throw new Error(`sortition evaluate ended with ${status}`);
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

function answerOf(line: string): string {
  return JSON.stringify((JSON.parse(line) as { readonly value?: unknown }).value);
}
