import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, type ClientOptions, createClient } from "@sortition/core";
import { createClock } from "@sortition/core/internal";
import { createClient as createNodeClient } from "@sortition/node";
import { patientClock } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GrowthbookDialect, growthbook } from "../../src/dialect.js";
import {
  type GrowthbookSourceOptions,
  growthbookOrigin,
  growthbookSource,
} from "../../src/source.js";
import { ShopServer } from "../client/shop-server.js";
import { DECRYPTION_KEY, encrypted } from "../encryption.js";

const featuresOf = (value: string): object => ({ flag: { defaultValue: value } });

describe("growthbookSource", () => {
  let server: ShopServer;
  let client: Client | null = null;

  beforeEach(async () => {
    server = await new ShopServer({
      payload: { features: featuresOf("a") },
      hasStream: true,
    }).start();
  });

  afterEach(async () => {
    await client?.close();
    await server.close();
  });

  async function start(
    options: Partial<GrowthbookSourceOptions>,
    dialect: GrowthbookDialect = growthbook(),
    { diagnostics }: Pick<ClientOptions, "diagnostics"> = {},
  ): Promise<Client> {
    const source = growthbookSource({ clientKey: "sdk-é", apiHost: server.url, ...options });
    client = createClient({ dialect, source, assignmentLogger: null, diagnostics }) as Client;
    await client.waitForInitialization();
    return client;
  }

  const flagOf = (it: Client): string => it.getStringAssignment("flag", "alice", {}, "none");

  it("polls unless streaming is enabled", async () => {
    const it = await start({});
    expect([flagOf(it), it.status.stream]).toEqual(["a", null]);
    expect(server.requests.map(({ target }) => target)).toEqual(["/api/features/sdk-%C3%A9"]);
  });

  it("serves payloads from the stream and requests announced changes", async () => {
    const it = await start({ streaming: true, headers: { "x-team": "shop" } });
    await expect.poll(() => it.status.stream?.isUp).toBe(true);
    server.push("features", JSON.stringify({ features: featuresOf("b") }));
    await expect.poll(() => flagOf(it)).toBe("b");
    server.push("other", "{}");
    server.options.payload = { features: featuresOf("c") };
    server.push("features-updated", "");
    await expect.poll(() => flagOf(it)).toBe("c");
    expect(server.requests.map(({ target, headers }) => [target, headers["x-team"]])).toEqual([
      ["/api/features/sdk-%C3%A9", "shop"],
      ["/sub/sdk-%C3%A9", "shop"],
      ["/api/features/sdk-%C3%A9", "shop"],
    ]);
    await it.close();
    await expect.poll(() => server.streams.size).toBe(0);
  });

  it("names the server of a stream with an unusable event", async () => {
    const said: string[] = [];
    const warn = (message: string, facts: Readonly<Record<string, unknown>> = {}): void =>
      void said.push(`${message}: ${facts["reason"]}`);
    const diagnostics = { debug() {}, info() {}, warn, error() {} };
    const it = await start({ streaming: true }, growthbook(), { diagnostics });
    await expect.poll(() => it.status.stream?.isUp).toBe(true);
    server.push("features", "<html>");
    server.push("features", '{"features": {');
    await expect
      .poll(() => said)
      .toEqual([
        `stream event unusable: the stream of ${server.url} sent an event that is not a payload`,
        expect.stringMatching(/^configuration rejected: flags: .*expected JSON/),
      ]);
    expect(said[1]).toContain(`, from the stream of ${server.url}: is the event whole?`);
  });

  it("polls an API that does not offer a stream", async () => {
    server.options.hasStream = false;
    const it = await start({ streaming: true, pollIntervalMs: 100 });
    server.options.payload = { features: featuresOf("b") };
    await expect.poll(() => flagOf(it)).toBe("b");
    expect([it.status.stream?.opened, server.to("/sub/")]).toEqual([0, []]);
  });

  it.each([
    { headers: { "x-sse-support": "enabled" }, of: "that offers a stream" },
    { headers: {}, of: "without the offer, which the copy keeps" },
  ])(
    "opens its stream after a second start, whose only response is a 304 $of",
    async ({ headers }) => {
      const directory = await mkdtemp(join(tmpdir(), "growthbook-source-"));
      server.interceptor = ({ headers: asked, target }, response) => {
        if (target.startsWith("/sub/")) return false;
        const isHeld = asked["if-none-match"] === '"1"';
        const first = { etag: '"1"', "x-sse-support": "enabled" };
        response.writeHead(isHeld ? 304 : 200, isHeld ? headers : first);
        response.end(isHeld ? "" : JSON.stringify(server.options.payload));
        return true;
      };
      try {
        for (const opened of [1, 2]) {
          const source = growthbookSource({
            clientKey: "sdk-1",
            apiHost: server.url,
            streaming: true,
          });
          client = createNodeClient({
            dialect: growthbook(),
            source,
            diskCache: { directory },
            // Reading a copy may take long on a busy machine.
            clock: createClock(patientClock(250)),
            assignmentLogger: null,
          });
          await client.waitForInitialization();
          await expect.poll(() => client?.status.stream?.isUp).toBe(true);
          expect(server.to("/sub/")).toHaveLength(opened);
          // The copy offers a stream, too, which may open before the server receives the other request.
          await expect.poll(() => server.to("/api/").length).toBeGreaterThanOrEqual(opened);
          await expect
            .poll(() => readdir(directory))
            .toEqual([expect.not.stringMatching(/\.tmp$/)]);
          await client.close();
        }
        expect(server.to("/api/").at(-1)?.headers["if-none-match"]).toBe('"1"');
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  );

  it("streams from another host and decrypts with the client's key", async () => {
    await using other = {
      server: await new ShopServer({ payload: {}, hasStream: true }).start(),
      [Symbol.asyncDispose]: () => other.server.close(),
    };
    const payloadOf = async (value: string): Promise<object> => ({
      features: {},
      encryptedFeatures: await encrypted(featuresOf(value)),
    });
    server.options.payload = await payloadOf("a");
    const dialect = growthbook({ decryptionKey: DECRYPTION_KEY });
    const it = await start({ streaming: true, streamingHost: `${other.server.url}/` }, dialect);
    await expect.poll(() => other.server.streams.size).toBe(1);
    other.server.push("features", JSON.stringify(await payloadOf("b")));
    await expect.poll(() => flagOf(it)).toBe("b");
    expect([server.to("/sub/"), other.server.to("/api/")]).toEqual([[], []]);
  });
});

describe("the options", () => {
  const base = { clientKey: "sdk-1" };

  it.each<{ options: object; message: string }>([
    { options: { clientKey: "" }, message: "clientKey: expected the key of an SDK connection" },
    { options: { clientKey: undefined }, message: "clientKey: expected the key" },
    { options: { clientKey: "'sdk-1'" }, message: "clientKey: is in quotes" },
    { options: { clientKey: "sdk-1 " }, message: "clientKey: has spaces or a line break" },
    { options: { apiHost: "cdn" }, message: "apiHost: expected an address" },
    { options: { streamingHost: "ftp://x" }, message: "streamingHost: expected an address" },
    { options: { streaming: "yes" }, message: "streaming" },
    { options: { apiKey: "sdk-1" }, message: "apiKey" },
    { options: { pollIntervalMs: 1 }, message: "pollIntervalMs" },
    { options: { requestTimeoutMs: 0 }, message: "requestTimeoutMs" },
  ])("$options are rejected", ({ message, options }) => {
    const all = { ...base, ...options } as GrowthbookSourceOptions;
    expect(() => growthbookSource(all)).toThrow(message);
  });

  it("do not load the dialect, so a client without it is rejected", () => {
    expect(() => createNodeClient({ source: growthbookSource(base) })).toThrow(
      "dialect: is missing: the source only knows the addresses of growthbook, so pass dialect: growthbook()",
    );
    const posthog = { ...growthbook(), name: "posthog" };
    expect(() => createNodeClient({ source: growthbookSource(base), dialect: posthog })).toThrow(
      'source: uses the dialect "growthbook"',
    );
  });

  it("name cache entries without the key, by default for the hosted API", () => {
    const origin = growthbookOrigin({ ...base, streaming: true });
    const { scope } = growthbookOrigin({ ...base, apiHost: "https://cdn.growthbook.io/" });
    expect([origin.scope, origin.scope.includes("sdk-1")]).toEqual([scope, false]);
    expect([typeof origin.follow, growthbookOrigin(base).follow]).toEqual(["function", undefined]);
  });
});
