import { execFile } from "node:child_process";

/** The result of a program. */
export interface RunResult {
  /** `null` if a signal ended it, or if it could not be started. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** Runs a program until it ends. Variables that vitest sets are not passed on. */
export function run(
  file: string,
  args: readonly string[],
  { cwd, env = {}, timeoutMs = 280_000 }: RunOptions,
): Promise<RunResult> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_ENV|NODE_OPTIONS|JEST|TEST$)/.test(name),
  );
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: { ...Object.fromEntries(inherited), ...env },
      timeout: timeoutMs,
      maxBuffer: 2 ** 26,
    };
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      resolve({ exitCode: typeof code === "number" ? code : null, stdout, stderr });
    });
  });
}
