import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, inject, onTestFinished } from "vitest";
import { installConsumer } from "../consumer.ts";
import { environmentOf } from "../run.ts";

/** Texts by name: the files of an application by path, or its environment variables. */
export type Texts = Readonly<Record<string, string>>;

/**
 * Creates an empty project, and installs our packages for pages from their tarballs, and others from the registry.
 *
 * @param dependencies - exact versions by name.
 * @returns its folder, which is removed after the tests of the file.
 */
export function createApplication(dependencies: Texts): string {
  const folder = mkdtempSync(join(tmpdir(), "sortition-application-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const packages = inject("packages");
  const ours = packages.filter(({ name }) => /\/(node|web)$/.test(name));
  installConsumer(folder, ours, packages, { type: "module", dependencies });
  return folder;
}

/** Writes the files of an application, and removes those of the last test. */
export function writeFiles(folder: string, files: Texts): void {
  for (const name of readdirSync(folder)) {
    if (name !== "node_modules" && name !== "package.json") {
      rmSync(join(folder, name), { recursive: true });
    }
  }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
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

/** A running application. */
export interface RunningApplication {
  readonly url: string;
  /** Waits until its output contains a text. */
  outputs(text: string | RegExp): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts an application, and waits until it prints its address.
 *
 * @param args - of Node.
 * @param file - Node.
 */
export async function start(
  cwd: string,
  args: readonly string[],
  variables: Texts,
  file: string = process.execPath,
): Promise<RunningApplication> {
  const child = spawn(file, args, {
    cwd,
    env: environmentOf(variables),
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const outputs = (text: string | RegExp) =>
    expect.poll(() => output, { timeout: 60_000 }).toMatch(text);
  await outputs(/http:\/\/\S+:\d+/);
  return {
    url: /http:\/\/\S+:\d+/.exec(output)?.[0] ?? "",
    outputs,
    async stop() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
    },
  };
}
