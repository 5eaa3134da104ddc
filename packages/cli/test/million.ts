import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { EXAMPLE } from "./eppo-config.js";
import { MAIN, tempFile } from "./run.js";

const LINES_PER_CHUNK = 1_000;

/** What became of many lines. */
export interface Measured {
  readonly exitCode: number | null;
  readonly results: number;
  readonly errors: number;
  /** Whether each result had the id of the line at its place. */
  readonly isInOrder: boolean;
  readonly linesPerSecond: number;
  readonly peakRssBytes: number;
}

/**
 * Sends lines through the built program, every thousandth of them malformed.
 *
 * @param more - options of the command.
 */
export async function measure(lines: number, more: readonly string[] = []): Promise<Measured> {
  const config = tempFile("config.json", JSON.stringify(EXAMPLE));
  // The program itself, with its peak told to descriptor 3 when it exits.
  const wrapper = `
    import { readFileSync, writeSync } from "node:fs";
    process.on("exit", () => {
      const status = process.platform === "linux" ? readFileSync("/proc/self/status", "utf8") : "";
      // Linux counts what the process was before \`exec\` into maxRSS: VmHWM is this program's own.
      writeSync(3, String(/VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS));
    });
    process.argv.splice(1, 0, ${JSON.stringify(MAIN)});
    await import(${JSON.stringify(pathToFileURL(MAIN).href)});`;
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", wrapper, "--", "evaluate", "--dialect", "eppo"].concat(
      ["--config", config],
      more,
    ),
    { stdio: ["pipe", "pipe", "ignore", "pipe"], env: { ...process.env, NODE_OPTIONS: "" } },
  );
  const startedAtMs = performance.now();
  let rss = "";
  child.stdio[3]?.on("data", (chunk) => {
    rss += chunk;
  });
  const closed = once(child, "close");
  const read = readResults(child.stdout!); // a pipe, see `stdio`
  await writeRequests(child.stdin!, lines);
  const counted = await read;
  await closed;
  return {
    ...counted,
    exitCode: child.exitCode,
    linesPerSecond: (lines / (performance.now() - startedAtMs)) * 1_000,
    peakRssBytes: Number(rss) * 1_024,
  };
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
): Promise<Pick<Measured, "results" | "errors" | "isInOrder">> {
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
