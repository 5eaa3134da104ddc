import { fileURLToPath } from "node:url";
import {
  type Child,
  type ChildResult,
  ENDS_MS,
  ifWhole,
  isInPart,
  type Reply,
  startChild,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { flagOf } from "../client/local/flags.js";
import { StreamServer } from "../client/local/stream-server.js";
import { UploadServer } from "../client/local/upload-server.js";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

const FLAGS = JSON.stringify([
  {
    key: "flag",
    variants: { on: { key: "on" } },
    segments: [
      {
        conditions: [
          [
            {
              selector: ["context", "user", "cohort_ids"],
              op: "set contains any",
              values: ["c1"],
            },
          ],
        ],
        variant: "on",
      },
    ],
  },
]);

describe("a process with a client", () => {
  let server: TestServer;

  const start = (program: string): Child => {
    const script = `
      import { LocalEvaluationClient, RemoteEvaluationClient } from "@sortition/amplitude";
      import { amplitudeOrigin } from "@sortition/amplitude/source";
      import { amplitude } from "@sortition/amplitude/dialect";
      import { amplitudeSource } from "@sortition/amplitude/source";
      import { createClient } from "@sortition/core";
      import { pollingSource } from "@sortition/node/internal";
      process.on("unhandledRejection", (error) => { console.error("unhandled", error); process.exit(9); });
      const url = ${JSON.stringify(server.url)};
      const sync = { apiKey: "a", secretKey: "s", cohortServerUrl: url };
      const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
      ${program}
    `;
    return startChild({ script, cwd });
  };
  const run = (program: string): Promise<ChildResult> => start(program).ended;

  const respond = (replies: Readonly<Record<string, Reply>>): void => {
    server.respond(({ path }) => {
      const found = Object.entries(replies).find(([start]) => path.startsWith(start));
      return found?.[1] ?? { kind: "answer", status: 404 };
    });
  };

  beforeEach(async () => {
    server = await startTestServer();
  });

  afterEach(() => server.close());

  const hanging = [
    {
      name: "a request for flags",
      replies: { "/sdk/v2/flags": { kind: "hang" } },
      options: "serverUrl: url",
    },
    {
      name: "a download of a cohort",
      replies: {
        "/sdk/v2/flags": { kind: "answer", body: FLAGS },
        "/sdk/v1/cohort": { kind: "hang-in-body" },
      },
      options: "serverUrl: url, cohortSyncConfig: sync",
    },
    {
      name: "a stream",
      replies: { "/sdk/stream": { kind: "hang" }, "/sdk/v2/flags": { kind: "hang" } },
      options: "serverUrl: url, streamServerUrl: url, streamUpdates: true",
    },
  ] as const;
  it.each(hanging.filter((_, i) => isInPart(i, 2)))(
    "lifecycle §7 fault 30: ends after stop() while $name hangs",
    async (row) => {
      respond(row.replies);
      const { endedAfterMs, exitCode, stderr, stdout } = await run(`
      const client = new LocalEvaluationClient("key", { ${row.options}, logLevel: 0 });
      client.start().catch(() => {});
      await wait(300);
      console.error("@stopping");
      client.stop();
    `);
      expect({ exitCode, stdout, stderr }).toEqual({
        exitCode: 0,
        stdout: "",
        stderr: "@stopping\n",
      });
      // The deadline of \`start\` keeps the process alive for its caller.
      expect(endedAfterMs("stopping")).toBeLessThan(ENDS_MS);
    },
  );

  ifWhole(it)(
    "lifecycle §7 fault 32: ends on its own while a client polls, because nothing keeps it alive",
    async () => {
      respond({ "/sdk/v2/flags": { kind: "answer", body: FLAGS } });
      const { endedAfterMs, exitCode, stdout } = await run(`
      const client = new LocalEvaluationClient("key", { serverUrl: url, logLevel: 0 });
      await client.start();
      client.evaluateV2({ user_id: "alice" });
      console.error("@done");
    `);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
      expect(endedAfterMs("done")).toBeLessThan(ENDS_MS);
    },
  );

  const streaming = [
    {
      name: "local",
      program: `
        const client = new LocalEvaluationClient("key", { ...servers, logLevel: 0 });
        await client.start();
      `,
    },
    {
      name: "native",
      program: `
        const source = amplitudeSource({ deploymentKey: "key", ...servers });
        const client = createClient({ dialect: amplitude(), source, assignmentLogger: null });
        await client.waitForInitialization();
      `,
    },
  ];
  it.each(streaming.filter((_, i) => isInPart(i)))(
    "lifecycle §7 fault 32: ends on its own while a $name client has an open stream",
    async (row) => {
      const streams = await StreamServer.start();
      streams.flags = [flagOf("flag")];
      const { endedAfterMs, exitCode, stdout } = await run(`
      const servers = { serverUrl: "${streams.url}", streamServerUrl: "${streams.url}", streamUpdates: true };
      ${row.program}
      console.error("@done");
    `);
      const { polls, connections } = streams;
      await streams.close();
      expect({ exitCode, stdout, polls }).toEqual({ exitCode: 0, stdout: "", polls: 0 });
      expect(connections).toHaveLength(1);
      expect(endedAfterMs("done")).toBeLessThan(ENDS_MS);
    },
  );

  ifWhole(it)(
    "lifecycle §7 fault 3: has no unhandled rejection when everything fails",
    async () => {
      respond({ "/sdk/v2/flags": { kind: "reset" } });
      const { exitCode, stdout } = await run(`
      const client = new LocalEvaluationClient("key", {
        serverUrl: url, streamServerUrl: url, streamUpdates: true, logLevel: 0,
        flagConfigPollingIntervalMillis: 20,
      });
      const result = await client.start().then(() => "started", () => "rejected");
      await wait(200);
      client.stop();
      if (result !== "rejected") process.exit(3);
    `);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    },
  );

  ifWhole(it)(
    "lifecycle §7 fault 30: ends after close() of a native client while a cohort hangs",
    async () => {
      respond({
        "/sdk/v2/flags": { kind: "answer", body: FLAGS },
        "/sdk/v1/cohort": { kind: "hang" },
      });
      const { endedAfterMs, exitCode, stdout } = await run(`
      const origin = amplitudeOrigin({ deploymentKey: "key", serverUrl: url, cohortSync: sync });
      const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
      const client = createClient({ dialect: amplitude(), source: pollingSource(origin), diagnostics });
      await wait(300);
      console.error("@closing");
      await client.close({ timeoutMs: 100 });
    `);
      expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
      expect(endedAfterMs("closing")).toBeLessThan(ENDS_MS);
    },
  );

  it.each(
    [
      {
        name: "start() of a local client",
        program: `
        const client = new LocalEvaluationClient("key", {
          serverUrl: url, logLevel: 0, startTimeoutMillis: 300, flagConfigPollingIntervalMillis: 50,
        });
        await client.start().catch(() => console.error("@done"));
      `,
      },
      {
        name: "a fetch of a remote client",
        program: `
        const client = new RemoteEvaluationClient("key", {
          serverUrl: url, logLevel: 0, fetchRetries: 0, fetchTimeoutMillis: 300,
        });
        await client.fetchV2({}).catch(() => console.error("@done"));
      `,
      },
    ].filter((_, i) => isInPart(i)),
  )("lifecycle §7 fault 32: continues after $name that is awaited at top level", async (row) => {
    respond({ "/sdk": { kind: "hang" } });
    const { endedAfterMs, exitCode, stdout } = await run(row.program);
    // The exit code must not be 13, which means a pending top-level await.
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    expect(endedAfterMs("done")).toBeLessThan(ENDS_MS);
  });

  it("lifecycle §7 fault 34: delivers 100 exposures on SIGTERM, which then ends it", async () => {
    const uploads = new UploadServer();
    await uploads.start();
    respond({ "/sdk/v2/flags": { kind: "answer", body: JSON.stringify([flagOf("flag")]) } });
    const child = start(`
      const client = new LocalEvaluationClient("key", {
        serverUrl: url, exposureConfig: { apiKey: "analytics", serverUrl: ${JSON.stringify(uploads.url)} },
      });
      await client.start();
      process.once("SIGTERM", async () => {
        await client.stop({ timeoutMs: 5_000 });
        process.kill(process.pid, "SIGTERM");
      });
      setInterval(() => {}, 1_000);
      for (let i = 0; i < 100; i++) {
        client.evaluateV2({ user_id: "user-" + i }, undefined, { tracksExposure: true });
      }
      console.error("@tracked");
    `);
    await child.mark("tracked");
    child.kill("SIGTERM");
    const { exitCode, signal, stderr, stdout } = await child.ended;
    uploads.close();
    expect({ exitCode, signal, stdout, stderr }).toEqual({
      ...{ exitCode: null, signal: "SIGTERM", stdout: "", stderr: "@tracked\n" },
    });
    expect(new Set(uploads.events.map(({ user_id }) => user_id)).size).toBe(100);
    expect(uploads.events).toHaveLength(100);
  });
});
