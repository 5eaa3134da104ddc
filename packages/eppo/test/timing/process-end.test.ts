import { fileURLToPath } from "node:url";
import { type Reply, startChild, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
const FLAGS: Reply = { kind: "answer", body: JSON.stringify({ format: "SERVER", flags: {} }) };
let server: TestServer;

beforeEach(async () => {
  server = await startTestServer(FLAGS);
});
afterEach(() => server.close());

const START = `
  const config = { apiKey: "key", baseUrl: process.env.HOST, assignmentLogger: { logAssignment() {} } };
`;

function run(script: string, type: "module" | "commonjs" = "module") {
  const child = startChild({ script, type, cwd, env: { HOST: server.url } });
  return child.ended;
}

/** Runs a client whose polls get the reply `later`, and then these statements. */
function runPolling(later: Reply, ending: string): ReturnType<typeof run> {
  let count = 0;
  server.respond(() => (count++ === 0 ? FLAGS : later));
  return run(`
    const { init } = await import("@sortition/eppo");
    ${START}
    const client = await init({ ...config, pollingIntervalMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    console.error("@ready");
    ${ending}
  `);
}

describe("a process", () => {
  it("ends on its own while the client polls", async () => {
    const { boundMs, exitCode, exitedAtMs, marks, stdout } = await run(`
      const { init } = await import("@sortition/eppo");
      ${START}
      await init({ ...config, pollingIntervalMs: 200 });
      console.error("@ready");
    `);
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(exitedAtMs - (marks.get("ready") ?? 0)).toBeLessThan(boundMs(500));
  });

  it.each([
    ["before", ""],
    ["after", "client.stopPolling();"],
  ])("ends on its own while a poll hangs, %s stopPolling", async (_, stop) => {
    const { boundMs, exitCode, exitedAtMs, marks } = await runPolling({ kind: "hang" }, stop);
    expect([exitCode, server.requests.length]).toEqual([0, 2]);
    expect(exitedAtMs - (marks.get("ready") ?? 0)).toBeLessThan(boundMs(500));
  });

  it("waits for init, even between its attempts", async () => {
    server.respond({ kind: "answer", status: 500 });
    const { exitCode, stdout } = await run(
      `
      const { init } = require("@sortition/eppo");
      ${START}
      init({ ...config, pollingIntervalMs: 5_000 }).catch(({ status }) => console.log(status));
    `,
      "commonjs",
    );
    expect([exitCode, stdout.trim()]).toEqual([0, "500"]);
    expect(server.requests.length).toBe(2);
  });

  it.each([
    ["nothing hangs", FLAGS],
    ["a poll hangs", { kind: "hang" }],
    ["a body hangs", { kind: "hang-in-body" }],
  ] satisfies [string, Reply][])("ends within 500 ms after close while %s", async (_, later) => {
    const { boundMs, exitCode, exitedAtMs, marks } = await runPolling(
      later,
      "await client.close();",
    );
    expect(exitCode).toBe(0);
    expect(exitedAtMs - (marks.get("ready") ?? 0)).toBeLessThan(boundMs(500));
  });
});
