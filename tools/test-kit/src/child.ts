import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Time that distinguishes a process that ends from one that is held. A process that nothing holds ends in about 50 ms on a
 * quiet machine, and in a few seconds on a very busy one. What must not hold it lasts ten seconds or more.
 */
export const ENDS_MS = 9_000;

/** Options of a Node process. */
export interface ChildOptions {
  /** Source of an ES module, or of a CommonJS script. */
  readonly script: string;
  /** Default: `module`. */
  readonly type?: "module" | "commonjs";
  /** Options of Node, such as `--expose-gc`. */
  readonly nodeOptions?: readonly string[];
  /** Bare imports of the script are resolved from this folder. */
  readonly cwd: string;
  /** Command with arguments that starts the process, such as `unshare`. */
  readonly through?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The process is killed after this time. Default: 200,000, less than the limit of a test. */
  readonly timeoutMs?: number;
}

/** Result of a process. Times are ms since its start. */
export interface ChildResult {
  /** `null` if a signal ended the process. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly exitedAtMs: number;
  /** When the script wrote a line `@name` to stderr, by name. */
  readonly marks: ReadonlyMap<string, number>;
  /** Returns the time from a line `@name` to the end of the process. `NaN`: there was no such line. */
  endedAfterMs(name: string): number;
}

/** A running process. */
export interface Child {
  readonly pid: number | undefined;
  /** Resolves when the script has written the line `@name` to stderr, or has ended. */
  mark(name: string): Promise<void>;
  /** Sends it a signal. */
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<ChildResult>;
}

/** Starts a script in a child process. */
export function startChild(options: ChildOptions): Child {
  const { script, type = "module", cwd, nodeOptions = [], through = [] } = options;
  const { env = {}, timeoutMs = 200_000 } = options;
  const startedAtMs = performance.now();
  const node = [process.execPath, ...nodeOptions, `--input-type=${type}`, "--eval", script];
  const [command = process.execPath, ...args] = [...through, ...node];
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  const marks = new Map<string, number>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const [, name] of stderr.matchAll(/^@(\S+)$/gm)) {
      if (name === undefined || marks.has(name)) continue;
      marks.set(name, performance.now() - startedAtMs);
      child.emit(`mark ${name}`);
    }
  });
  const exited = once(child, "exit").then(() => performance.now() - startedAtMs);
  // After "close", unlike after "exit", all output has been read.
  const ended = once(child, "close").then(async (): Promise<ChildResult> => {
    const { exitCode, signalCode: signal } = child;
    const exitedAtMs = await exited;
    const endedAfterMs = (name: string): number => exitedAtMs - (marks.get(name) ?? Number.NaN);
    return { exitCode, signal, stdout, stderr, exitedAtMs, marks, endedAfterMs };
  });
  return {
    pid: child.pid,
    async mark(name) {
      if (!marks.has(name)) await Promise.race([once(child, `mark ${name}`), ended]);
    },
    kill(signal) {
      child.kill(signal);
    },
    ended,
  };
}
