import { fileURLToPath } from "node:url";
import { startChild, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flagOf } from "./client/local/flags.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));
const CYCLES = 1_000;
/**
 * Number of cycles before the first measurement, in which code is compiled and modules are loaded.
 */
const WARM_UP = 1_500;

/** A remote client cannot be stopped, like the vendor's. */
const KEPT = "a remote client that is kept by its key";

const CLIENTS: Readonly<Record<string, string>> = {
  "a local client": `
    const client = new LocalEvaluationClient("key-" + i, { serverUrl: HOST, logLevel: 0 });
    await client.start();
    client.evaluateV2({ user_id: "alice" });
    await client.stop({ timeoutMs: 1_000 });`,
  "a local client of one key": `
    const client = Experiment.initializeLocal("key", { serverUrl: HOST, logLevel: 0 });
    await client.start();
    client.evaluateV2({ user_id: "alice" });
    await client.stop({ timeoutMs: 1_000 });`,
  "a remote client": `
    const client = new RemoteEvaluationClient("key-" + i, { serverUrl: HOST, logLevel: 0, fetchRetries: 0 });
    await client.fetchV2({ user_id: "alice" });`,
  [KEPT]: `
    const client = Experiment.initializeRemote("key-" + i, { serverUrl: HOST, logLevel: 0, fetchRetries: 0 });
    await client.fetchV2({ user_id: "alice" });`,
  "a native client": `
    const source = amplitudeSource({ deploymentKey: "key-" + i, serverUrl: HOST });
    const client = createClient({ dialect: amplitude(), source, assignmentLogger: null });
    await client.waitForInitialization();
    client.getStringAssignment("flag", "alice", {}, "none");
    await client.close();`,
};

/** Bytes that a cycle may leave behind, less than the size of a configuration. */
const LEFT_BYTES = 1_000;
/** An instance with a key lives as long as the process, together with its options. */
const INSTANCE_BYTES = 3_000;
/**
 * Longer than for other child processes, because all cycles together take up to a minute on a busy
 * machine.
 */
const CHILD_MS = 110_000;

/** Prints the heap growth over the cycles in bytes. */
const scriptOf = (cycle: string): string => `
  const { setFlagsFromString } = await import("node:v8");
  setFlagsFromString("--expose-gc");
  const collect = (await import("node:vm")).runInNewContext("gc");
  const { createClient } = await import("@sortition/core");
  const { Experiment, LocalEvaluationClient, RemoteEvaluationClient } = await import("@sortition/amplitude");
  const { amplitude } = await import("@sortition/amplitude/dialect");
  const { amplitudeSource } = await import("@sortition/amplitude/source");
  const { HOST } = process.env;
  let i = 0; // continues to count, because each cycle has its own key
  const run = async (cycles) => {
    for (const end = i + cycles; i < end; i++) {${cycle}
    }
  };
  const heapBytes = async () => {
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      collect();
    }
    return process.memoryUsage().heapUsed;
  };
  await run(${WARM_UP});
  const beforeBytes = await heapBytes();
  await run(${CYCLES});
  console.log((await heapBytes()) - beforeBytes);
  process.exit(0);
`;

describe(`${CYCLES} cycles of a client that starts and ends`, () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(({ path }) => ({
      kind: "answer",
      body: JSON.stringify(
        path.startsWith("/sdk/v2/flags") ? [flagOf("flag")] : { flag: { key: "on" } },
      ),
    }));
  });
  afterAll(() => server.close());

  it.each(Object.keys(CLIENTS))(
    "leave nothing on the heap: %s",
    async (name) => {
      const script = scriptOf(CLIENTS[name] ?? "");
      const child = startChild({ script, cwd, env: { HOST: server.url }, timeoutMs: CHILD_MS });
      const { exitCode, stderr, stdout } = await child.ended;
      expect(exitCode, stderr).toBe(0);
      process.stderr.write(`${name}: ${stdout.trim()} bytes\n`);
      const leftBytes = name === KEPT ? INSTANCE_BYTES : LEFT_BYTES;
      expect(Number(stdout)).toBeLessThan(CYCLES * leftBytes);
    },
    120_000,
  );
});
