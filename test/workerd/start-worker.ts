import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { build } from "esbuild";
import { installTool } from "../../scripts/tools.mjs";

/** The same version as in the tests of the packed packages. */
const VERSION = "1.20261117.1";
const COMPATIBILITY_DATE = "2026-01-01";

/** A Worker that runs in workerd. */
export interface RunningWorker {
  /** URL of the Worker. */
  readonly url: string;
  /** Returns the output of workerd so far. */
  readonly output: () => string;
  close(): Promise<void>;
}

/**
 * Bundles a program, and starts it in workerd on a free port. Its network access includes loopback.
 *
 * @param program - file of a module Worker.
 * @param bindings - text bindings of the Worker.
 * @param modules - `node_modules` folder that contains the packages. Default: that of this repository.
 */
export async function startWorker(
  program: string,
  bindings: Readonly<Record<string, string>>,
  modules: string = join(import.meta.dirname, "../../apps/examples/node_modules"),
): Promise<RunningWorker> {
  const folder = mkdtempSync(join(tmpdir(), "sortition-workerd-"));
  const { outputFiles } = await build({
    entryPoints: [program],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    external: ["cloudflare:workers"],
    nodePaths: [modules],
    conditions: ["workerd", "worker", "browser"],
  });
  writeFileSync(join(folder, "worker.js"), outputFiles[0]?.contents ?? "");
  writeFileSync(join(folder, "config.capnp"), configOf(bindings));
  const binary = join(installTool("workerd", VERSION), "node_modules/workerd/bin/workerd");
  const args = ["serve", "config.capnp", "--control-fd=3"];
  const child = spawn(binary, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    url: `http://127.0.0.1:${await portOf(child, () => output)}`,
    output: () => output,
    async close() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Reads the port from workerd's control channel. */
async function portOf(child: ChildProcess, output: () => string): Promise<number> {
  const control = child.stdio[3] as Readable; // a pipe
  return await new Promise((resolve, reject) => {
    control.on("data", (chunk: Buffer) => {
      const [, port] = /"port":(\d+)/.exec(chunk.toString()) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
    child.once("exit", () => reject(new Error(`workerd has ended: ${output()}`)));
  });
}

function configOf(bindings: Readonly<Record<string, string>>): string {
  const texts = Object.entries(bindings).map(
    ([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      compatibilityDate = "${COMPATIBILITY_DATE}",
      bindings = [${texts.join(", ")}],
      globalOutbound = "network")),
    (name = "network", network = (allow = ["private", "public"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
`;
}
