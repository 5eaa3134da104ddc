import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const MODULES = [
  "undici",
  "undici/lib/core/connect.js",
  "undici/lib/dispatcher/client-h1.js",
  "undici/lib/dispatcher/agent.js",
  "undici/lib/api/api-request.js",
];

let server: TestServer;
const warnings: Error[] = [];
const onWarning = (warning: Error): void => void warnings.push(warning);

// As in an ES module that esbuild has written: modules in CommonJS call a `require` that throws.
beforeEach(async () => {
  server = await startTestServer(() => ({ kind: "answer", body: "text" }));
  for (const name of MODULES) {
    vi.doMock(name, () => {
      throw new Error('Dynamic require of "node:assert" is not supported');
    });
  }
  vi.resetModules();
  warnings.length = 0;
  process.on("warning", onWarning);
});

afterEach(async () => {
  process.off("warning", onWarning);
  for (const name of MODULES) vi.doUnmock(name);
  vi.resetModules();
  await server.close();
});

const { signal } = new AbortController();
const get = { headers: {}, maxBodyBytes: 100, signal };

describe("where undici cannot be loaded", () => {
  it("requests go by node:http over kept connections, which one warning per process says", async () => {
    const { HttpTransport } = await import("../http-transport.js");
    const transports = [new HttpTransport(), new HttpTransport({ connections: null })];
    for (const transport of transports) {
      for (let i = 0; i < 3; i++) {
        const { body } = await transport.request({ ...get, url: new URL(server.url) });
        expect(Buffer.from(body).toString()).toBe("text");
      }
      transport.release();
    }
    const connections = new Set(server.requests.map(({ connectionClosed }) => connectionClosed));
    expect(connections.size).toBe(2);
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings.map(({ message, name }) => ({ message, name }))).toEqual([
      {
        name: "SortitionWarning",
        message: expect.stringMatching(
          /^undici cannot be loaded \(.+\), so requests go by node:http: .+external: undici/,
        ),
      },
    ]);
  });

  it("as many connections are made as `connections` allows, and none is kept where they are not reused", async () => {
    const { HttpTransport } = await import("../http-transport.js");
    const many = new HttpTransport({ connections: null, sockets: { isReused: false, family: 4 } });
    for (let round = 0; round < 2; round++) {
      await Promise.all([1, 2, 3].map(() => many.request({ ...get, url: new URL(server.url) })));
    }
    const connections = new Set(server.requests.map(({ connectionClosed }) => connectionClosed));
    expect(connections.size).toBe(6);
  });

  it.each([
    { option: "proxy", given: { proxy: "http://127.0.0.1:1" } },
    { option: "dispatcher", given: { dispatcher: { dispatch: () => true } as never } },
  ])(
    "an attempt with the option $option ends with a lasting failure that names it",
    async ({ option, given }) => {
      const { eppoHttpOrigin } = await import("../../client/eppo-origin.js");
      const origin = eppoHttpOrigin({ apiKey: "key", baseUrl: server.url, ...given });
      const result = await origin.fetchOnce(null, { signal });
      expect(result).toMatchObject({
        kind: "failed",
        failure: {
          kind: "rejected",
          error: {
            code: "SORTITION_OPTION",
            option,
            message: expect.stringMatching(/external: undici/),
          },
        },
      });
      expect(server.requests).toEqual([]);
      expect(warnings).toEqual([]);
    },
  );
});
