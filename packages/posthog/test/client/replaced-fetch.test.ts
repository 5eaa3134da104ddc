import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ownFetch } from "@sortition/test-kit";
import { PostHog as VendorPostHog } from "posthog-node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";

const platformFetch = globalThis.fetch;
const FLAGS = { flags: { beta: { key: "beta", enabled: true, variant: "b" } } };
/** Clients wait until the definitions have a flag. */
const DEFINITIONS = { flags: [{ id: 1, key: "local", active: true, filters: { groups: [] } }] };
const HOST = "https://posthog.invalid";

afterEach(() => {
  globalThis.fetch = platformFetch;
  vi.restoreAllMocks();
});

/**
 * Replaces the global `fetch`, as test suites and tracers do. Some return only a few members of a response.
 *
 * @param text - returns each body. If it is `null`, there is neither text nor status.
 */
function replaceFetch(text: ((body: object) => string) | null = JSON.stringify): string[] {
  const urls: string[] = [];
  const double = async (url: string, { method }: { method?: string }) => {
    const { pathname } = new URL(url);
    urls.push(`${method} ${pathname}`);
    const body = /^\/flags\/?$/.test(pathname) ? FLAGS : DEFINITIONS;
    return {
      ...(text === null ? {} : { status: 200, text: async () => text(body) }),
      ...{ ok: true, json: async () => body, body: {} },
    };
  };
  globalThis.fetch = ownFetch(double, HOST) as unknown as typeof fetch;
  return urls;
}

/** Uses an event, a server flag, and definitions. */
async function use(Client: typeof PostHog | typeof VendorPostHog): Promise<unknown> {
  const client = new Client("phc_key", {
    host: HOST,
    secretKey: "phx_key",
    featureFlagsPollingInterval: 100_000,
    disableCompression: true,
  });
  await client.waitForLocalEvaluationReady();
  const flag = await client.getFeatureFlag("beta", "anna", { sendFeatureFlagEvents: false });
  client.capture({ distinctId: "anna", event: "viewed" });
  await client.shutdown();
  return flag;
}

describe("a global fetch that was replaced", () => {
  it("receives all requests, as with the vendor's SDK", async () => {
    const seen = [];
    for (const Client of [VendorPostHog, PostHog]) {
      const urls = replaceFetch();
      seen.push([await use(Client), [...new Set(urls)].sort()]);
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[1]?.[0]).toBe("b");
    expect(seen[1]?.[1]).toHaveLength(3);
  });

  it("may return only the required members", async () => {
    const urls = replaceFetch(null);
    expect(await use(PostHog)).toBe("b");
    expect(new Set(urls).size).toBe(3);
    expect(urls.filter((it) => it === "POST /batch/")).toHaveLength(1);
  });

  it("is read as bytes if its responses support it, which are parsed once", async () => {
    const read: string[] = [];
    const members = (body: object) => ({
      ...{ status: 200, json: async () => read.push("json") && body },
      text: async () => read.push("text") && JSON.stringify(body),
      arrayBuffer: async () =>
        read.push("arrayBuffer") && new TextEncoder().encode(JSON.stringify(body)).buffer,
    });
    const fetch = async (url: string) => members(url.includes("definitions") ? DEFINITIONS : FLAGS);
    const client = new PostHog("phc_key", {
      ...{ host: HOST, secretKey: "phx_key", sendFeatureFlagEvent: false },
      fetch: fetch as never, // implements only the members that are read
    });
    expect(await client.waitForLocalEvaluationReady()).toBe(true);
    expect(await client.getFeatureFlag("local", "anna")).toBe(false);
    expect(await client.getFeatureFlag("beta", "anna")).toBe("b");
    await client.shutdown();
    expect(read).toEqual(["arrayBuffer", "arrayBuffer"]);
  });

  it("may return a text that differs from its JSON, as in the vendor's own tests", async () => {
    for (const Client of [VendorPostHog, PostHog]) {
      replaceFetch(() => "ok");
      expect(await use(Client), Client.name).toBe("b");
    }
  });

  it("may return invalid JSON, so that the flag has no value after one request", async () => {
    const seen = [];
    for (const Client of [VendorPostHog, PostHog]) {
      const urls: string[] = [];
      const client = new Client("phc_key", {
        host: HOST,
        fetchRetryDelay: 1,
        fetch: async (url: string) => {
          urls.push(url);
          const json = async (): Promise<unknown> => JSON.parse("<html>");
          return { status: 200, json, text: async () => "<html>", headers: new Headers() };
        },
      });
      client.on("error", () => {});
      const options = { sendFeatureFlagEvents: false };
      seen.push([await client.getFeatureFlag("beta", "anna", options), urls]);
      await client.shutdown();
    }
    expect(seen[1]).toEqual(seen[0]);
  });

  it("also receives the requests of a client that was created earlier", async () => {
    const client = new PostHog("phc_key", { host: HOST });
    const urls = replaceFetch();
    client.capture({ distinctId: "anna", event: "viewed" });
    await client.shutdown();
    expect(urls).toEqual(["POST /batch/"]);
  });

  it.each([
    { name: "proxy", options: { proxy: "environment" } },
    { name: "fetch", options: { fetch: async () => new Response("{}") } },
  ] satisfies { name: string; options: PostHogOptions }[])(
    "is not used together with the option $name",
    async ({ options }) => {
      const server = createServer((request, response) => {
        request.resume().on("end", () => response.end("{}"));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      vi.stubEnv("HTTP_PROXY", "");
      const urls = replaceFetch();
      const client = new PostHog("phc_key", { host, ...options });
      client.capture({ distinctId: "anna", event: "viewed" });
      await client.shutdown();
      vi.unstubAllEnvs();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      expect([urls, client.stats().delivered]).toEqual([[], 1]);
    },
  );
});
