import http from "node:http";
import https from "node:https";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HttpTransport } from "../http-transport.js";
import { sendByReplacedHttp } from "./node-sender.js";

let server: TestServer;

beforeEach(async () => {
  server = await startTestServer(() => ({ kind: "answer", body: "real" }));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

const ask = (transport: HttpTransport, path = "/"): Promise<{ body: Uint8Array }> =>
  transport.request({
    url: new URL(`${server.url}${path}`),
    headers: { accept: "application/json" },
    maxBodyBytes: 1_000,
    signal: new AbortController().signal,
  });

it("leaves requests to the connections while node:http is unchanged", async () => {
  const transport = new HttpTransport({ send: sendByReplacedHttp });
  expect(Buffer.from((await ask(transport)).body).toString()).toBe("real");
  transport.release();
});

it("sends by node:http as soon as its request is replaced, and stops when it is restored", async () => {
  const transport = new HttpTransport({ send: sendByReplacedHttp });
  await ask(transport, "/before");
  const spy = vi.spyOn(http, "request");
  await ask(transport, "/first");
  await ask(transport, "/second");
  expect(spy.mock.calls.map(([url]) => `${url}`)).toEqual([
    `${server.url}/first`,
    `${server.url}/second`,
  ]);
  spy.mockRestore();
  await ask(transport, "/after");
  expect(spy.mock.calls).toHaveLength(0);
  transport.release();
});

const own = https.request;

it.each([
  { what: "a Proxy, as of msw and nock", replaced: new Proxy(own, {}) },
  { what: "a function of another name, as of tracers", replaced: () => own("https://flags.test/") },
])("does not mistake $what for a replaced request of node:https", async ({ replaced }) => {
  const message = {
    url: new URL("https://flags.test/"),
    headers: {},
    signal: AbortSignal.abort(new Error("not sent")),
  };
  expect(sendByReplacedHttp(message)).toBeNull();
  Object.assign(https, { request: replaced });
  try {
    await expect(sendByReplacedHttp(message)).rejects.toThrow("not sent");
  } finally {
    Object.assign(https, { request: own });
  }
});
