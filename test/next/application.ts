import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { installTools } from "../../scripts/tools.mjs";

const root = join(import.meta.dirname, "../..");

/** The folder in which Next, React Router and React are installed. */
const tools: string = installTools("next", {
  "@types/node": "22.20.5",
  "@types/react": "19.3.0",
  "@types/react-dom": "19.3.0",
  flags: "4.3.1",
  next: "16.4.6",
  react: "19.3.1",
  "react-dom": "19.3.1",
  "react-router": "7.18.6",
  typescript: "5.9.3",
  undici: "7.30.2",
});

/** The files of an application by path. */
export type Files = Readonly<Record<string, string>>;

/** Settings of Next. Its root also contains Next itself. */
function configuration(settings: string): string {
  return `export default {
    serverExternalPackages: ["@sortition/node"],
    turbopack: { root: ${JSON.stringify(tools)} },
    outputFileTracingRoot: ${JSON.stringify(tools)},
    ${settings}
  };`;
}

/** One build checks the types of the application. The others skip them, because the check takes seconds. */
const WITHOUT_TYPES = "typescript: { ignoreBuildErrors: true },";

/** Next's configuration by bundler. Minifying and tracing would take half of webpack's time. */
export const CONFIGURATIONS = {
  "--turbopack": configuration(""),
  "--webpack": configuration(`
    ${WITHOUT_TYPES}
    outputFileTracingExcludes: { "**": ["**"] },
    webpack: (config) => ({ ...config, optimization: { ...config.optimization, minimize: false } }),`),
  untyped: configuration(WITHOUT_TYPES),
};

/** Creates an application below the folder in which Next is installed, with builds of our packages. */
export function makeApplication(files: Files, packages: readonly string[]): string {
  const folder = mkdtempSync(join(tools, "application-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  writeFileSync(join(folder, "package.json"), `{ "private": true, "name": "application" }`);
  for (const name of packages) {
    for (const part of ["dist", "package.json"]) {
      cpSync(
        join(root, "packages", name, part),
        join(folder, "node_modules/@sortition", name, part),
        { recursive: true },
      );
    }
  }
  return folder;
}

const next = join(tools, "node_modules/next/dist/bin/next");

function environment(variables: Files): NodeJS.ProcessEnv {
  const { NODE_ENV: _, ...env } = process.env;
  return { ...env, ...variables, NEXT_TELEMETRY_DISABLED: "1" };
}

/** Builds an application with Next. */
export function build(
  cwd: string,
  bundler: "--turbopack" | "--webpack",
  variables: Files,
): Promise<{ readonly failed: boolean; readonly output: string }> {
  return new Promise((resolve) => {
    const options = { cwd, env: environment(variables) };
    execFile(process.execPath, [next, "build", bundler], options, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: stdout + stderr });
    });
  });
}

/** Starts a server that remembers the bodies that it receives. */
export async function startCollector(): Promise<{
  readonly received: readonly string[];
  readonly url: string;
}> {
  const received: string[] = [];
  const server = createServer(async (request, response) => {
    received.push(Buffer.concat(await request.toArray()).toString());
    response.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A running application. Its logger posts exposures to `COLLECTOR_URL`. */
export interface RunningApplication {
  readonly url: string;
  /** The bodies that the collector received. */
  readonly received: readonly string[];
  /** Waits until its output contains a text. */
  outputs(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a built application. */
export async function start(cwd: string, variables: Files): Promise<RunningApplication> {
  const collector = await startCollector();
  const child = spawn(process.execPath, [next, "start", "--port", "0", "--hostname", "127.0.0.1"], {
    cwd,
    env: { ...environment(variables), COLLECTOR_URL: collector.url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  await expect.poll(() => output, { timeout: 60_000 }).toMatch(/Ready in/);
  return {
    url: /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? "",
    received: collector.received,
    outputs: (text) => expect.poll(() => output, { timeout: 60_000 }).toContain(text),
    async stop() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
