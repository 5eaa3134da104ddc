import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { expectNoSecret, later } from "./start.js";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** A running command. */
export interface Command {
  readonly pid: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Resolves with the exit code, or `null` if a signal ended the process. */
  readonly ended: Promise<number | null>;
  /** Resolves with the URL once the relay has printed it. */
  listening(): Promise<string>;
  /** The URL for operators and Prometheus, once the relay has printed it. */
  readonly admin: string;
  kill(signal: NodeJS.Signals): void;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A command, with its arguments, that starts the process. */
  readonly through?: readonly string[];
}

/** Starts the built `sortition-relay`. It ends after the test. */
export function startCommand(
  args: readonly string[],
  { env = {}, through = [] }: CommandOptions = {},
): Command {
  const [command = process.execPath, ...rest] = [...through, process.execPath, MAIN, ...args];
  const child: ChildProcess = spawn(command, rest, { env: { PATH: process.env["PATH"], ...env } });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (data: string) => {
      text[name] += data;
    });
  }
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", (code) => resolve(code));
  });
  later(async () => {
    child.kill("SIGKILL");
    await ended;
    expectNoSecret(`${text.stdout}${text.stderr}`);
  });
  const { pid = 0 } = child;
  return {
    pid,
    get stdout() {
      return text.stdout;
    },
    get stderr() {
      return text.stderr;
    },
    get admin() {
      return /"admin":"([^"]+)"/.exec(text.stdout)?.[1] ?? "";
    },
    ended,
    async listening() {
      const address = (): string | undefined => /"url":"([^"]+)"/.exec(text.stdout)?.[1];
      await expect.poll(() => address() ?? text.stderr).toMatch(/^http/);
      return address() ?? "";
    },
    kill(signal) {
      // A command such as `unshare` does not forward signals.
      const path = `/proc/${pid}/task/${pid}/children`;
      process.kill(through.length === 0 ? pid : Number(readFileSync(path, "utf8").trim()), signal);
    },
  };
}
