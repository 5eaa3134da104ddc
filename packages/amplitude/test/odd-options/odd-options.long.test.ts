import { fileURLToPath } from "node:url";
import { describeOddOptions, ignoreRejectionsOf } from "@sortition/dialect-kit/odd-options";
import { startChild } from "@sortition/test-kit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeServer, SUITE, startServer } from "./plan.js";

// The vendor's SDK does not catch rejections of its analytics client, which is not a finding.
ignoreRejectionsOf("@amplitude/analytics-core");

beforeAll(async () => {
  // Our client imports this library with its first event, which takes time that the fake clock does
  // not count.
  await import("@amplitude/analytics-node");
  await startServer();
});
afterAll(async () => {
  await closeServer();
});

describeOddOptions("@amplitude/experiment-node-server", SUITE);

it("handles rejections of the analytics client, so that none reaches the process", async () => {
  const script = `
    import { LocalEvaluationClient } from "@sortition/amplitude";
    const loggerProvider = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
    for (const odd of [{ apiKey: 5 }, { apiKey: null }, { loggerProvider: {} }, { storageProvider: 5 }]) {
      const assignmentConfig = { apiKey: "analytics", ...odd };
      new LocalEvaluationClient("key", { loggerProvider, assignmentConfig }).stop();
    }
  `;
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  const { exitCode, stderr } = await startChild({ cwd, script }).ended;
  expect([exitCode, stderr]).toEqual([0, ""]);
});
