import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startAnalyticsServer } from "../src/runner/analytics-server.js";
import { startEppoServer } from "../src/runner/eppo/config-server.js";
import type { LoopbackServer } from "../src/runner/loopback-server.js";

const CONTAINER = [
  "unshare",
  "--user",
  "--map-root-user",
  "--pid",
  "--fork",
  "--kill-child",
  "--mount-proc",
];
/** Whether containers can be simulated. There, the program is process 1, which ignores signals without a listener. */
const hasContainers = spawnSync(CONTAINER[0]!, [...CONTAINER.slice(1), "true"]).status === 0;
const preload = fileURLToPath(new URL("hold-responses.mjs", import.meta.url));

let servers: readonly LoopbackServer[] = [];
beforeAll(async () => {
  servers = await Promise.all([startEppoServer(), startAnalyticsServer()]);
});
afterAll(() => {
  for (const server of servers) server.close();
});

/** Starts an example, as process 1 if possible. */
async function start(name: string, env: Readonly<Record<string, string>>) {
  const file = fileURLToPath(new URL(`../dist/operations/${name}.js`, import.meta.url));
  const node = [process.execPath, "--import", preload, file];
  const [command = "", ...args] = hasContainers ? [...CONTAINER, ...node] : node;
  const child = spawn(command, args, {
    env: {
      ...process.env,
      ...Object.assign({}, ...servers.map((it) => it.env)),
      PORT: "0",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
  onTestFinished(() => void child.kill("SIGKILL"));
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output.text += text;
    });
  }
  await expect.poll(() => output.text).toMatch(/listening on \S+\n/);
  const url = /listening on (\S+)/.exec(output.text)?.[1] ?? "";
  return { url: url.replace("0.0.0.0", "127.0.0.1"), ended, output, pid: pidOf(child) };
}

/** Returns the process id of Node, because `unshare` does not forward signals. */
function pidOf({ pid }: ChildProcess): number {
  if (!hasContainers) return pid!; // it was started, because it listens
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8"));
}

describe("a server of the examples", () => {
  it.each(["production", "health"])(
    "%s is not ready before it stops, and ends although a response is open",
    async (name) => {
      const variables = {
        EPPO_API_KEY: "example",
        SEGMENT_WRITE_KEY: "example",
        RESPONSES_MS: "300",
      };
      const { ended, output, pid, url } = await start(name, { ...variables, DRAIN_MS: "3000" });
      expect((await fetch(`${url}/ready`)).status).toBe(200);
      const open = await fetch(`${url}/open`);
      process.kill(pid, "SIGTERM");
      await expect.poll(async () => (await fetch(`${url}/ready`)).status).toBe(503);
      // The program closes the connection of the open response.
      await expect(open.text()).rejects.toThrow();
      expect(await ended, output.text).toEqual([0, null]);
    },
  );

  it("prometheus ends although a response is open", async () => {
    const { ended, output, pid, url } = await start("prometheus", {
      EPPO_API_KEY: "example",
      RESPONSES_MS: "300",
    });
    const open = await fetch(`${url}/open`);
    process.kill(pid, "SIGTERM");
    await expect(open.text()).rejects.toThrow();
    expect(await ended, output.text).toEqual([0, null]);
  });

  it.each(["production", "health", "prometheus"])(
    "%s does not start without a key",
    async (name) => {
      const file = fileURLToPath(new URL(`../dist/operations/${name}.js`, import.meta.url));
      const { EPPO_API_KEY: _, ...env } = process.env;
      const { status, stderr } = spawnSync(process.execPath, [file], {
        env: { ...env, SEGMENT_WRITE_KEY: "example", PORT: "0" },
        encoding: "utf8",
      });
      expect(status).not.toBe(0);
      expect(stderr).toContain("apiKey: is missing");
    },
  );
});
