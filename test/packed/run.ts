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

/** Returns the environment of this process without the variables that vitest sets, and with others. */
export function environmentOf(variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|NODE_ENV|NODE_OPTIONS|JEST|TEST$)/.test(name),
  );
  return { ...Object.fromEntries(inherited), ...variables };
}

/** Runs a program until it ends. */
export function run(
  file: string,
  args: readonly string[],
  { cwd, env = {}, timeoutMs = 280_000 }: RunOptions,
): Promise<RunResult> {
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: environmentOf(env),
      timeout: timeoutMs,
      maxBuffer: 2 ** 26,
    };
    execFile(file, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      resolve({ exitCode: typeof code === "number" ? code : null, stdout, stderr });
    });
  });
}
