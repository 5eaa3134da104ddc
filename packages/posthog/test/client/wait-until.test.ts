import { PostHog as VendorPostHog } from "posthog-node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";
import { FlagServer } from "./flag-server.js";

const CLIENTS = [
  { whose: "ours", create: (options: PostHogOptions) => new PostHog("phc_key", options) },
  {
    whose: "the vendor's",
    create: (options: PostHogOptions) =>
      new VendorPostHog("phc_key", options as never) as unknown as PostHog,
  },
];

let end: () => unknown = () => {};
afterEach(async () => {
  await end();
  vi.restoreAllMocks();
});

describe.each(CLIENTS)("flush of $whose", ({ create }) => {
  function start(waitUntil: (promise: Promise<unknown>) => void, more: PostHogOptions = {}) {
    const server = new FlagServer({});
    const client = create({
      ...{ fetch: server.fetch, disableCompression: true, waitUntilDebounceMs: 60_000 },
      ...{ waitUntilMaxWaitMs: 60_000, waitUntil, fetchRetryCount: 0, ...more },
    });
    client.on("error", () => {});
    end = () => client.shutdown(20_000);
    return { client, server };
  }

  it("keeps the function alive until it has ended", async () => {
    const promises: Promise<unknown>[] = [];
    const { client } = start((promise) => void promises.push(promise));
    await client.flush();
    await client.flush();
    expect(promises).toHaveLength(2);
    await Promise.all(promises);
  });

  it("does so only once if an event already does", async () => {
    const promises: Promise<unknown>[] = [];
    const { client, server } = start((promise) => void promises.push(promise));
    client.capture({ distinctId: "anna", event: "viewed" });
    await vi.waitFor(() => expect(promises).toHaveLength(1));
    await client.flush();
    expect([promises.length, server.events.length]).toEqual([1, 1]);
  });

  it("continues outside of a request, where the platform throws", async () => {
    const { client } = start(() => {
      throw new Error("no request");
    });
    await client.flush();
  });

  it("does not pass its failure to the platform", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.spyOn(console, "warn").mockImplementation(() => {});
    const promises: Promise<unknown>[] = [];
    const fetch = () => Promise.reject(new TypeError("fetch failed"));
    const { client } = start((promise) => void promises.push(promise), { fetch });
    client.capture({ distinctId: "anna", event: "viewed" });
    await vi.waitFor(() => expect(promises).toHaveLength(1));
    end = () => {};
    await client.shutdown(500);
    await Promise.all(promises);
  });
});
