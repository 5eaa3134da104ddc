import * as vendorSdk from "@amplitude/experiment-node-server";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import * as ourSdk from "../../src/index.js";
import { LocalEvaluationClient } from "../../src/index.js";
import { flagOf } from "../client/local/flags.js";
import { AT_ONCE, keepUploads, type Upload } from "./uploads.js";

type Sdk = Pick<typeof vendorSdk, "LocalEvaluationClient" | "RemoteEvaluationClient">;
const ours = ourSdk as unknown as Sdk; // the surface test compares the types
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const bootstrap = () => ({ a: flagOf("a") }) as never;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
afterEach(() => {
  vi.useRealTimers();
});

/** Returns the subjects whose exposures are uploaded. */
async function exposedBy({ LocalEvaluationClient: Client }: Sdk, cacheCapacity: number) {
  const uploads: Upload[] = [];
  const end = keepUploads(uploads);
  const exposureConfig = { apiKey: "exposures", cacheCapacity, ...AT_ONCE };
  const client = new Client("key", {
    bootstrap: bootstrap(),
    loggerProvider: SILENT,
    exposureConfig,
  });
  const subjects = ["bob", "carl", "bob", "carl", "dora", "bob", "last"];
  for (const user_id of subjects)
    client.evaluateV2({ user_id }, undefined, { tracksExposure: true });
  const exposed = () => eventsIn(uploads).map(({ user_id }) => user_id);
  await expect.poll(exposed).toContain("last");
  end();
  return exposed();
}

const eventsIn = (uploads: readonly Upload[]): readonly { readonly user_id?: string }[] =>
  uploads.flatMap(([, payload]) => (payload as { readonly events: readonly object[] }).events);

/**
 * Returns the outcome of a fetch from a server that fails at first, and its number of requests.
 *
 * @param failures - `Infinity`: the server never responds.
 */
async function fetchedBy(
  { RemoteEvaluationClient: Client }: Sdk,
  options: object,
  failures: number,
) {
  const before = server.requests.length;
  server.respond(() => {
    if (failures === Number.POSITIVE_INFINITY) return { kind: "hang" };
    const isDown = server.requests.length - before <= failures;
    return { kind: "answer", status: isDown ? 500 : 200, body: '{"a":{"key":"on"}}' };
  });
  const backoff = { fetchRetryBackoffMinMillis: 1, fetchRetryBackoffMaxMillis: 2 };
  const given = { serverUrl: server.url, loggerProvider: SILENT, ...backoff, ...options };
  const fetched = new Client("key", given).fetchV2({ user_id: "alice" });
  const outcome = await fetched.then(
    (variants) => JSON.stringify(variants),
    () => "failed",
  );
  return [outcome, server.requests.length - before];
}

/** Returns after how many ms `start` gives up waiting for a stream that sends nothing. */
async function startedBy(
  { LocalEvaluationClient: Client }: Sdk,
  streamFlagConnTimeoutMillis: number,
) {
  vi.useFakeTimers({ now: 0 });
  const config = { streamUpdates: true, loggerProvider: SILENT, streamFlagConnTimeoutMillis };
  const httpClient = {
    request: async () => ({ status: 200, body: JSON.stringify([flagOf("a")]) }),
  };
  const client = new Client("key", config, undefined, httpClient, (() => ({
    close() {},
  })) as never);
  let startedAtMs = 0;
  const started = client.start().then(() => {
    startedAtMs = Date.now();
  });
  await vi.advanceTimersByTimeAsync(2_000);
  await started;
  client.stop();
  vi.useRealTimers();
  return Math.round(startedAtMs / 10) * 10; // a timer of 0 ms takes 1 ms in Node.js
}

describe("an unusual number has the same effect as in the vendor's SDK", () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "cacheCapacity: %d",
    async (value) => {
      expect(await exposedBy(ours, value)).toEqual(await exposedBy(vendorSdk, value));
    },
  );

  it.each([0, -1, 1.5, Number.NaN])("fetchRetries: %d", async (fetchRetries) => {
    const used = await fetchedBy(ours, { fetchRetries }, 2);
    expect(used).toEqual(await fetchedBy(vendorSdk, { fetchRetries }, 2));
  });

  it.each([0, Number.NaN])("streamFlagConnTimeoutMillis: %d", async (value) => {
    expect(await startedBy(ours, value)).toBe(await startedBy(vendorSdk, value));
  });

  it.each([0, -1, Number.NaN])(
    "fetchTimeoutMillis: %d, with which no fetch succeeds",
    async (value) => {
      const options = { fetchTimeoutMillis: value, fetchRetries: 0 };
      for (const sdk of [ours, vendorSdk]) {
        const [outcome] = await fetchedBy(sdk, options, Number.POSITIVE_INFINITY);
        expect(outcome).toBe("failed");
      }
    },
  );

  it.each([0, -1, Number.NaN])("except that a polling interval of %d is the default", (value) => {
    const warn = vi.fn();
    const config = { flagConfigPollingIntervalMillis: value, loggerProvider: { ...SILENT, warn } };
    new LocalEvaluationClient("key", config);
    const expected = "option flagConfigPollingIntervalMillis has an unusual value: using 30000";
    expect(warn.mock.calls.join()).toContain(expected);
  });
});

describe("a value of another type", () => {
  it.each([
    {
      options: { flagConfigPollingIntervalMillis: "500" },
      used: ": expected a number, got string; using 30000",
    },
    {
      options: { streamUpdates: "false" },
      used: ": expected a boolean, got string; using false",
    },
    { options: { bootstrap: "flags" }, used: " has an unusual value: using undefined" },
  ])("is reported once, and replaced with the default: $options", ({ options, used }) => {
    const warn = vi.fn();
    new LocalEvaluationClient("key", { ...options, loggerProvider: { ...SILENT, warn } } as never);
    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      `[Experiment] option ${Object.keys(options)[0]}${used}`,
    ]);
  });

  it("is reported by the remote client, too", async () => {
    const warn = vi.fn();
    const options = { fetchRetries: "3", loggerProvider: { ...SILENT, warn } };
    expect(await fetchedBy(ours, options, 8)).toEqual(['{"a":{"key":"on"}}', 9]);
    expect(warn.mock.calls.join()).toContain(
      "fetchRetries: expected a number, got string; using 8",
    );
  });
});

describe("an address that is not a URL", () => {
  it("is passed unchanged to the injected parts", async () => {
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
    const client = new LocalEvaluationClient("key", config, null, httpClient, openStream);
    await client.start();
    client.stop();
    expect(asked).toEqual(["text/sdk/stream/v1/flags", "flags:here $&/sdk/v2/flags"]);
    expect(client.evaluateV2({ user_id: "alice" })).toHaveProperty("a");
  });
});
