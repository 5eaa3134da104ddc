import { createClock } from "@sortition/core/internal";
import { HttpTransport } from "@sortition/node/internal";
import { type Reply, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CaptureQueue, type CaptureSettings } from "../../src/events/capture-queue.js";
import { Emitter } from "../../src/events/emitter.js";
import { checkAccepted } from "../../src/events/verdict.js";
import { createRequester, type Requester } from "../../src/http/requester.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const requesterBy = (fetch: Parameters<typeof createRequester>[1]): Requester =>
  createRequester(new HttpTransport(), fetch, createClock());

const WAYS: readonly { readonly way: string; readonly request: Requester }[] = [
  { way: "transport", request: requesterBy(() => null) },
  {
    way: "fetch",
    request: requesterBy(() => (url, options) => {
      return fetch(url, { ...options, redirect: "manual" } as RequestInit);
    }),
  },
];

const DRILL: readonly { readonly name: string; readonly reply: Reply; readonly keeps: boolean }[] =
  [
    { name: "500", reply: { kind: "answer", status: 500 }, keeps: true },
    {
      name: "429 with Retry-After",
      reply: { kind: "answer", status: 429, headers: { "retry-after": "0" } },
      keeps: true,
    },
    { name: "413", reply: { kind: "answer", status: 413 }, keeps: false },
    { name: "400", reply: { kind: "answer", status: 400 }, keeps: false },
    { name: "hang", reply: { kind: "hang" }, keeps: true },
    { name: "reset", reply: { kind: "reset" }, keeps: true },
  ];

describe.each(WAYS)("over $way", ({ request }) => {
  const queueOf = (requestTimeoutMs = 5_000): CaptureQueue => {
    const settings: CaptureSettings = {
      host: server.url,
      projectToken: "phc_token",
      flushAt: 1_000,
      flushIntervalMs: 0,
      maxBatchSize: 100,
      maxQueueSize: 1_000,
      maxQueueBytes: 1_000_000,
      retries: 1,
      retryDelayMs: 1,
      requestTimeoutMs,
      isCompressed: true,
      isHistorical: false,
      isSent: true,
      userAgent: "test",
    };
    const silent = { debug() {}, info() {}, warn() {}, error() {} };
    const emitter = new Emitter(silent);
    const ports = { clock: createClock(), diagnostics: silent, request, emitter, options: {} };
    return new CaptureQueue(settings, ports);
  };
  const add = (queue: CaptureQueue): void =>
    queue.add({ event: "e", distinct_id: "a", properties: {}, timestamp: "", uuid: "1" });

  it.each(DRILL)("$name keeps the event: $keeps", async ({ reply, keeps }) => {
    const queue = reply.kind === "hang" ? queueOf(500) : queueOf();
    server.respond(reply);
    add(queue);
    await queue.flush(5_000);
    expect(queue.stats().queued).toBe(keeps ? 1 : 0);
    server.respond({ kind: "answer", status: 200 });
    await queue.flush(5_000);
    expect(queue.stats().delivered).toBe(keeps ? 1 : 0);
  });

  it.each([
    { name: "garbage", body: "garbage" },
    { name: "2 MB", body: "x".repeat(2_000_000) },
  ])("a response with $name confirms the events", async ({ body }) => {
    const queue = queueOf();
    server.respond({ kind: "answer", status: 200, body });
    add(queue);
    await queue.flush(5_000);
    expect(queue.stats()).toMatchObject({ delivered: 1, queued: 0 });
  });

  it.each([
    { kind: "hang-in-body" },
    { kind: "cut", body: "{", framing: "content-length" },
    { kind: "drip", everyMs: 20 },
  ] as const)(
    "a status of 200 confirms the events, whatever happens to its body: $kind",
    async (reply) => {
      const queue = queueOf();
      server.respond(reply);
      add(queue);
      expect(await queue.flush(20_000)).toBeNull();
      expect(queue.stats()).toMatchObject({ delivered: 1, queued: 0 });
    },
  );

  it("a redirect to another host does not confirm the events", async () => {
    const queue = queueOf();
    const headers = { location: "https://elsewhere.invalid/batch/" };
    server.respond({ kind: "answer", status: 302, headers });
    add(queue);
    await queue.flush(5_000);
    expect(queue.stats().delivered).toBe(0);
  });
});

describe("Retry-After", () => {
  it.each([
    { header: "20", ms: 20_000 },
    { header: "3600", ms: 60_000 },
    { header: "soon", ms: null },
    { header: "", ms: null },
    { header: new Date(0).toUTCString(), ms: null },
  ])("$header is $ms ms", ({ header, ms }) => {
    const answer = {
      status: 429,
      header: (name: string) => (name === "retry-after" ? header : null),
      bytes: new Uint8Array(),
    };
    const check = (): void => checkAccepted("https://events.example", answer);
    expect(check).toThrow(expect.objectContaining({ retryAfterMs: ms }));
  });
});
