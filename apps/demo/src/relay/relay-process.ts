import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const READY_WITHIN_MS = 10_000;

/** A running `sortition-relay`. */
export interface RelayProcess {
  /** URL for SDKs. */
  readonly url: string;
  /** URL of its admin page. */
  readonly admin: string;
  /** Stops it. Resolves to its exit code, or `null` if a signal ended it. */
  stop(): Promise<number | null>;
}

/**
 * Starts the command in its own process, and waits until it is ready.
 *
 * @param folder - folder for its configuration.
 * @param content - content of the configuration.
 * @param variables - environment variables that the configuration names.
 */
export async function startRelay(
  folder: string,
  content: object,
  variables: Readonly<Record<string, string>>,
): Promise<RelayProcess> {
  const file = join(folder, "relay.json");
  writeFileSync(file, JSON.stringify({ listen: 0, admin: { listen: 0 }, ...content }));
  const child = spawn(process.execPath, [commandFile(), "--config", file], {
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  for await (const line of createInterface({ input: child.stdout })) {
    const { admin = "", url } = JSON.parse(line) as {
      readonly admin?: string;
      readonly url?: string;
    };
    if (url === undefined) continue;
    child.stdout.resume();
    await waitUntilReady(url);
    return {
      admin,
      url,
      async stop() {
        child.kill("SIGTERM");
        const [code] = await ended;
        return code as number | null; // the type of Node's event
      },
    };
  }
  throw new Error("the relay did not start");
}

/** Returns the command's file from its manifest. */
function commandFile(): string {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve("@sortition/relay/package.json");
  return join(dirname(manifest), require(manifest).bin["sortition-relay"]);
}

async function waitUntilReady(url: string): Promise<void> {
  const endMs = performance.now() + READY_WITHIN_MS;
  while ((await fetch(`${url}/readyz`)).status !== 200) {
    if (performance.now() > endMs) throw new Error("the relay is not ready");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
