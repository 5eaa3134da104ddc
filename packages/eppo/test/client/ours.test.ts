import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { createFakeClock, startCollector, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OverrideHeader } from "../../src/client/overrides/override-header.js";
import {
  type BanditParameters,
  type BanditVariation,
  type Flag,
  type IConfigurationStore,
  LRUInMemoryAssignmentCache,
  NonExpiringInMemoryAssignmentCache,
} from "../../src/index.js";
import { OURS } from "../sdks.js";
import { openShop, startServer } from "./shop.js";

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const entry = (subjectKey: string, variationKey = "on") => ({
  subjectKey,
  flagKey: "f",
  allocationKey: "a",
  variationKey,
});

describe("the caches", () => {
  it("remember the last value of a subject and flag", () => {
    for (const cache of [
      new NonExpiringInMemoryAssignmentCache(),
      new LRUInMemoryAssignmentCache(9),
    ]) {
      cache.set(entry("alice"));
      expect([cache.has(entry("alice")), cache.has(entry("alice", "off"))]).toEqual([true, false]);
      cache.set(entry("alice", "off"));
      expect([cache.has(entry("alice")), cache.has(entry("alice", "off"))]).toEqual([false, true]);
      cache.set({ subjectKey: "bob", flagKey: "f", banditKey: "b", actionKey: "x" });
      expect(cache.has({ subjectKey: "bob", flagKey: "f", banditKey: "b", actionKey: "x" })).toBe(
        true,
      );
      expect([...cache.entries()]).toHaveLength(2);
    }
  });

  it("forget the least recently used entry", () => {
    const cache = new LRUInMemoryAssignmentCache(2);
    for (const subject of ["alice", "bob"]) cache.set(entry(subject));
    cache.has(entry("alice"));
    cache.set(entry("carl"));
    expect(["alice", "bob", "carl"].map((it) => cache.has(entry(it)))).toEqual([true, false, true]);
    const none = new LRUInMemoryAssignmentCache(0);
    none.set(entry("alice"));
    expect(none.has(entry("alice"))).toBe(false);
  });

  it("accept sizes and entries of untyped callers", () => {
    const cache = new LRUInMemoryAssignmentCache("many" as never);
    for (const odd of [5, {}]) cache.set(odd as never);
    for (const subject of ["alice", "bob"]) cache.set(entry(subject));
    expect([...cache.entries()]).toHaveLength(3);
    expect(cache.has(entry("alice"))).toBe(true);
  });

  it("can be the user's cache", async () => {
    const { assignments, client } = await openShop(OURS, server);
    client.useCustomAssignmentCache(new LRUInMemoryAssignmentCache(1));
    for (const user of ["user-1", "user-1", "user-2", "user-1"]) {
      client.getStringAssignment("test-checkout", user, {}, "x");
    }
    expect(assignments.map(({ subject }) => subject)).toEqual(["user-1", "user-2", "user-1"]);
  });

  it("only cause duplicate events if they throw", async () => {
    const { assignments, client } = await openShop(OURS, server);
    const fail = (): never => {
      throw new Error("broken");
    };
    client.useCustomAssignmentCache({ has: fail, set: fail });
    for (let i = 0; i < 2; i++) client.getStringAssignment("test-checkout", "user-1", {}, "x");
    expect(assignments).toHaveLength(2);
  });

  it("let a logger evaluate the same flag", async () => {
    const { client } = await openShop(OURS, server);
    let count = 0;
    client.useCustomAssignmentCache(new NonExpiringInMemoryAssignmentCache());
    client.setAssignmentLogger({
      logAssignment() {
        count += 1;
        client.getStringAssignment("test-checkout", "user-1", {}, "x");
      },
    });
    client.getStringAssignment("test-checkout", "user-1", {}, "x");
    expect(count).toBe(1);
  });
});

class Store<T> implements IConfigurationStore<T> {
  constructor(readonly content: Record<string, T>) {}
  async init(): Promise<void> {}
  get(key: string): T | null {
    return this.content[key] ?? null;
  }
  entries(): Record<string, T> {
    return this.content;
  }
  getKeys(): string[] {
    return Object.keys(this.content);
  }
  isInitialized(): boolean {
    return true;
  }
  async isExpired(): Promise<boolean> {
    return false;
  }
  async setEntries(): Promise<boolean> {
    return false;
  }
  setEnvironment(): void {}
  getEnvironment(): { name: string } {
    return { name: "stored" };
  }
  getConfigFetchedAt(): string {
    return "2026-02-03T04:05:06.000Z";
  }
  setConfigFetchedAt(): void {}
  getConfigPublishedAt(): string {
    return "2026-01-01T00:00:00.000Z";
  }
  setConfigPublishedAt(): void {}
  getFormat(): string {
    return "SERVER";
  }
  setFormat(): void {}
}

describe("configuration stores", () => {
  it("are served", async () => {
    const body = (file: string) =>
      JSON.parse(
        readFileSync(new URL(`../../../../apps/examples/${file}`, import.meta.url), "utf8"),
      );
    const shoes = body("shoes.json") as {
      readonly flags: Record<string, Flag>;
      readonly banditReferences: Record<string, { readonly flagVariations: BanditVariation[] }>;
    };
    const models = body("shoe-bandits.json") as {
      readonly bandits: Record<string, BanditParameters>;
    };
    const { client } = await openShop(OURS, server);
    const [variations = []] = Object.values(shoes.banditReferences).map((it) => it.flagVariations);
    const byFlag = { [variations[0]?.flagKey ?? ""]: variations };
    const offer = () => client.getBanditActionDetails("shoe-offer", "user-1", {}, ["nike"], "x");
    client.setBanditModelConfigurationStore(new Store(models.bandits));
    expect(offer().variation).toBe("x");
    client.setFlagConfigurationStore(new Store(shoes.flags));
    expect(offer()).toMatchObject({ action: null });
    client.setBanditVariationConfigurationStore(new Store(byFlag));
    const { action, evaluationDetails } = offer();
    expect(action).toBe("nike");
    expect(evaluationDetails).toMatchObject({
      environmentName: "stored",
      configFetchedAt: "2026-02-03T04:05:06.000Z",
    });
  });
});

describe("a precomputed configuration", () => {
  it("has a salt with the type that clients read", async () => {
    const { client } = await openShop(OURS, server);
    const responses = ["5", 5].map((salt) => {
      const text = client.getPrecomputedConfiguration("alice", {}, {}, salt as string);
      return (JSON.parse(text) as { precomputed: { response: string } }).precomputed.response;
    });
    const [{ salt, flags }, other] = responses.map((it) => JSON.parse(it)) as Record<
      string,
      unknown
    >[] as [Record<string, unknown>, object];
    expect(salt).toBe("5");
    expect(other).toMatchObject({ salt, flags });
  });
});

describe("overrides", () => {
  it("are skipped with one warning if they are malformed", async () => {
    const { client, warnings } = await openShop(OURS, server);
    const copy = client.withOverrides({
      "test-checkout": { value: 1 },
      "no-such-flag": null,
      "new-checkout": "on",
      "column-count": { key: "nine", value: 9 },
    } as never);
    expect(copy.getIntegerAssignment("column-count", "user-1", {}, 2)).toBe(9);
    expect(copy.getStringAssignment("test-checkout", "user-1", {}, "x")).toBe("fast_checkout");
    expect(copy.getOverrideVariationKeys()).toEqual({ "column-count": "nine" });
    expect(warnings).toEqual(["overrides ignored: expected { key, value } with a string key"]);
  });

  it("let flush of the original wait for the promises of a copy's logger", async () => {
    const { client } = await openShop(OURS, server);
    let settle = (): void => {};
    const pending = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const copy = client.withOverrides({ "column-count": { key: "nine", value: 9 } });
    copy.setAssignmentLogger({ logAssignment: () => pending as never });
    for (let i = 0; i < 10; i++) copy.getStringAssignment("test-checkout", `user-${i}`, {}, "x");
    client.getStringAssignment("test-checkout", "user-0", {}, "x");
    expect(client.status.counters.exposures).toMatchObject({ accepted: 10, deduplicated: 1 });
    setTimeout(settle, 1);
    expect(await client.flush({ timeoutMs: 20_000 })).toMatchObject({ delivered: 10, pending: 0 });
    expect((await client.flush()).loggers).toHaveLength(1);
    await copy.close();
    expect(client.status.state).toBe("closed");
  });

  it("of a header are asked about again after a pause in which the function was frozen", async () => {
    let status = 200;
    const post = async () => ({ status, header: () => null, body: new Uint8Array() });
    const clock = createFakeClock();
    const header = new OverrideHeader({ post }, clock);
    const text = JSON.stringify({ browserExtensionKey: "secret", overrides: {} });
    expect(await header.read(text)).toEqual({});
    status = 403;
    expect(await header.read(text)).toEqual({});
    clock.jump(6 * 3_600_000); // the monotonic clock stands still
    await expect(header.read(text)).rejects.toThrow("Unable to authorize key");
  });

  it("are absent without a header", async () => {
    const { client } = await openShop(OURS, server);
    expect(await client.parseOverrides(undefined)).toBeUndefined();
    expect(await client.parseOverrides("")).toBeUndefined();
  });
});

describe("console.log of a client", () => {
  it("shows its state, flags, age and revision, but no key", async () => {
    const { client } = await openShop(OURS, server, { apiKey: "secret-key" });
    const shown = inspect(client);
    expect(shown).toMatch(/^EppoClient Client \{[\s\S]*state: 'ready'/);
    for (const part of [/flags: \d/, /ageMs: \d+,/, /revision: '\w+'/]) expect(shown).toMatch(part);
    expect(shown + JSON.stringify(client)).not.toContain("secret-key");
    await client.close();
  });
});

describe("a mistake in an evaluation", () => {
  it("is reported once, as an unknown flag", async () => {
    const { client, warnings } = await openShop(OURS, server);
    for (let i = 0; i < 3; i++) client.getStringAssignment("test-chekout", "user-1", {}, "x");
    expect(warnings).toEqual(['no such flag "test-chekout", did you mean "test-checkout"?']);
    await client.close();
  });

  it("is reported before init was awaited, with the flag and what to await, and without unknown options", async () => {
    Reflect.deleteProperty(globalThis, Symbol.for("@sortition/eppo 0")); // the previous instance
    const warnings: string[] = [];
    const warn = (message: string): void => void warnings.push(message);
    const start = OURS.sdk.init({
      apiKey: "key",
      baseUrl: `${server.url}/api`,
      assignmentLogger: { logAssignment() {} },
      diagnostics: { debug() {}, info() {}, warn, error: warn },
    });
    const client = OURS.sdk.getInstance();
    for (let i = 0; i < 3; i++) client.getStringAssignment("test-checkout", "user-1", {}, "x");
    expect(warnings).toEqual([
      'flag "test-checkout" evaluated before ready: default returned; await init(…) before the first call',
    ]);
    await (await start).close();
  });
});

describe("close", () => {
  it("delivers logged and tracked events, and closes loggers that the client owns", async () => {
    const collector = await startCollector();
    const host = Buffer.from(`eh=${collector.url}`).toString("base64");
    const seen: string[] = [];
    const logger = {
      owned: true,
      logAssignment: () => void seen.push("assigned"),
      logBanditAction: () => void seen.push("chosen"),
      flush: async () => void seen.push("flushed"),
      close: () => void seen.push("closed"),
    };
    const { client } = await openShop(OURS, server, {
      apiKey: `shoes.${host}`,
      eventTracking: { enabled: true },
      assignmentLogger: logger,
      banditLogger: logger,
    });
    client.getStringAssignment("test-checkout", "user-1", {}, "x");
    client.track("bought", {});
    expect(await client.flush({ timeoutMs: 20_000 })).toMatchObject({ pending: 0 });
    expect(collector.requests).toHaveLength(1);
    client.track("left", {});
    await client.close({ timeoutMs: 20_000 });
    expect(collector.requests).toHaveLength(2);
    expect(seen).toEqual(["assigned", "flushed", "flushed", "closed"]);
    expect(client.getStringAssignment("test-checkout", "user-1", {}, "x")).toBe("fast_checkout");
    await collector.close();
  });

  it("delivers and closes through the bandit logger even if the other one's methods throw", async () => {
    const seen: string[] = [];
    const fail = (): never => {
      throw new Error("broken");
    };
    const { client } = await openShop(OURS, server, {
      assignmentLogger: Object.assign(
        { logAssignment() {} },
        { owned: true, flush: fail, close: fail },
      ),
      banditLogger: Object.assign(
        { logBanditAction() {} },
        {
          owned: true,
          flush: async () => void seen.push("flushed"),
          close: async () => void seen.push("closed"),
        },
      ),
    });
    await client.close({ timeoutMs: 20_000 });
    expect(seen).toEqual(["flushed", "closed"]);
  });
});
