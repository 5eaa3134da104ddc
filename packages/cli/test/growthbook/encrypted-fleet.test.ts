import { createClient } from "@sortition/core";
import type { ConfigurationOrigin } from "@sortition/core/internal";
import { growthbook } from "@sortition/growthbook/dialect";
import { redis } from "@sortition/redis";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECRYPTION_KEY, encrypted } from "./encryption.js";

describe.skipIf(!hasRedis)("a Redis fleet with an encrypted payload", () => {
  let store: RedisServer;
  let fetches = 0;
  let bytes: Uint8Array;

  beforeAll(async () => {
    store = await startRedis();
    const features = { layout: { defaultValue: "secret-layout" } };
    const body = JSON.stringify({ encryptedFeatures: await encrypted(features) });
    bytes = new TextEncoder().encode(body);
  });
  afterAll(() => store.close());

  function startWorker() {
    const dialect = growthbook({ decryptionKey: DECRYPTION_KEY });
    const origin: ConfigurationOrigin = {
      dialect,
      scope: "e5".repeat(32),
      async fetchOnce() {
        fetches += 1;
        const fetched = { etag: null, fetchedAtMs: Date.now(), from: "network" } as const;
        return { kind: "payloads", payloads: [{ part: "flags", bytes, ...fetched }] };
      },
    };
    return createClient({ dialect, source: redis({ redis: store.url, origin }) });
  }

  it("shares only the cipher text", async () => {
    const workers = [startWorker(), startWorker()];
    for (const worker of workers) {
      await worker.waitForInitialization({ timeoutMs: 20_000 });
      expect(worker.getStringAssignment("layout", "alice", {}, "")).toBe("secret-layout");
    }
    expect(fetches).toBe(1);
    const held = JSON.stringify(await contentOf(store));
    expect(held).toContain("encryptedFeatures");
    expect(held).not.toContain("secret-");
    expect(held).not.toContain(DECRYPTION_KEY);
    for (const worker of workers) await worker.close({ timeoutMs: 1_000 });
  });
});

/** Returns the whole content of a Redis server, by key. */
async function contentOf(store: RedisServer): Promise<object> {
  const keys = (await store.command("KEYS", "*")) as readonly string[];
  const entries = keys.map(async (key) => {
    const isHash = (await store.command("TYPE", key)) === "hash";
    return [key, await store.command(isHash ? "HGETALL" : "GET", key)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
