import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LogLevel, type RemoteEvaluationConfig } from "../../../src/index.js";
import { FAST, ours, outcomeOf, requestsOf, type Side, vendor } from "./sides.js";

const KEY = "server-deployment";
const ALICE = { user_id: "alice", device_id: "phone", user_properties: { plan: "pro", ages: [1] } };

const ok = (body: unknown): Reply => ({ kind: "answer", body: JSON.stringify(body) });
const status = (code: number, body = "no"): Reply => ({ kind: "answer", status: code, body });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

/** Responds with the replies in order, and then repeats the last one. */
function answerWith(replies: readonly Reply[]): void {
  let i = 0;
  server.respond(() => replies[Math.min(i++, replies.length - 1)] as Reply);
}

interface Call {
  readonly user?: unknown;
  readonly options?: object;
  readonly config?: RemoteEvaluationConfig;
  readonly method?: "fetchV2" | "fetch";
}

async function run(side: Side, replies: readonly Reply[], call: Call) {
  answerWith(replies);
  const from = server.requests.length;
  const lines: unknown[] = [];
  const line = (level: string) => () => void lines.push(level);
  const loggerProvider = {
    verbose: line("verbose"),
    debug: line("debug"),
    info: line("info"),
    warn: line("warn"),
    error: line("error"),
  };
  const { method = "fetchV2", user = ALICE, options, config = {} } = call;
  const client = side.create(KEY, {
    ...FAST,
    serverUrl: server.url,
    loggerProvider,
    logLevel: LogLevel.Verbose,
    ...config,
  });
  const outcome = await outcomeOf(() => client[method](user as object, options));
  return { outcome, requests: await requestsOf(server, from), lines };
}

const VARIANTS = {
  a: { key: "on", value: "on", payload: { deep: [1, null] }, metadata: { segmentName: "all" } },
  b: { key: "off", metadata: { default: true } },
  c: { key: "x", value: 12.5 },
  d: { key: "y", value: false, metadata: { deployed: false } },
  e: { key: "z", value: null },
  f: { key: "w", value: { a: 1 }, unknown: 1 },
};

interface Row extends Call {
  readonly name: string;
  readonly replies: readonly Reply[];
}

const CALLS: readonly Row[] = [
  { name: "variants of every kind", replies: [ok(VARIANTS)] },
  { name: "no variants", replies: [ok({})] },
  { name: "fetch drops default variants", replies: [ok(VARIANTS)], method: "fetch" },
  { name: "a user without members", replies: [ok({})], user: {} },
  { name: "no user", replies: [ok({})], user: null },
  { name: "a user with a library", replies: [ok({})], user: { library: "mine" } },
  { name: "a user with an empty library", replies: [ok({})], user: { library: "" } },
  { name: "a user beyond ASCII", replies: [ok({})], user: { user_id: "ålice ?>~ 🙂 \ud800" } },
  {
    name: "members that no type has",
    replies: [ok({})],
    user: { x: { y: [undefined, null] } },
  },
  { name: "flag keys", replies: [ok({})], options: { flagKeys: ["a", "ø"] } },
  { name: "no flag keys", replies: [ok({})], options: { flagKeys: [] } },
  { name: "null for flag keys", replies: [ok({})], options: { flagKeys: null } },
  ...[true, false, null, undefined].flatMap((value) => [
    { name: `tracksAssignment ${value}`, replies: [ok({})], options: { tracksAssignment: value } },
    { name: `tracksExposure ${value}`, replies: [ok({})], options: { tracksExposure: value } },
  ]),
  ...[201, 204, 304, 400, 401, 403, 404, 408, 413, 429, 500, 502, 503].map((code) => ({
    name: `status ${code}, then an answer`,
    replies: [status(code), ok(VARIANTS)],
  })),
  {
    name: "every failure is tried again after the first",
    replies: [status(500), status(400), status(413), ok(VARIANTS)],
  },
  {
    name: "the first error is thrown",
    replies: [status(503), status(400), status(404)],
    config: { fetchRetries: 2 },
  },
  { name: "no retries", replies: [status(500)], config: { fetchRetries: 0 } },
  { name: "a reset, then an answer", replies: [{ kind: "reset" }, ok(VARIANTS)] },
  {
    name: "a time-out, then an answer",
    replies: [{ kind: "hang" }, ok(VARIANTS)],
    config: { fetchTimeoutMillis: 100 },
  },
  {
    name: "only time-outs",
    replies: [{ kind: "hang" }],
    config: { fetchTimeoutMillis: 200, fetchRetryTimeoutMillis: 200, fetchRetries: 2 },
  },
  {
    name: "a time-out of 0 fails without a request",
    replies: [ok(VARIANTS)],
    config: { fetchTimeoutMillis: 0, fetchRetries: 0 },
  },
  { name: "an answer that is not JSON", replies: [{ kind: "answer", body: "<" }, ok(VARIANTS)] },
  { name: "null", replies: [ok(null), ok(VARIANTS)] },
  { name: "a variant that is null", replies: [ok({ a: null }), ok(VARIANTS)] },
  ...[5, true, "x", "", [], [{ key: "a" }]].map((body) => ({
    name: `an answer that is not a map: ${JSON.stringify(body)}`,
    replies: [ok(body), ok(VARIANTS)],
  })),
  ...[5, true, "on", [], {}].map((variant) => ({
    name: `a variant that is not an object: ${JSON.stringify(variant)}`,
    replies: [ok({ a: variant }), ok(VARIANTS)],
  })),
  { name: "fetch does not throw", replies: [status(400)], method: "fetch" },
];

describe("a remote evaluation", () => {
  it.each(CALLS)("behaves like the vendor's: $name", async ({ replies, ...call }) => {
    const theirs = await run(vendor, replies, call);
    const mine = await run(ours, replies, call);
    expect(mine.outcome).toEqual(theirs.outcome);
    expect(mine.requests).toEqual(theirs.requests);
    expect(mine.lines).toEqual(theirs.lines);
  });

  it("uses the vendor's delays", async () => {
    const delaysOf = async (side: Side): Promise<readonly number[]> => {
      const delays: number[] = [];
      const { setTimeout } = globalThis;
      const spy = vi.spyOn(globalThis, "setTimeout").mockImplementation(((
        callback: () => void,
        delayMs: number,
      ) => {
        if (delayMs < 100) delays.push(delayMs);
        return setTimeout(callback, delayMs);
      }) as typeof setTimeout);
      try {
        const config = { fetchRetries: 5, fetchRetryBackoffMinMillis: 2, logLevel: 0 };
        await run(side, [status(500)], { config });
      } finally {
        spy.mockRestore();
      }
      return delays;
    };
    const delays = await delaysOf(ours);
    expect(delays.slice(0, 5)).toEqual([2, 3, 4, 4, 4]);
    expect(delays).toEqual(await delaysOf(vendor));
  });

  it("fails like the vendor's with an empty key", async () => {
    const config = { serverUrl: server.url, logLevel: 0 };
    await expect(ours.create("", config).fetchV2({})).rejects.toThrow(
      "Experiment API key is empty",
    );
    await expect(vendor.create("", config).fetchV2({})).rejects.toThrow(
      "Experiment API key is empty",
    );
  });
});
