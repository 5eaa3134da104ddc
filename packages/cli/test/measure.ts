import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { EXAMPLE } from "./eppo/eppo-config.js";
import { jsonFile, MAIN } from "./run.js";

const LINES_PER_CHUNK = 1_000;

/** A run of the built program. */
export interface MeasuredRun {
  readonly exitCode: number | null;
  readonly peakRssBytes: number;
}

/** A run with many lines. */
export interface MeasuredLines extends MeasuredRun {
  readonly results: number;
  readonly errors: number;
  /** Whether the results were in the order of the lines. */
  readonly isInOrder: boolean;
  readonly linesPerSecond: number;
}

/**
 * Sends lines through the built program, every thousandth of them malformed. Uses one thread, because another thread
 * would inherit the Node.js arguments that measure the program.
 *
 * @param more - further options of the command.
 */
export async function measureLines(
  lines: number,
  more: readonly string[] = [],
): Promise<MeasuredLines> {
  const startedAtMs = performance.now();
  let counted = { results: 0, errors: 0, isInOrder: false };
  const run = await measure([...evaluateExample(), ...more], {
    write: (stdin) => writeRequests(stdin, lines),
    read: async (stdout) => {
      counted = await readResults(stdout);
    },
  });
  const linesPerSecond = (lines / (performance.now() - startedAtMs)) * 1_000;
  return { ...run, ...counted, linesPerSecond };
}

/** Sends a request, a line of this size and the request again. Also returns the output. */
export async function measureLongLine(
  bytes: number,
  more: readonly string[] = [],
): Promise<MeasuredRun & { readonly stdout: string }> {
  const request = '{"flag":"new-checkout","type":"boolean","subjectKey":"user-1"}\n';
  const piece = "x".repeat(65_536);
  let stdout = "";
  const run = await measure([...evaluateExample(), ...more], {
    async write(stdin) {
      stdin.write(`${request}{"id":"`);
      for (let left = bytes; left > 0; left -= piece.length) {
        if (!stdin.write(piece.slice(0, left))) await once(stdin, "drain");
      }
      stdin.end(`"}\n${request}`);
    },
    async read(stream) {
      for await (const chunk of stream.setEncoding("utf8")) stdout += chunk;
    },
  });
  return { ...run, stdout };
}

/** Explains one flag. Also returns the output. */
export async function measureExplain(
  config: string,
  more: readonly string[] = [],
): Promise<MeasuredRun & { readonly stdout: string }> {
  let stdout = "";
  const args = ["explain", "f", "--config", config, "--subject", "user-1", ...more];
  const run = await measure(args, {
    write: async (stdin) => void stdin.end(),
    async read(stream) {
      for await (const chunk of stream.setEncoding("utf8")) stdout += chunk;
    },
  });
  return { ...run, stdout };
}

/** Runs the built program and measures its peak resident memory. */
async function measure(
  args: readonly string[],
  streams: {
    readonly write: (stdin: NodeJS.WritableStream) => Promise<void>;
    readonly read: (stdout: NodeJS.ReadableStream) => Promise<void>;
  },
): Promise<MeasuredRun> {
  // Runs the program, and writes its peak memory to file descriptor 3 on exit.
  const wrapper = `
    import { readFileSync, writeSync } from "node:fs";
    process.on("exit", () => {
      const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
      // On Linux, maxRSS includes the process before \`exec\`. VmHWM counts only this program.
      writeSync(3, String(/VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS));
    });
    process.argv.splice(1, 0, ${JSON.stringify(MAIN)});
    await import(${JSON.stringify(pathToFileURL(MAIN).href)});`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", wrapper, "--", ...args], {
    stdio: ["pipe", "pipe", "ignore", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  let rss = "";
  child.stdio[3]?.on("data", (chunk) => {
    rss += chunk;
  });
  const closed = once(child, "close");
  const read = streams.read(child.stdout!); // a pipe, see `stdio`
  await streams.write(child.stdin!);
  await read;
  await closed;
  return { exitCode: child.exitCode, peakRssBytes: Number(rss) * 1_024 };
}

function evaluateExample(): readonly string[] {
  const config = jsonFile("config.json", EXAMPLE);
  return ["evaluate", "--dialect", "eppo", "--config", config];
}

async function writeRequests(stdin: NodeJS.WritableStream, lines: number): Promise<void> {
  for (let first = 1; first <= lines; first += LINES_PER_CHUNK) {
    let chunk = "";
    for (let line = first; line < first + LINES_PER_CHUNK && line <= lines; line += 1) {
      chunk +=
        line % 1_000 === 0
          ? '{"flag":"new-checkout"\n'
          : `{"flag":"new-checkout","type":"boolean","default":false,"subjectKey":"user-${line}","subjectAttributes":{"country":"${line % 3 === 0 ? "SE" : "DK"}","plan":"team"}}\n`;
    }
    if (!stdin.write(chunk)) await once(stdin, "drain");
  }
  stdin.end();
}

async function readResults(
  stdout: NodeJS.ReadableStream,
): Promise<Pick<MeasuredLines, "results" | "errors" | "isInOrder">> {
  let results = 0;
  let errors = 0;
  let isInOrder = true;
  let rest = "";
  for await (const chunk of stdout.setEncoding("utf8")) {
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      results += 1;
      isInOrder &&= line.startsWith(`{"id":${results},`);
      if (line.includes('"error":{"code":"invalid_json"')) errors += 1;
    }
  }
  return { results, errors, isInOrder: isInOrder && rest === "" };
}
