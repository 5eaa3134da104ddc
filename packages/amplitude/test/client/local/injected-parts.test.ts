import http from "node:http";
import { Agent } from "node:https";
import { connect } from "node:net";
import * as vendorSdk from "@amplitude/experiment-node-server";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as ourSdk from "../../../src/index.js";
import { cohortFlag } from "../../source/cohort-server.js";
import { flagOf } from "./flags.js";

type Sdk = Pick<typeof vendorSdk, "LocalEvaluationClient" | "RemoteEvaluationClient">;
type EventSourceFactory = ConstructorParameters<Sdk["LocalEvaluationClient"]>[4];

const SIDES: readonly { readonly name: string; readonly sdk: Sdk }[] = [
  { name: "vendor", sdk: vendorSdk },
  { name: "ours", sdk: ourSdk as unknown as Sdk }, // the surface test compares the types
];
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const ALICE = { user_id: "alice" };
const COHORT = {
  ...{ cohortId: "c1", groupType: "User", groupTypeId: 0, lastComputed: 1 },
  ...{ lastModified: 1, size: 1, memberIds: ["alice"] },
};
const cohortSyncConfig = { apiKey: "a", secretKey: "s", cohortServerUrl: "https://cohort.invalid" };

/** Removes the library's name, which differs on purpose. */
function comparable(parts: readonly unknown[]): unknown {
  return JSON.parse(
    JSON.stringify(parts).replace(/(experiment-node-server|sortition-\w+)\/[\w.-]+/g, "sdk"),
  );
}

describe("httpClient, the fourth argument of LocalEvaluationClient", () => {
  it("receives an address that is not a URL unchanged, like the stream", async () => {
    const asked: string[] = [];
    const httpClient = {
      async request(url: string) {
        asked.push(url);
        return { status: 200, body: JSON.stringify([flagOf("a")]) };
      },
    };
    const openStream = (url: string) => {
      asked.push(url);
      const source = { onopen: null, onmessage: null, close() {}, onerror: (_: object) => {} };
      queueMicrotask(() => source.onerror({ status: 501 }));
      return source;
    };
    const addresses = { serverUrl: "flags:here $&", streamServerUrl: "text", streamUpdates: true };
    const config = { ...addresses, loggerProvider: SILENT };
    const client = new ourSdk.LocalEvaluationClient("key", config, null, httpClient, openStream);
    await client.start();
    client.stop();
    expect(asked).toEqual(["text/sdk/stream/v1/flags", "flags:here $&/sdk/v2/flags"]);
    expect(client.evaluateV2({ user_id: "alice" })).toHaveProperty("a");
  });

  it("is called as the vendor calls it, for flags and cohorts", async () => {
    const seen = [];
    for (const { sdk } of SIDES) {
      const calls: unknown[] = [];
      const httpClient = {
        async request(...parts: unknown[]) {
          calls.push(comparable(parts));
          const body = String(parts[0]).endsWith("/sdk/v2/flags")
            ? [cohortFlag("members", "c1"), flagOf("all")]
            : COHORT;
          return { status: 200, body: JSON.stringify(body) };
        },
      };
      const config = {
        serverUrl: "https://flags.invalid",
        cohortSyncConfig: { ...cohortSyncConfig },
      };
      const client = new sdk.LocalEvaluationClient("key", config, undefined, httpClient);
      await client.start();
      seen.push({ calls, variants: client.evaluateV2({ ...ALICE }) });
      client.stop();
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]?.calls).toHaveLength(2);
    expect(Object.keys(seen[0]?.variants ?? {})).toEqual(["members", "all"]);
  });

  it.each([
    { name: "rejects", answer: () => Promise.reject(new Error("no network in tests")) },
    {
      name: "throws",
      answer: () => {
        throw new Error("no network in tests");
      },
    },
    { name: "answers 500", answer: async () => ({ status: 500, body: "" }) },
    { name: "answers no flags", answer: async () => ({ status: 200, body: "<html>" }) },
  ])("is retried as often as by the vendor when it $name", async ({ answer }) => {
    const seen = [];
    for (const { sdk } of SIDES) {
      let calls = 0;
      const httpClient = {
        request: () => {
          calls += 1;
          return answer();
        },
      };
      const config = { loggerProvider: SILENT };
      const client = new sdk.LocalEvaluationClient("key", config, undefined, httpClient);
      const outcome = await client.start().then(
        () => "resolved",
        () => "rejected",
      );
      client.stop();
      seen.push({ calls, outcome });
    }
    expect(seen[1]).toEqual(seen[0]);
  });
});

describe("streamEventSourceFactory, the fifth argument", () => {
  it("opens streams like the vendor's client, and their flags are served", async () => {
    const seen = [];
    for (const { sdk } of SIDES) {
      const opened: unknown[] = [];
      let closed = 0;
      const send: ((flags: readonly object[]) => void)[] = [];
      const factory = (...parts: unknown[]) => {
        opened.push(comparable(parts));
        const source = {
          readyState: 1,
          OPEN: 1,
          CONNECTING: 0,
          close: () => {
            closed += 1;
          },
        } as Record<string, unknown>;
        const call = (name: string, event: object) =>
          (source[name] as (event: object) => void)(event);
        send.push((flags) => call("onmessage", { data: JSON.stringify(flags) }));
        setImmediate(() => {
          call("onopen", { type: "open" });
          send[0]?.([flagOf("a")]);
        });
        return source;
      };
      const config = {
        streamUpdates: true,
        streamServerUrl: "https://stream.invalid",
        loggerProvider: SILENT,
      };
      const given = factory as unknown as EventSourceFactory;
      const client = new sdk.LocalEvaluationClient("key", config, undefined, undefined, given);
      await client.start();
      const first = Object.keys(client.evaluateV2({ ...ALICE }));
      send[0]?.([flagOf("b")]);
      await expect.poll(() => Object.keys(client.evaluateV2({ ...ALICE }))).toEqual(["b"]);
      client.stop();
      seen.push({ opened, first, closed });
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]).toMatchObject({ first: ["a"], closed: 1 });
  });

  it("is followed by polls when it throws or its stream fails", async () => {
    const broken = () => {
      const source = { close() {} } as { close(): void; onerror?: (event: object) => void };
      setImmediate(() => source.onerror?.({ status: 501 }));
      return source;
    };
    const throwing = () => {
      throw new Error("no streams in tests");
    };
    const lines: unknown[] = [];
    const debug = (...parts: unknown[]): void => void lines.push(parts.flat().join(" "));
    for (const factory of [broken, throwing]) {
      const httpClient = {
        request: async () => ({ status: 200, body: JSON.stringify([flagOf("a")]) }),
      };
      const config = {
        streamUpdates: true,
        streamServerUrl: "https://stream.invalid/path?key=secret",
        debug: true,
        loggerProvider: { ...SILENT, debug },
      };
      const given = factory as unknown as ourSdk.StreamEventSourceFactory;
      const client = new ourSdk.LocalEvaluationClient("key", config, undefined, httpClient, given);
      await client.start();
      expect(Object.keys(client.evaluateV2({ ...ALICE }))).toEqual(["a"]);
      client.stop();
    }
    const failed = "[Experiment] streamer - start stream failed, fallback to poller";
    expect(lines.filter((line) => String(line).startsWith(failed))).toEqual([
      `${failed} https://stream.invalid answered with status 501`,
      `${failed} the stream of https://stream.invalid failed`,
    ]);
  });
});

describe("httpAgent", () => {
  let server: TestServer;
  let sockets: number;
  let httpAgent: Agent;

  beforeEach(async () => {
    server = await startTestServer(({ path }) => {
      const flags = [flagOf("a")];
      const body = path === "/sdk/v2/flags" ? flags : { a: { key: "on", value: "on" } };
      return { kind: "answer", body: JSON.stringify(body) };
    });
    sockets = 0;
    httpAgent = new Agent({ keepAlive: true });
    // Connects to the server whatever the host is, like an agent that uses a proxy.
    const createConnection = () => {
      sockets += 1;
      return connect(Number(new URL(server.url).port), "127.0.0.1");
    };
    Object.assign(httpAgent, { createConnection });
  });

  afterEach(async () => {
    httpAgent.destroy();
    await server.close();
  });

  it("sends requests for flags and remote evaluations to https: servers, like the vendor's client", async () => {
    const serverUrl = "https://flags.invalid";
    const seen = [];
    for (const { sdk } of SIDES) {
      const from = server.requests.length;
      const local = new sdk.LocalEvaluationClient("key", { serverUrl, httpAgent });
      await local.start();
      const remote = new sdk.RemoteEvaluationClient("key", { serverUrl, httpAgent });
      const answers = [local.evaluateV2({ ...ALICE }, ["a"]), await remote.fetchV2(ALICE)];
      local.stop();
      const requests = server.requests.slice(from);
      const targets = requests.map(({ headers, method, target }) => [method, headers.host, target]);
      seen.push({ answers, targets });
    }
    expect(seen[1]).toEqual(seen[0]);
    // Otherwise no request would have reached the server.
    expect(seen[0]?.targets).toHaveLength(2);
  });

  it("is not used for http: servers, as in the vendor's client", async () => {
    for (const { sdk } of SIDES) {
      const local = new sdk.LocalEvaluationClient("key", { serverUrl: server.url, httpAgent });
      await local.start();
      local.stop();
    }
    expect([server.requests.length, sockets]).toEqual([2, 0]);
  });

  it("is null by default, and causes a warning if it overrides our own options", () => {
    for (const create of [ourSdk.LocalEvaluationClient, ourSdk.RemoteEvaluationClient]) {
      const warn = vi.fn();
      const options = { proxy: "environment", loggerProvider: { ...SILENT, warn } } as const;
      new create("key", { ...options, httpAgent: null as never });
      expect(warn).not.toHaveBeenCalled();
      new create("key", { ...options, httpAgent });
      const text = "[Experiment] requests use httpAgent, so proxy has no effect";
      expect(warn.mock.calls).toEqual([[text, []]]);
    }
    expect(ourSdk.RemoteEvaluationDefaults).toHaveProperty("httpAgent", null);
  });
});

describe("a replaced request of node:http, as by nock and tracers", () => {
  it("is used for the same requests as by the vendor's client", async () => {
    const body = JSON.stringify([flagOf("all")]);
    const server = await startTestServer(() => ({ kind: "answer", body }));
    const counts = [];
    for (const { sdk } of SIDES) {
      const request = vi.spyOn(http, "request");
      const config = { serverUrl: server.url, loggerProvider: SILENT };
      const local = new sdk.LocalEvaluationClient("key", config);
      await local.start();
      local.stop();
      await new sdk.RemoteEvaluationClient("key", config).fetchV2({ ...ALICE });
      counts.push(request.mock.calls.length);
      request.mockRestore();
    }
    expect(counts).toEqual([2, 2]);
    await server.close();
  });
});
