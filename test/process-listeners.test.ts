/// <reference path="../packages/redis/src/lua/lua.d.ts" />
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, expect, it } from "vitest";
import { LocalEvaluationClient } from "../packages/amplitude/src/index.ts";
import { eppo } from "../packages/core/src/eppo.ts";
import type { AssignmentEvent, AssignmentLogger } from "../packages/core/src/index.ts";
import { edgeClient, postTo } from "../packages/edge/src/index.ts";
import { getInstance, init } from "../packages/eppo/src/index.ts";
import { GrowthBookClient } from "../packages/growthbook/src/index.ts";
import {
  createClient,
  csvLogger,
  installShutdownHooks,
  ndjsonLogger,
} from "../packages/node/src/index.ts";
import { SortitionProvider } from "../packages/openfeature/src/index.ts";
import { PostHog } from "../packages/posthog/src/index.ts";
import { harness as rudderstack } from "../packages/rudderstack/test/support/harness.ts";
import { harness as segment } from "../packages/segment/test/support/harness.ts";
import { harness as snowplow } from "../packages/snowplow/test/support/harness.ts";
import { assignment } from "../tools/test-kit/src/logger-contract/events.ts";

const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const ALL = { splits: [{ shards: [], variationKey: "on" }], rules: [], doLog: true, key: "all" };
const FLAG = {
  ...{ key: "flag", enabled: true, variationType: "STRING", totalShards: 10_000 },
  ...{ variations: { on: { key: "on", value: "on" } }, allocations: [ALL] },
};
const BODY = { createdAt: "2026-01-01T00:00:00Z", format: "SERVER", flags: { flag: FLAG } };

let folder: string;
let server: TestServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sortition-listeners-"));
  server = await startTestServer({ kind: "answer", body: JSON.stringify(BODY) });
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What registers listeners on the process. Each is used, closed, and used again, as by a request that is still open. */
const OPENED: Readonly<Record<string, () => Promise<() => Promise<unknown>>>> = {
  async "the native client"() {
    const client = createClient({ apiKey: "key", baseUrl: server.url, assignmentLogger: null });
    await client.waitForInitialization();
    return used(() => client.getStringAssignment("flag", "alice", {}, "off"), client);
  },
  async "the shutdown hooks"() {
    const client = createClient({ apiKey: "key", baseUrl: server.url, assignmentLogger: null });
    const uninstall = installShutdownHooks(client);
    return async () => {
      uninstall();
      await client.close();
    };
  },
  async "a provider of OpenFeature"() {
    const client = createClient({ apiKey: "key", baseUrl: server.url, assignmentLogger: null });
    const provider = new SortitionProvider(client);
    await provider.initialize();
    return async () => {
      await provider.onClose();
      await client.close();
    };
  },
  async "Eppo's drop-in"() {
    const assignmentLogger = { logAssignment() {} };
    await init({ apiKey: "key", baseUrl: server.url, assignmentLogger, diagnostics: SILENT });
    const client = getInstance();
    return used(() => client.getStringAssignment("flag", "alice", {}, "off"), client);
  },
  async "GrowthBook's drop-in"() {
    const client = new GrowthBookClient({ apiHost: server.url, clientKey: "key" });
    await client.init();
    return used(() => client.isOn("flag", { attributes: { id: "alice" } }), {
      close: async () => client.destroy(),
    });
  },
  async "Amplitude's drop-in"() {
    const assignmentConfig = { apiKey: "key", serverUrl: server.url };
    const options = { serverUrl: server.url, assignmentConfig, logger: SILENT };
    const client = new LocalEvaluationClient("key", options);
    server.respond({ kind: "answer", body: "[]" });
    await client.start();
    return used(() => client.evaluateV2({ user_id: "alice" }), {
      close: async () => client.stop({ timeoutMs: 5_000 }),
    });
  },
  async "PostHog's drop-in"() {
    const client = new PostHog("phc_key", { host: server.url, enableExceptionAutocapture: true });
    client.capture({ distinctId: "alice", event: "seen" });
    return () => client.shutdown();
  },
  async "the client for edge runtimes"() {
    const fetch = globalThis.fetch as never;
    const edge = edgeClient({
      dialect: eppo(),
      apiKey: "key",
      baseUrl: server.url,
      fetch,
      send: postTo({ url: server.url }),
    });
    const client = await edge.forRequest({ waitUntil() {} });
    return used(() => client.getStringAssignment("flag", "alice", {}, "off"), client);
  },
  "a file of CSV": async () => logged(csvLogger(join(folder, "exposures.csv"))),
  "a file of JSON": async () => logged(ndjsonLogger(join(folder, "exposures.ndjson"))),
  ...Object.fromEntries(
    [rudderstack, segment, snowplow].map((harness) => [
      `${harness.vendor}'s logger`,
      async () => logged(harness.create(server.url) as AssignmentLogger),
    ]),
  ),
};

const LIMIT = { timeoutMs: 5_000, signal: new AbortController().signal };

/** Logs an exposure with a logger. */
function logged(logger: AssignmentLogger): () => Promise<unknown> {
  const event = assignment("alice") as unknown as AssignmentEvent;
  return used(() => logger.logAssignment(event), { close: async () => logger.close?.(LIMIT) });
}

function used(use: () => unknown, owner: { close(): Promise<unknown> }): () => Promise<unknown> {
  use();
  return async () => {
    await owner.close();
    use();
  };
}

function listeners(): readonly unknown[] {
  return process.eventNames().flatMap((name) => process.rawListeners(name as "exit"));
}

it.each(Object.keys(OPENED))(
  "no listener of %s is left on the process when it is closed",
  async (name) => {
    const open = OPENED[name] as NonNullable<(typeof OPENED)[string]>; // a key of the table
    const before = listeners();
    const close = await open();
    await close();
    // Whatever an earlier file of this process left may go meanwhile.
    expect(listeners().filter((listener) => !before.includes(listener))).toEqual([]);
  },
);
