import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const MODULES = [
  "undici",
  "undici/lib/core/connect.js",
  "undici/lib/dispatcher/client-h1.js",
  "undici/lib/dispatcher/agent.js",
  "undici/lib/api/api-request.js",
];

/** Simulates an ES module bundled by esbuild, where CommonJS modules call a `require` that throws. */
function broken(): never {
  throw new Error('Dynamic require of "node:assert" is not supported');
}

/** The mock of every module. It is replaced here, because of two mocks of one module, either may apply. */
let mock: () => object = broken;
let server: TestServer;
const warnings: Error[] = [];
const onWarning = (warning: Error): void => void warnings.push(warning);

beforeEach(async () => {
  server = await startTestServer(() => ({ kind: "answer", body: "text" }));
  for (const name of MODULES) vi.doMock(name, () => mock());
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

describe("if undici cannot be loaded", () => {
  it("requests use node:http over kept connections, with one warning per process", async () => {
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
        message: expect.stringMatching(/^undici cannot be loaded .+ node:http: .+external: undici/),
      },
    ]);
  });

  it("no more connections are opened than `connections` allows, and none is kept without reuse", async () => {
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
    "an attempt with the option $option fails permanently and names the option",
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

/** Runtimes that undici does not support, with a function that restores this one. */
const RUNTIMES = {
  "without WebAssembly, as with node --jitless": () => {
    const { WebAssembly } = globalThis as { WebAssembly?: unknown };
    delete (globalThis as { WebAssembly?: unknown }).WebAssembly;
    return () => Object.assign(globalThis, { WebAssembly });
  },
  "with its own module, as Bun": () => {
    class Dispatcher {}
    mock = () => ({ default: { Dispatcher } });
    return () => {
      mock = broken;
    };
  },
};

describe.each(Object.keys(RUNTIMES) as (keyof typeof RUNTIMES)[])("on a runtime %s", (runtime) => {
  let restore = (): unknown => undefined;
  beforeEach(() => {
    restore = RUNTIMES[runtime]();
  });
  afterEach(() => void restore());

  it("requests use node:http without a warning", async () => {
    const { HttpTransport } = await import("../http-transport.js");
    const transport = new HttpTransport();
    for (let i = 0; i < 2; i++) {
      const { body } = await transport.request({ ...get, url: new URL(server.url) });
      expect(Buffer.from(body).toString()).toBe("text");
    }
    transport.release();
    expect(warnings).toEqual([]);
  });

  it.each(["proxy", "dispatcher"])(
    "the option %s fails with the reason, and without advice about bundles",
    async (option) => {
      const { HttpTransport } = await import("../http-transport.js");
      const given = option === "proxy" ? "http://127.0.0.1:1" : { dispatch: () => true };
      const transport = new HttpTransport({ [option]: given });
      await expect(transport.request({ ...get, url: new URL(server.url) })).rejects.toMatchObject({
        code: "SORTITION_OPTION",
        option,
        message: expect.stringMatching(
          /: needs undici, which (needs WebAssembly: start Node\.js without --jitless|this runtime replaces with its own module: use Node\.js)$/,
        ),
      });
      expect(server.requests).toEqual([]);
    },
  );
});
