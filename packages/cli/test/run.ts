import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { AssignmentEvent } from "@sortition/core";
import type { EvaluationDetails } from "@sortition/core/eppo";
import { afterAll } from "vitest";
import type { Io } from "../src/io.js";
import { type RunOptions, run as runCommand } from "../src/run.js";

/** The exit code and output of a run. */
export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The path of the built program. */
export const MAIN: string = fileURLToPath(new URL("../dist/main.js", import.meta.url));

let folder: string | null = null;

afterAll(() => {
  if (folder !== null) rmSync(folder, { recursive: true });
  folder = null;
});

/** A folder that is deleted after the tests. */
export function tempFolder(): string {
  folder ??= mkdtempSync(join(tmpdir(), "sortition-cli-"));
  return folder;
}

/** Writes a file that is deleted after the tests, and returns its path. */
export function tempFile(name: string, content: string | Buffer): string {
  const path = join(tempFolder(), name);
  writeFileSync(path, content);
  return path;
}

/** Writes a value as JSON to such a file. */
export function jsonFile(name: string, value: unknown): string {
  return tempFile(name, JSON.stringify(value));
}

/** Runs the command in this process. */
export async function run(
  args: readonly string[],
  input: string | Buffer = "",
  options: RunOptions = {},
): Promise<Run> {
  return await runWith((io) => runCommand(args, io, options), input);
}

/** Runs work that writes to the streams of a command, and collects its output. */
export async function runWith(
  work: (io: Io) => Promise<number>,
  input: string | Buffer = "",
): Promise<Run> {
  const stdout = new Collector();
  const stderr = new Collector();
  const stdin = Readable.from([Buffer.from(input)]);
  const exitCode = await work({ stdin, stdout, stderr, env: {} });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

/** Runs the command in this process with a terminal as stdout. */
export async function runOnTerminal(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const stdout = Object.assign(new Collector(), { isTTY: true });
  const stderr = new Collector();
  const exitCode = await runCommand(args, { stdin: Readable.from([]), stdout, stderr, env });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

/** Runs the built program, as a shell would. */
export async function runProgram(
  args: readonly string[],
  input: string | Buffer = "",
  env: Readonly<Record<string, string>> = {},
  main: string = MAIN,
): Promise<Run> {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  const stdout = new Collector();
  const stderr = new Collector();
  child.stdout.pipe(stdout);
  child.stderr.pipe(stderr);
  child.stdin.on("error", () => {}); // a program that rejects its arguments does not read stdin
  child.stdin.end(input);
  const exitCode = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

/** Serializes values as NDJSON. */
export function ndjson(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}

/** A line of the output of `sortition evaluate`. */
export interface ResultLine {
  readonly id: unknown;
  readonly value?: unknown;
  readonly evaluationDetails: EvaluationDetails;
  readonly event: AssignmentEvent | null;
  readonly events?: readonly AssignmentEvent[];
  readonly error?: { readonly code: string; readonly message: string };
}

/** Parses NDJSON. */
export function parseLines(text: string): ResultLine[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

class Collector extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _: unknown, done: () => void): void {
    this.#chunks.push(Buffer.from(chunk));
    done();
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}
