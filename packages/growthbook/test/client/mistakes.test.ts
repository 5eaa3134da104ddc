import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  clearCache,
  type FeatureDefinition,
  GrowthBook,
  GrowthBookClient,
  type Options,
  setPolyfills,
} from "../../src/index.js";
import { BOTH } from "./sdks.js";

const told: [message: string, facts: unknown][] = [];
const ignore = (): void => {};
const warn = (message: string, facts?: unknown): void => void told.push([message, facts]);

beforeEach(() => {
  told.length = 0;
});
afterEach(() => clearCache());

/** A new receiver for each test, because each mistake is reported once per receiver. */
const receiver = () => ({ debug: ignore, info: ignore, error: ignore, warn });

const FEATURES: Record<string, FeatureDefinition> = {
  checkout: { defaultValue: true },
  banner: { defaultValue: "hello" },
  "asks-unknown": {
    defaultValue: 1,
    rules: [{ parentConditions: [{ id: "gone", condition: { value: true } }], force: 2 }],
  },
};

const gbOf = (options: Options = {}): GrowthBook =>
  new GrowthBook({ features: FEATURES, diagnostics: receiver(), ...options });
const clientOf = (): GrowthBookClient =>
  new GrowthBookClient({ diagnostics: receiver() }).initSync({ payload: { features: FEATURES } });

describe("an option that the vendor's class accepts", () => {
  it.each([
    [{ clientKey: "secret_user_abc" }, "clientKey is a secret key: use the client key, sdk-…"],
    [{ apiHost: "" }, "apiHost is blank, so its default is used: is the environment variable"],
    [{ streamingHost: " " }, "streamingHost is blank, so its default is used"],
  ])("is reported once if it is a mistake: %j", (options, message) => {
    const diagnostics = receiver();
    for (let i = 0; i < 2; i++) new GrowthBook({ features: FEATURES, diagnostics, ...options });
    expect(told).toEqual([[expect.stringContaining(message), undefined]]);
    expect(JSON.stringify(told)).not.toContain("user_abc");
  });
});

describe("a feature that does not exist", () => {
  const nearest = [
    'no such flag "chekout", did you mean "checkout"?',
    { cause: "unknown flag", flagKey: "chekout", nearest: "checkout" },
  ];

  it("is reported once with the nearest key, for all getters", () => {
    const gb = gbOf();
    expect(gb.isOn("chekout")).toBe(false);
    expect(gb.isOff("chekout")).toBe(true);
    expect(gb.getFeatureValue("chekout", 5)).toBe(5);
    expect(gb.evalFeature("chekout").source).toBe("unknownFeature");
    expect(told).toEqual([nearest]);
  });

  it("is reported by a client and its scoped instances, with and without observers", () => {
    const client = clientOf();
    expect(client.isOn("chekout", {})).toBe(false);
    client.createScopedInstance({ attributes: { id: "u" } }).getFeatureValue("chekout", 1);
    client.setFeatureUsageCallback(ignore);
    client.evalFeature("chekout", {});
    client.isOff("bannr", {});
    expect(told.map(([message]) => message)).toEqual([
      nearest[0],
      'no such flag "bannr", did you mean "banner"?',
    ]);
  });

  it("is not reported for forced values, null values, features that are null, and prerequisites", () => {
    const features = { ...FEATURES, none: { defaultValue: null }, empty: null as never };
    const gb = gbOf({ features });
    gb.isOn("empty");
    gb.setForcedFeatures(new Map([["forced", 1]]));
    expect([gb.evalFeature("forced").value, gb.evalFeature("none").value]).toEqual([1, null]);
    expect(gb.evalFeature("asks-unknown").value).toBe(1);
    expect(clientOf().getFeatureValue("asks-unknown", 0, {})).toBe(1);
    expect(told).toEqual([]);
  });

  it("is not reported without a payload, or after destroy", () => {
    const unloaded = { clientKey: "sdk-1", diagnostics: receiver() };
    new GrowthBook(unloaded).isOn("chekout");
    new GrowthBookClient(unloaded).isOn("chekout", {});
    const client = clientOf();
    client.destroy();
    client.isOn("chekout", {});
    expect(told).toEqual([]);
  });

  it("does not break evaluations if the receiver throws or evaluates", () => {
    const gb = gbOf({
      diagnostics: {
        ...receiver(),
        warn: () => {
          gb.isOn("other");
          throw new Error("broken");
        },
      },
    });
    expect(gb.getFeatureValue("chekout", 1)).toBe(1);
  });
});

describe("forced features", () => {
  it.each([{ checkout: false }, [["checkout", false]], "checkout"])(
    "that are no map are not used, which is reported once: %j",
    (values) => {
      const forcedFeatureValues = values as unknown as Map<string, unknown>;
      const client = clientOf();
      for (let i = 0; i < 2; i++) {
        expect(client.isOn("checkout", { forcedFeatureValues })).toBe(true);
      }
      expect(told).toEqual([
        [
          'forced features are not a Map, so none are used: pass new Map([["checkout", true]])',
          undefined,
        ],
      ]);
    },
  );
});

describe.each(BOTH)("a key that is no feature with $name", ({ sdk }) => {
  it("has the same results and callbacks", () => {
    const seen: unknown[] = [];
    const gb = new sdk.GrowthBook({
      features: FEATURES,
      attributes: "DK" as unknown as Record<string, unknown>,
      onFeatureUsage: (key, result) => void seen.push([String(key), result]),
    });
    for (const key of ["chekout", "", undefined, null, 7, Symbol("s"), {}]) {
      seen.push(gb.evalFeature(key as string));
    }
    const unknown = { value: null, on: false, off: true, source: "unknownFeature", ruleId: "" };
    expect(seen).toHaveLength(14);
    for (const it of seen) expect(Array.isArray(it) ? it[1] : it).toEqual(unknown);
  });
});

describe("console.log", () => {
  it("shows state, features, age and host of a GrowthBook, but no key", async () => {
    const gb = new GrowthBook({
      clientKey: "sdk-secret",
      decryptionKey: "key-secret",
      apiHost: "https://user:password@api.example:8443/path",
      attributes: { id: "alice" },
      diagnostics: receiver(),
    });
    expect(inspect(gb)).toBe(
      "GrowthBook {\n  state: 'not initialized',\n  features: 0,\n  ageMs: null,\n  apiHost: 'api.example:8443'\n}",
    );
    await gb.setPayload({ features: FEATURES });
    const text = inspect(gb, { breakLength: 200 });
    expect(text).toMatch(
      /^GrowthBook \{ state: 'ready', features: 3, ageMs: \d+, apiHost: 'api.example:8443' \}$/,
    );
    expect(JSON.stringify(gb)).not.toMatch(/secret|password|alice/);
    gb.destroy();
    expect(inspect(gb)).toContain("state: 'destroyed'");
  });

  it("shows a client that is loading, and one that received no payload", async () => {
    const client = new GrowthBookClient({
      clientKey: "sdk-secret",
      apiHost: "http://127.0.0.1:1",
      diagnostics: receiver(),
    });
    const ended = client.init();
    expect(inspect(client, { breakLength: 200 })).toBe(
      "GrowthBookClient { state: 'loading', features: 0, ageMs: null, apiHost: '127.0.0.1:1' }",
    );
    await ended;
    expect(inspect(client)).toContain("state: 'without features'");
    expect(JSON.stringify(client)).not.toContain("sdk-secret");
    client.destroy();
  });

  it("adds no visible member, and does not affect prototypes and proxies", () => {
    const gb = gbOf();
    for (const it of [gb, GrowthBook.prototype, GrowthBookClient.prototype]) {
      expect(Object.keys(it)).not.toContain("Symbol(nodejs.util.inspect.custom)");
      expect(Object.getOwnPropertySymbols({ ...it })).toEqual([]);
    }
    expect(inspect(GrowthBook.prototype)).toBe("{}");
    expect(inspect(new Proxy(gb, {}))).toMatch(/^GrowthBook/);
    expect(inspect(Object.create(gb))).toMatch(/^GrowthBook/);
  });
});

describe("the debug log of a payload that cannot be fetched", () => {
  it.each(["http://127.0.0.1:1", "no address"])(
    "does not contain the client key, with %s",
    async (apiHost) => {
      const lines: unknown[] = [];
      const gb = new GrowthBook({
        clientKey: "sdk-secret-of-mine",
        apiHost,
        debug: true,
        log: (...line) => void lines.push(line),
        diagnostics: receiver(),
      });
      await gb.init();
      expect(lines).toMatchObject([
        ["Error fetching features", { apiHost, clientKey: "sdk-…", error: expect.any(String) }],
      ]);
      expect(JSON.stringify([lines, told])).not.toContain("secret");
      gb.destroy();
    },
  );
});

describe("a payload that cannot be fetched", () => {
  const failing = (code: string) => async (): Promise<never> => {
    const cause = Object.assign(new Error("of the system"), { code });
    throw new TypeError("fetch failed", { cause });
  };
  const answering = (status: number) => async () => new Response("", { status });
  afterEach(() => setPolyfills({ fetch: undefined }));

  it.each([
    {
      options: { apiHost: "https://flags.invalid/eu?key=secret" },
      fetch: failing("ENOTFOUND"),
      text: "no configuration from https://flags.invalid (ENOTFOUND): is apiHost right?",
    },
    {
      options: {},
      fetch: answering(404),
      text: "https://cdn.growthbook.io answered 404: are clientKey and apiHost right?",
    },
    {
      options: { apiHost: "https://flags.example/api/features" },
      fetch: answering(404),
      text: "https://flags.example answered 404: apiHost has an extra path or lacks one",
    },
    {
      options: {},
      fetch: async () => new Response("<html>"),
      text: "no configuration from https://cdn.growthbook.io: the answer is not JSON: does a proxy answer?",
    },
  ])("is reported once: $text", async ({ fetch, options, text }) => {
    setPolyfills({ fetch });
    const lines: unknown[] = [];
    const gb = new GrowthBook({
      ...{ ...options, clientKey: "sdk-secret-of-mine", diagnostics: receiver() },
      ...{ debug: true, log: (_: string, facts: object) => void lines.push(facts) },
    });
    const { error, success } = await gb.init();
    await gb.refreshFeatures();
    gb.destroy();
    // The caller receives the vendor's error.
    expect([success, error?.message]).toEqual([false, expect.not.stringContaining("https:")]);
    expect(told.map(([message]) => message)).toEqual([expect.stringContaining(text)]);
    expect(lines[0]).toMatchObject({ error: expect.stringContaining(text) });
    expect(JSON.stringify(told)).not.toContain("secret");
  });

  it.each(["https://user:pass@flags.invalid/eu?key=1", "https://user:a pass@flags.invalid"])(
    "is logged without the password of %s",
    async (apiHost) => {
      const lines: unknown[] = [];
      const gb = new GrowthBook({
        ...{ apiHost, clientKey: "sdk-secret-of-mine", diagnostics: receiver(), debug: true },
        log: (...line) => void lines.push(line),
      });
      await gb.init();
      gb.destroy();
      expect(told.map(([message]) => message)).toEqual([
        expect.stringMatching(/credentials: https:\/\/flags.invalid: is apiHost right/),
      ]);
      expect(JSON.stringify(lines)).toContain("flags.invalid");
      expect(JSON.stringify([told, lines])).not.toMatch(/user|pass/);
    },
  );

  it("is not reported if no instance is waiting for the request", async () => {
    const fetch = vi.fn(() => new Promise(() => {}));
    setPolyfills({ fetch });
    const gb = new GrowthBook({ clientKey: "sdk-1", diagnostics: receiver() });
    const ready = gb.init();
    await vi.waitFor(() => expect(fetch).toHaveBeenCalledOnce());
    gb.destroy({ destroyAllStreams: true });
    await ready;
    await clearCache();
    expect(told).toEqual([]);
  });
});
