import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  clearCache,
  type FeatureDefinition,
  GrowthBook,
  GrowthBookClient,
  InMemoryStickyBucketService,
  type Options,
  setPolyfills,
  type UserContext,
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

describe("features that are a whole payload", () => {
  const feature = { defaultValue: true };
  it.each([
    { features: { status: 200, features: { a: feature }, dateUpdated: "now" }, isReported: true },
    { features: { features: feature }, isReported: false },
    { features: { features: {} }, isReported: false },
    { features: { a: feature }, isReported: false },
    { features: {}, isReported: false },
  ])("are reported: $features", ({ features, isReported }) => {
    gbOf({ features } as never);
    const text = 'features is a whole payload: pass its member "features"';
    expect(told.flat().includes(text)).toBe(isReported);
  });
});

describe("a feature that does not exist", () => {
  const nearest = [
    'no such feature "chekout", did you mean "checkout"?',
    { cause: "unknown feature", feature: "chekout", nearest: "checkout" },
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
      'no such feature "bannr", did you mean "banner"?',
    ]);
  });

  it("is reported once for all instances", () => {
    const diagnostics = receiver();
    for (let i = 0; i < 5; i++) gbOf({ diagnostics }).isOn("chekout");
    expect(told).toHaveLength(1);
  });

  it("is reported with the number of features if there is no similar key", () => {
    gbOf().isOn("something-else-entirely");
    gbOf({ features: { only: {} } }).isOn("something-else-entirely");
    expect(told.map(([message]) => message)).toEqual([
      'no such feature "something-else-entirely": fallback returned; the payload has 3 features, is it for the right environment?',
      'no such feature "something-else-entirely": fallback returned; the payload has 1 feature, is it for the right environment?',
    ]);
  });

  it("is distinguished from a feature that is null in the payload", () => {
    const features = JSON.parse('{"checkout":null,"banner":{}}');
    gbOf({ features }).isOn("checkout");
    expect(told.map(([message]) => message)).toEqual([
      'feature "checkout" is empty in the payload: fallback returned; is the payload complete?',
    ]);
  });

  it("is reported for up to a hundred keys", () => {
    const gb = gbOf();
    for (let i = 0; i < 300; i++) gb.isOn(`no-such-${i}`);
    expect(told).toHaveLength(100);
  });

  it("is not reported for forced values, null values and prerequisites", () => {
    const gb = gbOf({ features: { ...FEATURES, none: { defaultValue: null } } });
    gb.setForcedFeatures(new Map([["forced", 1]]));
    expect([gb.evalFeature("forced").value, gb.evalFeature("none").value]).toEqual([1, null]);
    expect(gb.evalFeature("asks-unknown").value).toBe(1);
    expect(clientOf().getFeatureValue("asks-unknown", 0, {})).toBe(1);
    expect(told).toEqual([]);
  });
});

describe("another mistake", () => {
  it.each([
    { key: "", text: "feature key is empty: fallback returned" },
    { key: undefined, text: "feature key is undefined: fallback returned" },
    { key: null, text: "feature key is null: fallback returned" },
    { key: 4711, text: "feature key is of type number, not a string" },
    { key: Symbol("checkout"), text: "feature key is of type symbol, not a string" },
    { key: { key: "checkout" }, text: "feature key is of type object, not a string" },
    { key: Promise.resolve("checkout"), text: "feature key is a promise: await it" },
  ])("is reported once: $text", ({ key, text }) => {
    const gb = gbOf();
    for (let i = 0; i < 2; i++) gb.isOn(key as string);
    expect(told.map(([message]) => message)).toEqual([expect.stringContaining(text)]);
    expect(told[0]?.[1]).toEqual({ cause: "invalid feature key" });
  });

  it("is reported per feature if it is evaluated before the payload is loaded", () => {
    const gb = new GrowthBook({ clientKey: "sdk-1", diagnostics: receiver() });
    const client = new GrowthBookClient({ clientKey: "sdk-1", diagnostics: receiver() });
    for (let i = 0; i < 2; i++) {
      gb.isOn("checkout");
      client.isOn("checkout", { attributes: { id: "u" } });
    }
    gb.isOn("banner");
    const before = (feature: string, name: string) => [
      `feature "${feature}" evaluated before features were loaded: fallback returned; await ${name}.init() first`,
      { cause: "evaluated before ready", feature },
    ];
    expect(told).toEqual([
      before("checkout", "gb"),
      before("checkout", "client"),
      before("banner", "gb"),
    ]);
  });

  it("is reported if init failed, so that there are no features", async () => {
    const gb = new GrowthBook({
      clientKey: "sdk-1",
      apiHost: "http://127.0.0.1:1",
      diagnostics: receiver(),
    });
    expect((await gb.init()).success).toBe(false);
    told.length = 0;
    gb.isOn("checkout");
    expect(told.map(([message]) => message)).toEqual([
      'no such feature "checkout": fallback returned; no features are loaded: see { success, error } of gb.init(), or pass the whole body { features } as payload',
    ]);
  });

  it("is reported if a destroyed client evaluates", () => {
    const client = clientOf();
    client.destroy();
    client.isOn("checkout", {});
    expect(told.map(([message]) => message)).toEqual([
      'feature "checkout" evaluated after client.destroy(): fallback returned; destroy it when nothing uses it any more',
    ]);
  });

  it.each([
    { attributes: "DK", text: "attributes are a string, which no condition can use" },
    { attributes: 5, text: "attributes are a number, which no condition can use" },
    { attributes: Promise.resolve({ id: "u" }), text: "attributes are a promise: await it" },
  ])("is reported once: $text", async ({ attributes, text }) => {
    const given = attributes as unknown as Record<string, unknown>;
    const gb = gbOf({ attributes: given });
    await gb.setAttributes(given);
    expect(gb.isOn("checkout")).toBe(true);
    expect(told.map(([message]) => message)).toEqual([expect.stringContaining(text)]);
  });

  it("is reported if a client receives a string as attributes, or attributes as the user context", () => {
    const client = clientOf();
    for (let i = 0; i < 2; i++) {
      client.isOn("checkout", { attributes: "DK" } as unknown as UserContext);
      client.isOn("checkout", { id: "alice", country: "DK" } as UserContext);
      client.isOn("checkout", { url: "https://shop.example/" });
      client.isOn("checkout", {});
    }
    expect(told.map(([message]) => message)).toEqual([
      "attributes are a string, which no condition can use: pass an object such as { id: user.id }",
      "the user context has an id, but no attributes: pass { attributes: { id: … } }",
    ]);
  });

  it.each([
    { user: undefined, what: "undefined" },
    { user: null, what: "null" },
    { user: "alice", what: "of type string" },
  ])("is reported once: a user context that is $what", ({ user, what }) => {
    const client = clientOf();
    const given = user as unknown as UserContext;
    for (let i = 0; i < 2; i++) {
      expect(client.isOn("checkout", given)).toBe(true);
      expect(client.getFeatureValue("banner", "", given)).toBe("hello");
      const experiment = { key: "exp", variations: [0, 1] as [number, number] };
      expect(client.runInlineExperiment(experiment, given).inExperiment).toBe(false);
    }
    expect(told).toEqual([
      [
        `the user context is ${what}: pass { attributes: { id: … } }`,
        { cause: "invalid user context" },
      ],
    ]);
  });

  it.each([
    { values: { checkout: false }, what: "an object" },
    { values: [["checkout", false]], what: "an array" },
    { values: "checkout", what: "a string" },
  ])("is reported once: forced features that are $what", ({ values, what }) => {
    const given = values as unknown as Map<string, unknown>;
    const client = clientOf();
    for (let i = 0; i < 2; i++) {
      expect(client.isOn("checkout", { forcedFeatureValues: given })).toBe(true);
    }
    const gb = gbOf({ forcedFeatureValues: given });
    gb.setForcedFeatures(given);
    expect(gb.isOn("checkout")).toBe(true);
    const told1 = `forced features are ${what}: pass a Map such as new Map([["checkout", true]])`;
    // Reported twice, because there are two receivers.
    expect(told).toEqual([
      [told1, { cause: "invalid forced features" }],
      [told1, { cause: "invalid forced features" }],
    ]);
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

  it("is written to stderr without a receiver", () => {
    const written = vi.spyOn(console, "warn").mockImplementation(ignore);
    new GrowthBook({ features: FEATURES }).isOn("chekout-of-console");
    new GrowthBook({ features: FEATURES }).isOn("chekout-of-console");
    expect(written.mock.calls.map(([message]) => message)).toEqual([
      expect.stringMatching(/^sortition: no such feature "chekout-of-console": fallback returned/),
    ]);
    written.mockRestore();
  });
});

describe.each(BOTH)("a mistake with $name", ({ sdk }) => {
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
    expect(JSON.stringify(gb)).not.toMatch(/sdk-secret|password|alice/);
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
      fetch: failing("ECONNREFUSED"),
      text: "no configuration from https://cdn.growthbook.io (ECONNREFUSED): is the network up?",
    },
    {
      options: {},
      fetch: failing("CERT_HAS_EXPIRED"),
      text: "no configuration from https://cdn.growthbook.io (CERT_HAS_EXPIRED): is the clock of this machine right?",
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
    { options: {}, fetch: answering(503), text: "https://cdn.growthbook.io answered 503" },
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

describe("a hashed attribute that the user does not have", () => {
  const SPLIT: Record<string, FeatureDefinition> = {
    checkout: { defaultValue: "d", rules: [{ key: "exp-1", variations: ["a", "b"] }] },
    rollout: { defaultValue: 0, rules: [{ force: 1, coverage: 1, hashAttribute: "company" }] },
    filtered: {
      defaultValue: 0,
      rules: [{ force: 1, filters: [{ seed: "s", hashVersion: 2, ranges: [[0, 1]] }] }],
    },
  };
  const missing = (owner: string, attribute: string, names: string) =>
    `${owner} is split by the attribute "${attribute}", but the user does not have it: no variation is assigned; pass it in the attributes (the user has ${names}), or split by another attribute`;
  const userId = { userId: "u1", plan: "pro" };

  it("is reported once per feature of an instance", () => {
    const gb = gbOf({ features: SPLIT, attributes: userId });
    for (let i = 0; i < 2; i++) {
      for (const key of Object.keys(SPLIT)) expect(gb.evalFeature(key).source).toBe("defaultValue");
    }
    expect(told).toEqual([
      [
        missing('feature "checkout"', "id", "userId, plan"),
        { cause: "missing hash attribute", feature: "checkout", attribute: "id" },
      ],
      [
        missing('feature "rollout"', "company", "userId, plan"),
        { cause: "missing hash attribute", feature: "rollout", attribute: "company" },
      ],
      [
        missing('feature "filtered"', "id", "userId, plan"),
        { cause: "missing hash attribute", feature: "filtered", attribute: "id" },
      ],
    ]);
  });

  it("is reported for an inline experiment of a client and of its scoped instances", () => {
    const client = new GrowthBookClient({ diagnostics: receiver() });
    client.initSync({ payload: { features: SPLIT } });
    const user = { attributes: userId };
    client.runInlineExperiment({ key: "inline", variations: [0, 1] }, user);
    client.isOn("checkout", user);
    client.createScopedInstance({ ...user }).isOn("checkout");
    expect(told.map(([message]) => message)).toEqual([
      missing('experiment "inline"', "id", "userId, plan"),
      missing('feature "checkout"', "id", "userId, plan"),
    ]);
  });

  it("only causes a warning, whatever the attributes are", () => {
    const gb = gbOf({ features: SPLIT, attributes: 0 as never });
    expect(gb.evalFeature("checkout").source).toBe("defaultValue");
    const hostile = new Proxy(
      { plan: "pro" },
      {
        has: () =>
          (() => {
            throw new Error("no");
          })(),
      },
    );
    expect(gbOf({ features: SPLIT, attributes: hostile }).evalFeature("checkout").source).toBe(
      "defaultValue",
    );
  });

  it("is reported with the names of a few attributes, but none of their values", () => {
    const many = Object.fromEntries([..."abcdefgh"].map((name) => [name, `secret ${name}`]));
    gbOf({ features: SPLIT, attributes: many }).isOn("checkout");
    expect(told[0]?.[0]).toContain("(the user has a, b, c, d, e, …)");
    expect(JSON.stringify(told)).not.toContain("secret");
  });

  it.each([{}, { id: "" }, { id: null, plan: "pro" }, { id: undefined, plan: "pro" }])(
    "is not reported for %j, which is an anonymous user",
    (attributes) => {
      gbOf({ features: SPLIT, attributes }).isOn("checkout");
      expect(told).toEqual([]);
    },
  );

  it("is not reported if an override or the fallback has a value", () => {
    const stickyBucketAssignmentDocs = {};
    const fallback = { variations: ["a", "b"], fallbackAttribute: "userId" };
    gbOf({
      features: { checkout: { rules: [fallback] } },
      attributes: userId,
      stickyBucketAssignmentDocs,
      stickyBucketService: new InMemoryStickyBucketService(),
    }).isOn("checkout");
    gbOf({ features: SPLIT, attributes: userId, attributeOverrides: { id: "u" } }).isOn("checkout");
    expect(told).toEqual([]);
  });
});
