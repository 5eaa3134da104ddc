import { fileURLToPath } from "node:url";
import { type Reply, startChild, startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const CWD: string = fileURLToPath(new URL("../../", import.meta.url));

describe("a process with --unhandled-rejections=strict", () => {
  it.concurrent.each<{ name: string; reply: Reply }>([
    { name: "resets connections", reply: { kind: "reset" } },
    { name: "fails", reply: { kind: "answer", status: 500 } },
    { name: "answers garbage", reply: { kind: "answer", body: "garbage" } },
    { name: "hangs", reply: { kind: "hang" } },
  ])("exits with 0 after flush and shutdown while the server $name", async ({ reply }) => {
    await using server = await startTestServer(reply);
    const { exitCode, stderr, stdout } = await startChild({
      script: `
        import * as module from "@sortition/posthog";
        const options = { host: process.env.HOST, secretKey: "phx_key", fetchRetryCount: 0, requestTimeout: ${reply.kind === "hang" ? 300 : 20_000} };
        const client = new module.PostHog("phc_key", { ...options, featureFlagsRequestMaxRetries: 0 });
        module.settings.defaultClient = client;
        client.capture({ distinctId: "a", event: "b", sendFeatureFlags: true });
        client.captureException(new Error("c"), "a");
        module.capture("b", { distinctId: "a" });
        const rejects = client.flush().then(() => "flushed", () => "rejected");
        await Promise.all([
          client.captureImmediate({ distinctId: "a", event: "b" }),
          client.getFeatureFlag("flag", "a"),
          client.evaluateFlags("a"),
          client.getRemoteConfigPayload("flag"),
          client.reloadFeatureFlags(),
          client.waitForLocalEvaluationReady(50),
          module.flush({ timeoutSeconds: 0.1 }),
        ]);
        console.error(await rejects);
        await Promise.all([client.shutdown(100), module.shutdown()]);`,
      cwd: CWD,
      env: { HOST: server.url },
      nodeOptions: ["--unhandled-rejections=strict"],
    }).ended;
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(stderr).toContain(reply.kind === "answer" && reply.body ? "flushed" : "rejected");
  });
});
