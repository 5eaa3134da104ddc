import { startTestServer } from "@sortition/test-kit";
import { afterEach, expect, it, vi } from "vitest";
import { LocalEvaluationClient, type LocalEvaluationConfig, LogLevel } from "../../../src/index.js";

afterEach(() => {
  vi.restoreAllMocks();
});

it.each<{ config: LocalEvaluationConfig; levels: string }>([
  { config: {}, levels: "error" },
  { config: { debug: true }, levels: "error, debug" },
  { config: { debug: true, logLevel: LogLevel.Disable }, levels: "error, debug" },
  { config: { logLevel: LogLevel.Disable }, levels: "none" },
])(
  "a client without a logger writes to stderr: $levels with $config",
  async ({ config, levels }) => {
    const written = vi.spyOn(console, "error").mockImplementation(() => {});
    const stdout = vi.spyOn(process.stdout, "write");
    await using server = await startTestServer({ kind: "answer", status: 500 });
    const client = new LocalEvaluationClient("key", { serverUrl: server.url, ...config });
    await expect(client.start()).rejects.toThrow();
    client.stop();
    const text = written.mock.calls.join("\n");
    expect(text.includes("initial poll failed")).toBe(levels.includes("error"));
    expect(text.includes("poller - start")).toBe(levels.includes("debug"));
    expect(stdout).not.toHaveBeenCalled();
  },
);
