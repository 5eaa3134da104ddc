import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differenceOf, differencesOf, type Expectation, type Visit } from "./expectation.js";
import { startServers } from "./servers.js";

const TIMEOUT_MS = 60_000;

/** The result of an example. */
export interface ExampleResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Empty if the example behaved as expected. */
  readonly problems: readonly string[];
}

/**
 * Runs one built example in its own process and folder, with its own servers.
 *
 * @param platform - program that runs the example; `null`: the example is a program itself.
 */
export async function runExample(
  file: string,
  expected: Expectation,
  platform: string | null,
): Promise<ExampleResult> {
  const servers = await startServers(readFileSync(file, "utf8").includes("RELAY_URL"));
  const folder = mkdtempSync(join(tmpdir(), "sortition-example-"));
  let child: ChildProcess | undefined;
  try {
    child = spawn(process.execPath, platform === null ? [file] : [platform, file], {
      cwd: folder,
      env: {
        ...process.env,
        ...servers.env,
        ...expected.env,
        PORT: "0",
      },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: TIMEOUT_MS,
      killSignal: "SIGKILL",
    });
    const ended = once(child, "close");
    const output = collectOutput(child);
    const visited = expected.visits.length === 0 ? [] : await visitAll(child, expected.visits);
    const [exitCode, signal] = await ended;
    const problems = [
      ...visited,
      ...(exitCode === 0 ? [] : [`ended with ${signal ?? `exit code ${exitCode}`}, not by itself`]),
      ...differencesOf(expected.prints, output.stdout),
    ];
    return { ...output, problems };
  } finally {
    child?.kill("SIGKILL");
    servers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Collects the output, which is complete once the process is closed. */
function collectOutput(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  return output;
}

/** Requests the pages of a server that prints its URL, sends it SIGTERM, and returns problems. */
async function visitAll(child: ChildProcess, visits: readonly Visit[]): Promise<readonly string[]> {
  const base = await addressOf(child);
  if (base === null) return ["ended before it listened"];
  const problems: string[] = [];
  for (const { path, body, count } of visits) {
    const visit = async (number: string): Promise<void> => {
      const response = await fetch(new URL(path.replaceAll("#", number), base));
      const difference = differenceOf(body.replaceAll("#", number), await response.text());
      if (difference !== null) problems.push(`GET ${path}: ${difference}`);
    };
    await Promise.all(Array.from({ length: count }, (_, i) => visit(`${i + 1}`)));
  }
  child.kill("SIGTERM");
  return problems;
}

function addressOf(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    let text = "";
    child.stdout?.on("data", (more: string) => {
      text += more;
      const address = /listening on (\S+)\n/.exec(text)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once("close", () => resolve(null));
  });
}
