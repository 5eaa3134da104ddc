import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { LoopbackServer } from "./loopback-server.js";

const TOKEN = "srt_example";
const flags = fileURLToPath(new URL("../../flags.json", import.meta.url));

/** Starts a relay that evaluates the flags of `flags.json`. */
export async function startRelayServer(): Promise<LoopbackServer> {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve("@sortition/relay/package.json");
  const command = join(dirname(manifest), require(manifest).bin["sortition-relay"]);
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  const environment = {
    name: "shop",
    dialect: "eppo",
    file: flags,
    evaluate: true,
    tokens: [{ name: "examples", sha256, scopes: ["evaluate"] }],
  };
  const folder = mkdtempSync(join(tmpdir(), "sortition-relay-"));
  const file = join(folder, "relay.json");
  const content = { listen: 0, admin: { listen: 0 }, environments: [environment] };
  writeFileSync(file, JSON.stringify(content));
  const child = spawn(process.execPath, [command, "--config", file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const close = (): void => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  };
  let url: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    const { msg, url: address } = JSON.parse(line) as {
      readonly msg: string;
      readonly url?: string;
    };
    url ??= address;
    if (msg !== "ready") continue;
    child.stdout.resume();
    return { env: { RELAY_URL: `${url}/shop`, RELAY_TOKEN: TOKEN }, close };
  }
  close();
  throw new Error("the relay did not start");
}
