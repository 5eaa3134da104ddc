import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { clearCache, type FeatureApiResponse, GrowthBook, setPolyfills } from "../../src/index.js";
import { DECRYPTION_KEY, encrypted } from "../encryption.js";
import { SHOP } from "./shop-payload.js";

/** Replaces globals as jsdom does when Jest or vitest set it up for front ends. */
function useJsdomGlobals(): void {
  const { setTimeout } = globalThis;
  // Vitest detects the kind of timers on first use, for all test files of this process.
  vi.useRealTimers();
  vi.stubGlobal("setTimeout", (...given: Parameters<typeof setTimeout>) => {
    const timer = setTimeout(...given);
    return isCalledByNode() ? timer : Number(timer);
  });
  vi.stubGlobal(
    "URL",
    class extends URL {
      static override canParse = undefined as never;
    },
  );
}

/**
 * Returns whether the caller's caller is Node's `fetch`, which needs timers with `unref`. Requests of other test files
 * may end in this process while these tests run. Real jsdom hides Node's `fetch`, so it has no such requests.
 */
function isCalledByNode(): boolean {
  const [, , , caller = ""] = (new Error().stack ?? "").split("\n");
  return caller.includes("node:internal/");
}

/** jsdom runs tests in another context, whose buffers Node's `crypto.subtle` does not recognise. */
const FOREIGN = runInNewContext("({ ArrayBuffer, Uint8Array })") as Readonly<
  Record<"ArrayBuffer" | "Uint8Array", unknown>
>;

describe("an instance under jsdom", () => {
  beforeEach(useJsdomGlobals);
  afterEach(async () => {
    await clearCache();
    setPolyfills({ fetch: undefined });
    vi.unstubAllGlobals();
  });

  it("loads a payload, polls, and ends", async () => {
    const fetch = vi.fn(async () => Response.json(SHOP));
    setPolyfills({ fetch });
    const gb = new GrowthBook({ apiHost: "https://api.test", clientKey: "sdk-1" });
    expect(await gb.init({ pollingInterval: 1, timeout: 5_000 })).toMatchObject({ success: true });
    await vi.waitFor(() => expect(fetch.mock.calls.length).toBeGreaterThan(1));
    gb.destroy();
  });

  it.each([true, false])("decrypts a payload, Base64 with padding: %s", async (hasPadding) => {
    const encryptedFeatures = await encrypted(SHOP.features);
    const decryptionKey = hasPadding ? DECRYPTION_KEY : DECRYPTION_KEY.replace(/=+$/, "");
    for (const [name, type] of Object.entries(FOREIGN)) vi.stubGlobal(name, type);
    const gb = new GrowthBook({ decryptionKey });
    await gb.init({ payload: { encryptedFeatures } as FeatureApiResponse });
    expect(gb.getFeatures()).toEqual(SHOP.features);
  });

  it("evaluates remotely", async () => {
    setPolyfills({ fetch: async () => Response.json(SHOP) });
    const gb = new GrowthBook({
      apiHost: "https://api.test",
      clientKey: "sdk-2",
      remoteEval: true,
    });
    expect(await gb.init({ timeout: 5_000 })).toMatchObject({ success: true, source: "network" });
    gb.destroy();
  });

  it("rejects remote evaluation on the vendor's cloud", () => {
    const options = { apiHost: "https://cdn.growthbook.io", clientKey: "sdk-3", remoteEval: true };
    expect(() => new GrowthBook(options)).toThrow("Cannot use remoteEval on GrowthBook Cloud");
  });

  it("follows redirects", async () => {
    const urlRedirect = "https://shop.test/b";
    const urls: string[] = [];
    const gb = new GrowthBook({
      url: "https://shop.test/a?x=1",
      attributes: { id: "alice" },
      navigate: (url) => void urls.push(url),
      experiments: [
        {
          key: "redirect",
          variations: [{}, { urlRedirect }],
          weights: [0, 1],
          persistQueryString: true,
          urlPatterns: [{ type: "simple", include: true, pattern: "/a" }],
        },
      ],
    });
    await vi.waitFor(() => expect(gb.getRedirectUrl()).toBe("https://shop.test/b?x=1"));
    expect(urls).toEqual(["https://shop.test/b?x=1"]);
  });
});
