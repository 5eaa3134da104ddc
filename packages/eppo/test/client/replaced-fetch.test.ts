import { ownFetch } from "@sortition/test-kit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { OURS, VENDOR } from "../sdks.js";
import { openShop, startServer } from "./shop.js";

const SDK_KEY = `key.${Buffer.from("eh=events.invalid").toString("base64")}`;

/** Returns the body of the flags, for responses that must be new objects each time. */
async function flagsOf(server: Awaited<ReturnType<typeof startServer>>): Promise<string> {
  return await (await fetch(`${server.url}/api/flag-config/v1/config`)).text();
}

const platformFetch = globalThis.fetch;

afterEach(() => {
  globalThis.fetch = platformFetch;
});

describe("a global fetch that a test suite replaced", () => {
  it("receives all requests, as with the vendor's SDK", async () => {
    await using server = await startServer();
    const flags = await flagsOf(server);
    const seen = [];
    for (const sdk of [VENDOR, OURS]) {
      const urls: string[] = [];
      const baseUrl = "https://flags.invalid/api";
      const double = async (url: string) => {
        urls.push(new URL(url).origin + new URL(url).pathname);
        return { ok: true, status: 200, json: async () => JSON.parse(flags) };
      };
      globalThis.fetch = ownFetch(double, baseUrl) as unknown as typeof fetch;
      const { client } = await openShop(sdk, server, { baseUrl });
      const header = { browserExtensionKey: "key", overrides: {} };
      await client.parseOverrides(JSON.stringify(header));
      seen.push([urls, client.getFlagKeys().length]);
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[0]?.[0]).toHaveLength(2);
  });

  it.each(["AbortError", "TypeError"])(
    "makes requests fail like the vendor's when it throws %s",
    async (name) => {
      await using server = await startServer();
      globalThis.fetch = () => Promise.reject(Object.assign(new Error("mocked"), { name }));
      const seen = [];
      for (const sdk of [VENDOR, OURS]) {
        const opening = openShop(sdk, server, { numInitialRequestRetries: 0 });
        seen.push(await opening.catch(({ message, status }) => ({ message, status })));
      }
      expect(seen[1]).toEqual(seen[0]);
    },
  );

  it("receives tracked events, and is reported once at debug level", async () => {
    await using server = await startServer();
    const flags = await flagsOf(server);
    const bodies: string[] = [];
    const double = async (url: string, { body }: { body?: string }) => {
      if (body !== undefined) bodies.push(body);
      return new Response(url.includes("events.invalid") ? "{}" : flags);
    };
    const own = [server.url, "https://events.invalid"];
    globalThis.fetch = ownFetch(double, ...own) as unknown as typeof fetch;
    const debug = vi.fn();
    const { client } = await openShop(OURS, server, {
      apiKey: SDK_KEY,
      eventTracking: { enabled: true },
      diagnostics: { debug, info() {}, warn() {}, error() {} },
    });
    client.track("clicked", {});
    await client.close();
    expect(bodies).toEqual([expect.stringContaining("clicked")]);
    const lines = debug.mock.calls.filter(([line]) => line.includes("global fetch"));
    expect(lines).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  it("is not used if an option sets the route of requests", async () => {
    await using server = await startServer();
    const stub = vi.fn();
    globalThis.fetch = ownFetch(stub, server.url);
    vi.stubEnv("HTTP_PROXY", "");
    await openShop(OURS, server, { proxy: "environment" });
    vi.unstubAllEnvs();
    expect(stub).not.toHaveBeenCalled();
  });
});
