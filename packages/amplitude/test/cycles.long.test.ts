import { fileURLToPath } from "node:url";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { CYCLES, heapGrowthOf } from "@sortition/test-kit/heap-growth";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flagOf } from "./client/local/flags.js";

const cwd = fileURLToPath(new URL("..", import.meta.url));

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

const SET_UP = `
  import { createClient } from "@sortition/core";
  import { Experiment, LocalEvaluationClient, RemoteEvaluationClient } from "@sortition/amplitude";
  import { amplitude } from "@sortition/amplitude/dialect";
  import { amplitudeSource } from "@sortition/amplitude/source";
  const { HOST } = process.env;`;

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

  it.each(Object.entries(CLIENTS))("leave nothing on the heap: %s", async (name, life) => {
    const growth = await heapGrowthOf({ cwd, setUp: SET_UP, life, env: { HOST: server.url } });
    console.info(name, growth);
    expect(growth).toBeLessThan(CYCLES * (name === KEPT ? INSTANCE_BYTES : LEFT_BYTES));
  });
});
