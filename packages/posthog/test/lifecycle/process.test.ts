import { fileURLToPath } from "node:url";
import { startChild, startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const CWD: string = fileURLToPath(new URL("../../", import.meta.url));

async function run(script: string): ReturnType<typeof startChild>["ended"] {
  return startChild({ script, cwd: CWD, timeoutMs: 15_000 }).ended;
}

describe("a process", () => {
  it("is not kept alive, changed or written to by importing the package", async () => {
    const script = `
      const before = Object.getOwnPropertySymbols(globalThis).length + Object.keys(globalThis).length;
      const listeners = process.eventNames().length;
      await import("@sortition/posthog");
      const after = Object.getOwnPropertySymbols(globalThis).length + Object.keys(globalThis).length;
      if (after !== before) throw new Error("a global was made");
      if (process.eventNames().length !== listeners) throw new Error("a listener was added");
    `;
    const { exitCode, stderr, stdout } = await run(script);
    expect({ exitCode, stderr, stdout }).toEqual({ exitCode: 0, stderr: "", stdout: "" });
  });

  it("ends by itself although a client polls and has captured", async () => {
    await using server = await startTestServer({ kind: "answer", body: '{"flags":[]}' });
    const { exitCode, stdout } = await run(`
      import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc_key", { host: "${server.url}", secretKey: "phx_key" });
      client.capture({ distinctId: "a", event: "b" });
    `);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("");
  });

  it("exits within half a second after shutdown while requests hang", async () => {
    await using server = await startTestServer({ kind: "hang" });
    const { exitCode, exitedAtMs, marks, stdout } = await run(`
      import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc_key", { host: "${server.url}", secretKey: "phx_key" });
      client.on("error", () => {});
      client.capture({ distinctId: "a", event: "b" });
      void client.getFeatureFlag("flag", "user");
      void client.flush().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 200));
      await client.shutdown(300);
      console.error("@closed");
    `);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("");
    expect(exitedAtMs - (marks.get("closed") ?? 0)).toBeLessThan(500);
  });

  it("gets the answer of a request that it waits for", async () => {
    await using server = await startTestServer({
      kind: "answer",
      body: '{"flags":{"f":{"key":"f","enabled":true,"variant":"v"}}}',
    });
    const { exitCode, stderr } = await run(`
      import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc_key", { host: "${server.url}" });
      console.error("value: " + (await client.getFeatureFlag("f", "user")));
    `);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("value: v");
  });
});
