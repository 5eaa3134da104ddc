import { startCollector, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type {
  AssignmentCacheEntry,
  IAssignmentEvent,
  ISyncStore,
  TrackedEvent,
  Variation,
} from "../../src/index.js";
import { OURS, VENDOR } from "../sdks.js";
import { openShop, withBoth as playWithBoth, type Shop, startServer } from "./shop.js";

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

async function withBoth(
  happens: Parameters<typeof playWithBoth>[1],
  config?: Parameters<typeof openShop>[2],
): Promise<void> {
  await playWithBoth(server, happens, config);
}

const checkout = ({ client }: Shop, user = "user-1"): string =>
  client.getStringAssignment("test-checkout", user, {}, "standard");

class Store implements ISyncStore<Variation> {
  #entries: Record<string, Variation> = {};
  get(key: string): Variation | null {
    return this.#entries[key] ?? null;
  }
  entries(): Record<string, Variation> {
    return this.#entries;
  }
  getKeys(): string[] {
    return Object.keys(this.#entries);
  }
  isInitialized(): boolean {
    return true;
  }
  setEntries(entries: Record<string, Variation>): void {
    this.#entries = entries;
  }
}

describe("a copy with overrides", () => {
  const OVERRIDES = { "column-count": { key: "nine", value: 9 } };

  it("loses its overrides with unsetOverrideStore and setOverrideStore", () =>
    withBoth(({ client }) => {
      const columns = (it: typeof client): number =>
        it.getIntegerAssignment("column-count", "user-1", {}, 2);
      const [unset, other] = [client.withOverrides(OVERRIDES), client.withOverrides(OVERRIDES)];
      const results: unknown[] = [columns(unset), unset.getOverrideVariationKeys()];
      unset.unsetOverrideStore();
      results.push(columns(unset), unset.getOverrideVariationKeys());
      const store = new Store();
      store.setEntries({ "test-checkout": { key: "forced", value: "forced value" } });
      other.setOverrideStore(store);
      results.push(columns(other), other.getOverrideVariationKeys());
      const further = other.withOverrides({ "column-count": { key: "five", value: 5 } });
      return [...results, columns(further), further.getOverrideVariationKeys(), columns(client)];
    }));

  it("shares events that wait for a logger", () =>
    withBoth(
      (shop) => {
        const copy = shop.client.withOverrides(OVERRIDES);
        checkout(shop, "original");
        checkout({ ...shop, client: copy }, "copy");
        const [own, original]: [string[], string[]] = [[], []];
        copy.setAssignmentLogger({ logAssignment: ({ subject }) => void own.push(subject) });
        checkout(shop, "original again");
        shop.client.setAssignmentLogger({
          logAssignment: ({ subject }) => void original.push(subject),
        });
        return { own, original };
      },
      { assignmentLogger: undefined as never },
    ));
});

describe("without loggers", () => {
  const NONE = {
    apiKey: "shoes",
    assignmentLogger: undefined as never,
    banditLogger: undefined as never,
  };
  const offer = (client: Shop["client"], user: string): unknown =>
    client.getBanditAction("shoe-offer", user, {}, ["nike", "adidas"], "x").action;

  it.each(["original", "copy"] as const)(
    "events wait in order, whichever client causes them, until the %s gets loggers",
    (first) =>
      withBoth(({ client }) => {
        const copy = client.withOverrides({ other: { key: "k", value: "v" } });
        const heard: string[] = [];
        const other = client.withOverrides({ other: { key: "k", value: "v" } });
        other.setBanditLogger({
          logBanditAction: ({ subject }) => void heard.push(`by ${subject}`),
        });
        for (const [it, user] of [
          [client, "user-1"] as const,
          [copy, "user-2"] as const,
          [other, "user-3"] as const,
          [client, "user-4"] as const,
        ]) {
          offer(it, user);
        }
        const one = first === "copy" ? copy : client;
        one.setAssignmentLogger({ logAssignment: ({ subject }) => void heard.push(subject) });
        one.setBanditLogger({ logBanditAction: ({ subject }) => void heard.push(`of ${subject}`) });
        return heard;
      }, NONE),
  );

  it("the user's cache is notified of waiting events", () =>
    withBoth(({ client }) => {
      const calls: unknown[] = [];
      const cacheOf = (name: string) => ({
        has: (entry: AssignmentCacheEntry) => calls.push([name, "has", entry]) < 0,
        set: (entry: AssignmentCacheEntry) => void calls.push([name, "set", entry]),
      });
      client.useCustomAssignmentCache(cacheOf("assignments"));
      client.useCustomBanditAssignmentCache(cacheOf("choices"));
      offer(client, "user-1");
      const heard: string[] = [];
      client.setAssignmentLogger({ logAssignment: ({ subject }) => void heard.push(subject) });
      client.setBanditLogger({ logBanditAction: ({ subject }) => void heard.push(subject) });
      return { calls, heard };
    }, NONE));
});

describe("an entry of a container", () => {
  const VARIATIONS = [
    ...["control", "treatment-1", "treatment-2", "treatment-3", "treatment-0", "treatment-00"],
    ...["treatment--1", "treatment-", "treatment-x", "treatment-2-b", "treatment-1.9", "other", ""],
    ...["treatment-0x2", "treatment- 2", "treatment-1e3", "Treatment-1"],
  ];

  it.each(VARIATIONS)("equals the vendor's for %o", (value) =>
    withBoth(({ client }) => {
      const store = new Store();
      store.setEntries({ shown: { key: "it", value } });
      client.setOverrideStore(store);
      return [["a", "b"], []].map((treatmentVariationEntries) => {
        const entries = { flagKey: "shown", controlVariationEntry: "c", treatmentVariationEntries };
        const entry = client.getExperimentContainerEntry<string | undefined>(entries, "user-1", {});
        return entry ?? "none";
      });
    }),
  );
});

describe("the user's cache", () => {
  class Cache {
    readonly calls: unknown[] = [];
    readonly #known = new Set<string>();
    has(entry: AssignmentCacheEntry): boolean {
      this.calls.push(["has", entry]);
      return this.#known.has(JSON.stringify(entry));
    }
    set(entry: AssignmentCacheEntry): void {
      this.calls.push(["set", entry]);
      this.#known.add(JSON.stringify(entry));
    }
  }

  it("is not notified of an event that failed", () =>
    withBoth((shop) => {
      const cache = new Cache();
      shop.client.useCustomAssignmentCache(cache);
      let count = 0;
      shop.client.setAssignmentLogger({
        logAssignment() {
          count += 1;
          if (count < 3) throw new Error("full");
        },
      });
      for (let i = 0; i < 5; i++) checkout(shop);
      return { count, calls: cache.calls };
    }));
});

describe("events without a logger", () => {
  it("wait, up to 100 of each kind", () =>
    withBoth(
      ({ client }) => {
        for (let i = 0; i < 150; i++) {
          client.getBanditAction("shoe-offer", `user-${i}`, {}, ["nike", "adidas"], "x");
        }
        const assignments: IAssignmentEvent[] = [];
        const choices: object[] = [];
        client.setAssignmentLogger({ logAssignment: (event) => void assignments.push(event) });
        client.setBanditLogger({ logBanditAction: (event) => void choices.push(event) });
        expect(assignments).toHaveLength(100);
        return { assignments, choices };
      },
      // As passed by JavaScript callers.
      { apiKey: "shoes", assignmentLogger: undefined as never, banditLogger: undefined as never },
    ));
});

describe.each([null, undefined, false])("%s instead of a logger", (none) => {
  it("drops the waiting events, while later ones wait", () =>
    withBoth(
      (shop) => {
        const { client } = shop;
        const offer = (user: string): string | null =>
          client.getBanditAction("shoe-offer", user, {}, ["nike", "adidas"], "x").action;
        const heard: string[] = [];
        offer("user-1");
        client.setAssignmentLogger(none as never);
        offer("user-2");
        client.setBanditLogger(none as never);
        offer("user-3");
        client.setAssignmentLogger({ logAssignment: ({ subject }) => void heard.push(subject) });
        client.setBanditLogger({
          logBanditAction: ({ subject }) => void heard.push(`choice of ${subject}`),
        });
        client.setAssignmentLogger(none as never);
        offer("user-4");
        client.setAssignmentLogger({ logAssignment: ({ subject }) => void heard.push(subject) });
        return heard;
      },
      // As passed by JavaScript callers.
      { apiKey: "shoes", assignmentLogger: undefined as never, banditLogger: undefined as never },
    ));

  it("is shared with copies, so that waiting events are dropped for all", () =>
    withBoth(
      (shop) => {
        const { client } = shop;
        const heard: string[] = [];
        checkout(shop);
        const copy = client.withOverrides({ other: { key: "k", value: "v" } });
        copy.setAssignmentLogger(none as never);
        client.setAssignmentLogger({ logAssignment: ({ subject }) => void heard.push(subject) });
        checkout({ ...shop, client: copy }, "user-2");
        checkout(shop, "user-3");
        return heard;
      },
      { assignmentLogger: undefined as never },
    ));
});

describe("a logger", () => {
  it("may modify its events", () =>
    withBoth((shop) => {
      shop.client.setAssignmentLogger({
        logAssignment(event) {
          event["added"] = true;
          event.metaData = { ...event.metaData, own: 1 };
          event.evaluationDetails = null;
          shop.assignments.push(event);
        },
      });
      checkout(shop);
    }));
});

describe("the configuration", () => {
  it("returns the vendor's record of an evaluation", () =>
    withBoth(({ client }) => {
      const attributes = { country: "NL", browser_type: "Chrome" };
      const results = client
        .getFlagKeys()
        .flatMap((key) => [
          client.getAssignmentDetail(key, "user-1", attributes),
          client.getAssignmentDetail(key, "user-1"),
          client.getAssignmentDetail(key, "user-1", attributes, "INTEGER"),
        ]);
      const thrown = ["", "user-1"].map((subject) => {
        try {
          return client.getAssignmentDetail(subject && "", subject);
        } catch (error) {
          return (error as Error).message;
        }
      });
      return { results, thrown };
    }));

  it("returns records for keys and types of untyped callers", () =>
    withBoth(({ client }) => {
      const ask = client.getAssignmentDetail.bind(client) as (...given: unknown[]) => unknown;
      return [ask("test-checkout", 0), ask(false, "user-1"), ask("test-checkout", "user-1", {}, 5)];
    }));

  it("can be precomputed for a browser", () =>
    withBoth(
      ({ client }) => {
        const actions = { "shoe-offer": ["nike", "adidas"] };
        const salted = client.getPrecomputedConfiguration("user-1", { age: 30 }, actions, "salt");
        const wire = JSON.parse(salted) as {
          precomputed: { response: string; fetchedAt?: string };
        };
        const { createdAt: _, ...response } = JSON.parse(wire.precomputed.response) as {
          createdAt: string;
        };
        const random = JSON.parse(client.getPrecomputedConfiguration("user-1")) as typeof wire;
        const { salt } = JSON.parse(random.precomputed.response) as { salt: string };
        return {
          ...wire,
          precomputed: { ...wire.precomputed, response, fetchedAt: "" },
          hasSalt: salt.length > 5,
        };
      },
      { apiKey: "shoes" },
    ));

  it.each([[{ name: "Test", id: 3, tags: ["a"] }], [{ id: 3 }], ["Test"], [null], [undefined]])(
    "is precomputed with the server's environment: %j",
    async (environment) => {
      const body = JSON.stringify({ format: "SERVER", environment, flags: {} });
      const other = await startTestServer({ kind: "answer", body });
      try {
        await withBoth(
          ({ client }) => {
            const wire = JSON.parse(client.getPrecomputedConfiguration("user-1")) as {
              precomputed: { response: string };
            };
            return (JSON.parse(wire.precomputed.response) as { environment: unknown }).environment;
          },
          { baseUrl: other.url },
        );
      } finally {
        await other.close();
      }
    },
  );
});

describe("events of the application", () => {
  it("are passed to the dispatcher that is set", () =>
    withBoth(({ client }, { sdk }) => {
      const seen: unknown[] = [];
      client.track("ignored", { a: 1 });
      client.setContext("ignored", 1);
      client.setEventDispatcher({
        dispatch: ({ type, payload, uuid, timestamp }: TrackedEvent) =>
          void seen.push({ type, payload, uuid: uuid.length, timestamp: typeof timestamp }),
        attachContext: (key, value) => void seen.push({ key, value }),
      });
      client.track("bought", { price: 3 });
      client.setContext("region", "eu");
      client.setContext("region", null);
      const logger = new sdk.EppoAssignmentLogger(client as never);
      const event = { subject: "alice", featureFlag: "f", experiment: "f-a", allocation: "a" };
      const members = { ...event, variation: "v", holdoutKey: "h", holdoutVariation: "w" };
      for (const entityId of [1, null, 0]) logger.logAssignment({ ...members, entityId } as never);
      return seen;
    }));

  it.each([null, undefined])("cannot be tracked without a dispatcher: %s", (none) =>
    withBoth(({ client }) => {
      client.setEventDispatcher(none as never);
      client.setContext("region", "eu");
      try {
        client.track("bought", {});
        return "tracked";
      } catch (error) {
        return (error as Error).name;
      }
    }),
  );

  it("are sent to the key's host with eventTracking", async () => {
    const bodies: unknown[] = [];
    for (const sdk of [VENDOR, OURS]) {
      const collector = await startCollector();
      const host = Buffer.from(`eh=${collector.url}`).toString("base64");
      const eventTracking = { enabled: true, deliveryIntervalMs: 20, retryIntervalMs: 10 };
      collector.answer({ kind: "status", status: 503 }, { first: 1 });
      const { client } = await openShop(sdk, server, { apiKey: `key.${host}`, eventTracking });
      client.setContext("region", "eu");
      client.track("bought", { price: 3 });
      client.track("left", {});
      expect(() => client.track("large", { text: "x".repeat(5_000) })).toThrow(/maximum allowed/);
      expect(() => client.setContext("object", {} as never)).toThrow(/must be a string/);
      expect(() => client.setContext("large", "x".repeat(3_000))).toThrow(/less than 2048/);
      await vi.waitFor(() => expect(collector.requests.length).toBe(2));
      const seen = collector.requests.map(({ body, headers, path }) => ({
        path,
        token: headers["x-eppo-token"]?.slice(0, 4),
        type: headers["content-type"],
        body: withoutIds(body),
      }));
      bodies.push(seen);
      await collector.close();
    }
    expect(bodies[1]).toEqual(bodies[0]);
  });
});

function withoutIds(body: unknown): unknown {
  const { eppo_events: events, context } = body as {
    readonly eppo_events: readonly TrackedEvent[];
    readonly context: object;
  };
  return { context, events: events.map(({ type, payload }) => ({ type, payload })) };
}
