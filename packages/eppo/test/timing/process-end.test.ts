import { fileURLToPath } from "node:url";
import {
  ENDS_MS,
  ifWhole,
  isInPart,
  type Reply,
  startChild,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const cwd = fileURLToPath(new URL("../..", import.meta.url));
const FLAGS: Reply = { kind: "answer", body: JSON.stringify({ format: "SERVER", flags: {} }) };
let server: TestServer;

beforeEach(async () => {
  server = await startTestServer(FLAGS);
});
afterEach(() => server.close());

const START = `
  const config = {
    apiKey: "key", baseUrl: process.env.HOST, assignmentLogger: { logAssignment() {} }, requestTimeoutMs: 60_000,
  };
`;

function run(script: string, type: "module" | "commonjs" = "module") {
  const child = startChild({ script, type, cwd, env: { HOST: server.url } });
  return child.ended;
}

/** Runs a client whose polls get the reply `later`, and these statements when the server has received the first poll. */
async function runPolling(later: Reply, ending: string): ReturnType<typeof run> {
  let count = 0;
  server.respond(() => (count++ === 0 ? FLAGS : later));
  await using polled = await startTestServer(async () => {
    await server.request(2);
    return { kind: "answer" };
  });
  return await run(`
    const { init } = await import("@sortition/eppo");
    ${START}
    const client = await init({ ...config, pollingIntervalMs: 100 });
    await fetch("${polled.url}");
    console.error("@ready");
    ${ending}
  `);
}

describe("a process", () => {
  ifWhole(it)("ends on its own while the client polls", async () => {
    const { endedAfterMs, exitCode, stdout } = await run(`
      const { init } = await import("@sortition/eppo");
      ${START}
      await init({ ...config, pollingIntervalMs: 200 });
      console.error("@ready");
    `);
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(endedAfterMs("ready")).toBeLessThan(ENDS_MS);
  });

  it.each(
    [
      ["before", ""],
      ["after", "client.stopPolling();"],
    ].filter((_, i) => isInPart(i)),
  )("ends on its own while a poll hangs, %s stopPolling", async (_, stop) => {
    const { endedAfterMs, exitCode } = await runPolling({ kind: "hang" }, stop);
    expect([exitCode, server.requests.length]).toEqual([0, 2]);
    expect(endedAfterMs("ready")).toBeLessThan(ENDS_MS);
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

  ifWhole(
    it.each<[string, Reply]>([
      ["nothing hangs", FLAGS],
      ["a poll hangs", { kind: "hang" }],
      ["a body hangs", { kind: "hang-in-body" }],
    ]),
  )("ends after close while %s", async (_, later) => {
    const { endedAfterMs, exitCode } = await runPolling(later, "await client.close();");
    expect(exitCode).toBe(0);
    expect(endedAfterMs("ready")).toBeLessThan(ENDS_MS);
  });
});
