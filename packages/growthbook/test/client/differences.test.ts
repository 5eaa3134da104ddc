import { GrowthBook as Vendor } from "@growthbook/growthbook";
import type { ConfigurationOrigin } from "@sortition/core/internal";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { growthbook } from "../../src/dialect.js";
import {
  clearCache,
  type Experiment,
  type FeatureDefinition,
  GrowthBook,
  GrowthBookClient,
  type Options,
  type Result,
} from "../../src/index.js";
import { BOTH, type NamedSdk } from "./sdks.js";
import { CHANGED_SHOP, SHOP } from "./shop-payload.js";
import { ShopServer, until } from "./shop-server.js";

const told: [message: string, facts: unknown][] = [];
const write = (message: string, facts?: unknown): void => void told.push([message, facts]);
const diagnostics = { debug: write, info: write, warn: write, error: write };

beforeEach(() => {
  told.length = 0;
});
afterEach(() => clearCache());

/** A new receiver for each test, because each cause is reported once per receiver. */
const receiver = (): typeof diagnostics => ({ ...diagnostics });

describe("options", () => {
  it("cause one warning for all instances if they are unknown or have another type", () => {
    const given = { attributs: { id: "1" }, disableDevTools: true, antiFlicker: true };
    const ofOtherTypes = { enabled: "", trackingCallback: "log" };
    const own = { attributes: { id: "1" }, diagnostics: receiver() };
    const options = { ...given, ...ofOtherTypes, ...own } as unknown as Options;
    for (let i = 0; i < 3; i++) {
      const gb = new GrowthBook(options);
      expect(gb.run({ key: "e", variations: [0, 1] }).inExperiment).toBe(true);
    }
    expect(told).toEqual([
      ["attributs: unknown option, did you mean attributes?", { option: "attributs" }],
      ["option enabled: expected a boolean; its default is used", { option: "enabled" }],
      [
        "option trackingCallback: expected a function; its default is used",
        { option: "trackingCallback" },
      ],
    ]);
  });

  it("are also checked for clients", () => {
    const given = { diagnostics: receiver(), globalAtributes: {}, qaMode: "false" } as object;
    const client = new GrowthBookClient(given);
    const user = { attributes: { id: "1" } };
    const result = client.runInlineExperiment({ key: "e", variations: [0, 1] }, user);
    expect(result.inExperiment).toBe(true);
    expect(told).toEqual([
      [
        "globalAtributes: unknown option, did you mean globalAttributes?",
        { option: "globalAtributes" },
      ],
      ["option qaMode: expected a boolean; its default is used", { option: "qaMode" }],
    ]);
  });

  it("are not changed by setters", async () => {
    const options: Options = { attributes: { id: "1" }, forcedVariations: { a: 1 } };
    const before = structuredClone(options);
    const gb = new GrowthBook(options);
    await gb.setAttributes({ id: "2" });
    gb.forceVariation("b", 2);
    gb.setTrackingCallback(() => {});
    await gb.setPayload(SHOP);
    expect(options).toEqual(before);
  });
});

describe("an inline experiment", () => {
  it("causes no warning if its weights or coverage are corrected, as by the vendor", () => {
    const gb = new GrowthBook({ attributes: { id: "u1" }, diagnostics: receiver() });
    gb.run({ key: "e1", variations: [1, 2], weights: [0.5, 0.2] });
    gb.run({ key: "e2", variations: [1, 2], coverage: 3 });
    expect(told).toEqual([]);
  });
});

describe("a malformed feature", () => {
  const features = {
    broken: { defaultValue: true, rules: [{ force: 1 }, null] },
    list: { defaultValue: true, rules: 5 },
    good: { defaultValue: true },
  } as unknown as Record<string, FeatureDefinition>;
  (features["broken"]?.rules ?? []).reverse();

  it("is treated as unknown, and is reported once with its path", () => {
    const used: string[] = [];
    const options = { features, diagnostics: receiver() };
    for (let i = 0; i < 3; i++) {
      const gb = new GrowthBook({ ...options, onFeatureUsage: (key) => void used.push(key) });
      expect(gb.evalFeature("broken")).toEqual({
        value: null,
        on: false,
        off: true,
        source: "unknownFeature",
        ruleId: "",
      });
      expect([gb.getFeatureValue("list", "own"), gb.isOn("good")]).toEqual(["own", true]);
    }
    expect(told.map(([message, facts]) => [message, (facts as { path: string }).path])).toEqual([
      ["malformed feature", '$.features["broken"].rules[0]'],
      ["malformed feature", '$.features["list"].rules'],
    ]);
    expect(used.slice(0, 3)).toEqual(["broken", "list", "good"]);
  });

  it("does not affect a client's other features", () => {
    const client = new GrowthBookClient({ diagnostics: receiver() }).initSync({
      payload: { features },
    });
    expect([client.isOn("broken", {}), client.isOn("good", {})]).toEqual([false, true]);
  });
});

describe("features passed as an object", () => {
  it("are compiled once, so that only a new object has an effect", () => {
    const features: Record<string, FeatureDefinition> = { a: { defaultValue: 1 } };
    const gb = new GrowthBook({ features });
    expect(gb.getFeatureValue("a", 0)).toBe(1);
    features["a"] = { defaultValue: 2 };
    expect(gb.getFeatureValue("a", 0)).toBe(1);
    gb.setFeatures(gb.getFeatures());
    expect(gb.getFeatureValue("a", 0)).toBe(1);
    gb.setFeatures({ ...features });
    expect(gb.getFeatureValue("a", 0)).toBe(2);
  });

  it("are compiled for the first instance, and once more for all others", () => {
    let reads = 0;
    const features = {
      get a(): FeatureDefinition {
        reads += 1;
        return { defaultValue: 1 };
      },
    };
    const readsOf = [1, 2, 3, 4].map(() => {
      const gb = new GrowthBook({ features });
      for (let i = 0; i < 2; i++) expect(gb.getFeatureValue("a", 0)).toBe(1);
      gb.destroy();
      return reads;
    });
    expect(readsOf).toEqual([1, 2, 2, 2]);
  });

  it("may have any key", async () => {
    const payload = JSON.parse(
      '{"features":{"__proto__":{"defaultValue":1},"toString":{"defaultValue":2}}}',
    );
    const gb = new GrowthBook();
    await gb.setPayload(payload);
    expect([gb.getFeatureValue("__proto__", 0), gb.getFeatureValue("toString", 0)]).toEqual([1, 2]);
    expect(gb.evalFeature("constructor").source).toBe("unknownFeature");
    expect(({} as Record<string, unknown>)["defaultValue"]).toBeUndefined();
  });
});

describe("a callback", () => {
  it("may evaluate on the same instance", () => {
    const seen: unknown[] = [];
    const gb = new GrowthBook({
      attributes: { id: "u1" },
      features: {
        a: { rules: [{ key: "e1", variations: [1, 2], weights: [0, 1] }] },
        b: { rules: [{ parentConditions: [{ id: "a", condition: { value: 2 } }], force: 3 }] },
      },
      trackingCallback: ({ key }) => {
        seen.push([key, gb.evalFeature("b").value]);
      },
    });
    const result = gb.evalFeature("a");
    expect([result.value, result.experimentResult?.featureId]).toEqual([2, "a"]);
    expect(gb.evalFeature("b").value).toBe(3);
    expect(seen).toEqual([["e1", 3]]);
  });

  it("is reported once if it fails", async () => {
    const gb = new GrowthBook({
      attributes: { id: "u1" },
      diagnostics: receiver(),
      trackingCallback: async () => {
        throw new Error("no network");
      },
    });
    for (const key of ["a", "b"]) gb.run({ key, variations: [1, 2] });
    await new Promise((resolve) => setTimeout(resolve, 1));
    expect(told).toEqual([["trackingCallback failed", { reason: "no network" }]]);
  });
});

describe("an encrypted payload", () => {
  const KEY = "Ns04T5n9+59rl2x3SlNHtQ==";
  const encrypted =
    "m5ylFM6ndyOJA2OPadubkw==.Uu7ViqgKEt/dWvCyhI46q088PkAEJbnXKf3KPZjf9IEQQ+A8fojNoxw4wIbPX3aj";

  it("has no effect with a wrong key, and is reported once without the key", async () => {
    const gb = new GrowthBook({
      decryptionKey: "d3Jvbmd3cm9uZ3dyb25nIQ==",
      diagnostics: receiver(),
    });
    gb.setFeatures({ a: { defaultValue: 1 } });
    for (let i = 0; i < 2; i++) await gb.setPayload({ encryptedFeatures: encrypted });
    expect(gb.getFeatureValue("a", 0)).toBe(1);
    expect(told).toEqual([
      ["a part of the payload could not be decrypted", { part: "encryptedFeatures" }],
    ]);
    expect(JSON.stringify(told)).not.toContain("d3Jv");
  });

  it("is decrypted once per object and key", async () => {
    const decrypt = vi.spyOn(globalThis.crypto.subtle, "decrypt");
    const payload = { encryptedFeatures: encrypted };
    for (let i = 0; i < 3; i++) {
      const gb = new GrowthBook({ decryptionKey: KEY, diagnostics: receiver() });
      await gb.setPayload(payload);
      gb.destroy();
    }
    expect(decrypt).toHaveBeenCalledTimes(1);
    decrypt.mockRestore();
  });
});

describe("remote evaluation", () => {
  it("returns each user's own result, with one request per user", async () => {
    const server = await new ShopServer({ payload: {}, hasStream: true }).start();
    server.interceptor = ({ body, method }, response) => {
      if (method !== "POST") return false;
      const { attributes } = JSON.parse(body) as { attributes: { id: string } };
      const payload = { features: { who: { defaultValue: attributes.id } } };
      response.writeHead(200, { "x-sse-support": "enabled" }).end(JSON.stringify(payload));
      return true;
    };
    const make = (id: string): GrowthBook =>
      new GrowthBook({
        apiHost: server.url,
        clientKey: "remote",
        remoteEval: true,
        attributes: { id },
        diagnostics,
      });
    const users = ["u1", "u2", "u1"].map(make);
    await Promise.all(users.map((gb) => gb.init({ streaming: true })));
    const answers = (): unknown[] => users.map((gb) => gb.getFeatureValue("who", ""));
    expect([answers(), server.to("/api/eval").length]).toEqual([["u1", "u2", "u1"], 2]);
    await until(() => server.streams.size === 1, "the stream");
    server.push("features-updated", "");
    await until(() => server.to("/api/eval").length === 4, "the new answers");
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(answers()).toEqual(["u1", "u2", "u1"]);
    for (const gb of users) gb.destroy();
    await server.close();
  });
});

describe("the option source", () => {
  const bytes = (payload: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(payload));
  const originOf = (answers: readonly unknown[]): ConfigurationOrigin & { looks: number } => ({
    dialect: growthbook(),
    scope: "test",
    looks: 0,
    async fetchOnce() {
      const answer = answers[Math.min(this.looks, answers.length - 1)];
      this.looks += 1;
      if (answer === null) {
        const error = new Error("down") as never;
        return { kind: "failed", failure: { kind: "transient", error, retryAfterMs: null } };
      }
      const payload = { part: "features", bytes: bytes(answer), etag: null };
      return { kind: "payloads", payloads: [{ ...payload, fetchedAtMs: 0, from: "network" }] };
    },
  });

  it.each([
    ["GrowthBook", (options: Options) => new GrowthBook(options)],
    ["GrowthBookClient", (options: Options) => new GrowthBookClient(options)],
  ])("serves a %s without a request of its own", async (_, make) => {
    const source = originOf([SHOP, CHANGED_SHOP]);
    const gb = make({ source });
    expect(await gb.init()).toEqual({ success: true, source: "network" });
    expect(gb.getPayload().dateUpdated).toBe(SHOP.dateUpdated);
    // Wait, because a refresh would join a check that is still in flight.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await gb.refreshFeatures();
    expect([gb.getPayload().dateUpdated, source.looks]).toEqual([CHANGED_SHOP.dateUpdated, 2]);
    gb.destroy();
    await gb.refreshFeatures();
    expect(source.looks).toBe(2);
  });

  it("reports a failure and a timeout", async () => {
    const failing = new GrowthBook({ source: originOf([null]) });
    expect(await failing.init()).toEqual(
      expect.objectContaining({ success: false, source: "error" }),
    );
    failing.destroy();
    const hanging = { ...originOf([]), fetchOnce: () => new Promise<never>(() => {}) };
    // Node.js ends timers immediately that are longer than 2^31 - 1 ms.
    for (const timeout of [20, Number.POSITIVE_INFINITY, 2 ** 31]) {
      const gb = new GrowthBook({ source: hanging });
      expect((await gb.init({ timeout })).source).toBe("timeout");
      gb.destroy();
    }
  });

  it.each(["apiHost", "streamingHost", "clientKey"])("is rejected together with %s", (name) => {
    const options = { source: originOf([SHOP]), [name]: "https://x.example" };
    expect(() => new GrowthBook(options)).toThrow(name);
    expect(() => new GrowthBookClient(options)).toThrow(name);
  });

  it("is rejected if it belongs to another vendor", () => {
    const source = { ...originOf([]), dialect: { ...growthbook(), name: "eppo" } };
    expect(() => new GrowthBook({ source })).toThrow("expected a source of GrowthBook's payloads");
  });
});

describe("an attribute that cannot be converted to a string", () => {
  const WITHOUT_TEXT: Readonly<Record<string, unknown>> = {
    "a symbol": Symbol("id"),
    "an object without a prototype": Object.create(null),
    "an object whose toString is a number": { toString: 1 },
  };

  it.each(Object.keys(WITHOUT_TEXT))("excludes the user from experiments in code: %s", (name) => {
    const attributes = { id: WITHOUT_TEXT[name] };
    const experiment: Experiment<string> = { key: "exp", variations: ["a", "b"] };
    const options = { diagnostics: receiver() };
    const gb = new GrowthBook({ ...options, attributes });
    const client = new GrowthBookClient(options);
    const results = [
      gb.run(experiment),
      client.runInlineExperiment(experiment, { attributes }),
      client.createScopedInstance({ attributes }).runInlineExperiment(experiment),
    ];
    for (const { hashUsed, inExperiment, value } of results) {
      expect([value, inExperiment, hashUsed]).toEqual(["a", false, false]);
    }
    expect(told).toEqual([
      [
        "attribute cannot be converted to a string",
        { attribute: "id", reason: expect.stringMatching("Cannot convert") },
      ],
    ]);
    expect(() => new Vendor({ attributes }).run(experiment)).toThrow(TypeError);
  });

  it("excludes the user if a filter uses it", () => {
    const experiment: Experiment<string> = {
      key: "exp",
      variations: ["a", "b"],
      filters: [{ attribute: "team", seed: "s", hashVersion: 2, ranges: [[0, 1]] }],
    };
    const attributes = { id: "alice", team: Symbol("team") };
    const gb = new GrowthBook({ diagnostics: receiver(), attributes });
    expect(gb.run(experiment).inExperiment).toBe(false);
    expect(told).toHaveLength(1);
  });

  it("does not hide another mistake in the experiment", () => {
    const gb = new GrowthBook({ diagnostics: receiver(), attributes: { id: "alice" } });
    const experiment = { key: "exp", variations: null } as unknown as Experiment<string>;
    expect(() => gb.run(experiment)).toThrow(TypeError);
  });

  const WITHOUT_JSON: Readonly<Record<string, unknown>> = {
    "a BigInt": 5n,
    "an object whose toJSON throws": {
      toJSON(): never {
        throw new Error("no JSON");
      },
    },
  };

  describe.each(Object.keys(WITHOUT_JSON))("with sticky buckets, %s", (name) => {
    const attributes = { id: WITHOUT_JSON[name] };
    const [theirs, own] = BOTH as [NamedSdk, NamedSdk];
    const run = (
      { sdk }: NamedSdk,
      experiment: Experiment<string>,
      options: Options = {},
    ): Result<string> => {
      class Documents extends sdk.StickyBucketService {
        override getAssignments = async (): Promise<null> => null;
        override saveAssignments = async (): Promise<void> => {};
      }
      const stickyBucketService = new Documents();
      return new sdk.GrowthBook({ attributes, stickyBucketService, ...options }).run(experiment);
    };

    it("has the vendor's result if no bucket is saved", () => {
      const experiment: Experiment<string> = { key: "exp", variations: ["a", "b"] };
      const diagnostics = receiver();
      for (const excluding of [{ coverage: 0 }, { condition: { x: 1 } }, { active: false }]) {
        const given = { ...experiment, ...excluding };
        expect(run(own, given, { diagnostics })).toEqual(run(theirs, given));
      }
      expect(told).toEqual([]);
    });

    it("excludes the user from an experiment whose bucket cannot be saved", () => {
      const experiment: Experiment<string> = { key: "exp", variations: ["a", "b"] };
      const { hashUsed, inExperiment } = run(own, experiment, { diagnostics: receiver() });
      expect([inExperiment, hashUsed]).toEqual([false, false]);
      const facts = { attribute: "id", reason: expect.any(String) };
      expect(told).toEqual([["attribute cannot be converted to a string", facts]]);
      expect(() => run(theirs, experiment)).toThrow();
    });
  });
});
