import { gzipSync } from "node:zlib";
import type { Client } from "@sortition/core";
import { split, testFlags } from "@sortition/testing";
import { describe, expect, it, vi } from "vitest";
import { sealOverrides, type WebFlagsOptions, type WebSubject, webFlags } from "../src/server.js";
import { describeFlags, loggedClient } from "./support/flags.js";
import { postShown } from "./support/post.js";
import { newSecret } from "./support/secrets.js";

const SEAL = { audience: "shop-test", secrets: [newSecret()] };
const HALF = { fast: 50, standard: 50 };

/** Flags of an application with one visitor. */
function webOf(client: Client, options: Partial<WebFlagsOptions<Request>> = {}) {
  // React's `cache` returns the same promise during a request.
  const subject: Promise<WebSubject> = Promise.resolve({
    subjectKey: "alice",
    attributes: { plan: "pro" },
  });
  return webFlags({ client, ...SEAL, subject: () => subject, ...options });
}

describe("a snapshot", () => {
  it("has the requested values, and the flags whose exposures are logged when they are seen", async () => {
    const flags = testFlags();
    describeFlags(flags, HALF);
    const { client, events } = loggedClient(flags);
    const { flags: read, snapshot } = webOf(client);
    const f = await read();
    const shown = await snapshot({ checkout: "none", ui: false, absent: 7 });
    expect(shown).toEqual({
      v: 1,
      values: { checkout: f.getStringAssignment("checkout", "none"), ui: true, absent: 7 },
      logs: ["checkout"],
      ids: [expect.stringMatching(/^[\w-]{7}$/)],
      overridden: [],
      url: "/api/exposures",
      token: expect.stringMatching(/^1\.[\w-]+$/),
    });
    expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
    expect(events).toEqual([]);
    expect(client.status.counters.exposures).toMatchObject({ kept: 1, shown: 0 });
    expect(client.status.counters.web).toMatchObject({ snapshots: 1, posts: 0 });
  });

  it("reads numbers and JSON by the type of their defaults", async () => {
    const flags = testFlags();
    flags.integer("columns").variations(2, 3).otherwise("3");
    flags.number("discount").variations(0.1, 0.5).otherwise("0.5");
    flags
      .json("banner")
      .variations({ one: { text: "Hi" } })
      .otherwise("one");
    const { snapshot } = webOf(flags.client() as Client);
    const { values } = await snapshot({ columns: 1, discount: 0, banner: null });
    expect(values).toEqual({ columns: 3, discount: 0.5, banner: { text: "Hi" } });
  });

  it("accepts any text as a flag key", async () => {
    const flags = testFlags();
    flags
      .string("__proto__")
      .variations("a", "b")
      .otherwise(split({ a: 50, b: 50 }));
    const { client, events } = loggedClient(flags);
    const { POST, snapshot } = webOf(client);
    const shown = await snapshot(JSON.parse('{"__proto__":"none"}'));
    expect(Object.hasOwn(shown.values, "__proto__")).toBe(true);
    expect(shown.logs).toEqual(["__proto__"]);
    expect(await postShown(POST, shown, ["__proto__", "constructor"])).toBe(204);
    expect(events).toMatchObject([{ featureFlag: "__proto__" }]);
    expect(client.status.counters.web?.unknownFlags).toBe(1);
  });

  it("has the defaults and no token without a subject key", async () => {
    const flags = testFlags();
    describeFlags(flags, HALF);
    const { client, events } = loggedClient(flags);
    const nobody = [undefined, null, { subjectKey: undefined }, { subjectKey: null }];
    for (const subject of [...nobody, { subjectKey: "" }]) {
      const { flags: read, snapshot } = webOf(client, { subject: () => subject });
      expect(await snapshot({ checkout: "none" })).toMatchObject({
        values: { checkout: "none" },
        logs: [],
        token: null,
      });
      const f = await read();
      expect(f.getStringAssignment("checkout", "none")).toBe("none");
      expect(f.getBooleanAssignmentDetails("ui", false)).toMatchObject({
        value: false,
        errorCode: "SORTITION_SUBJECT_KEY_MISSING",
      });
      expect(f.exposed("checkout")).toEqual([]);
    }
    expect(events).toEqual([]);
    expect(client.status.counters.evaluations.invalidSubject).toBe(0);
  });

  it("omits the exposures that the server logged, and those of overridden flags", async () => {
    const flags = testFlags();
    describeFlags(flags, HALF);
    const { client, events } = loggedClient(flags);
    const token = await sealOverrides({
      ...SEAL,
      flags: { search: "b", ui: "no-variation" },
      expiresInSeconds: 60,
    });
    const { flags: read, snapshot } = webOf(client, { overrideCookie: () => token });
    const f = await read();
    f.getStringAssignment("checkout", "none");
    expect(f.exposed("checkout")).toMatchObject([{ logged: true }]);
    expect(await snapshot({ checkout: "none", search: "none", ui: false })).toMatchObject({
      values: { search: "b", ui: true },
      logs: [],
      overridden: ["search"],
      token: null,
    });
    expect(f.exposed("search")).toMatchObject([{ logged: false, reason: "override" }]);
    expect(events).toHaveLength(1);
    const { evaluations, web } = client.status.counters;
    expect(web).toMatchObject({ overrides: 1, ignoredOverrides: 0 });
    expect(evaluations.ignoredOverride).toBe(1);
  });

  it("whose token would exceed 8 kB logs its exposures at once, and reports that", async () => {
    const warnings: string[] = [];
    const diagnostics = {
      ...{ debug() {}, info() {}, error() {} },
      warn: (message: string) => void warnings.push(message),
    };
    const flags = testFlags();
    describeFlags(flags, HALF);
    const { client, events } = loggedClient(flags, { diagnostics });
    // Random, because other text is compressed.
    const attributes = { notes: Array.from({ length: 200 }, newSecret).join() };
    const { snapshot } = webOf(client, {
      subject: async () => ({ subjectKey: "alice", attributes }),
    });
    const shown = await snapshot({ checkout: "none", search: "none" });
    expect(shown).toMatchObject({ logs: [], token: null });
    expect(shown.values["checkout"]).not.toBe("none");
    expect(events).toMatchObject([{ featureFlag: "checkout" }, { featureFlag: "search" }]);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^snapshot: exposures are logged now .* exceeds 8192; pass fewer flags/,
      ),
    ]);
    expect(client.status.counters.web).toMatchObject({ snapshots: 1, loggedOnRead: 1 });
  });

  it("of 20 flags with 8 experiments has 1 kB on average, gzipped", async () => {
    const flags = testFlags();
    const defaults: Record<string, string | boolean> = {};
    for (let i = 0; i < 20; i++) {
      const key = `${["checkout", "search", "home", "cart"][i % 4]}-experiment-${i}`;
      defaults[key] = i < 8 ? "control" : false;
      const ofExperiment = split({ control: 50, treatment: 50 });
      if (i >= 8) flags.boolean(key).on();
      else flags.string(key).variations("control", "treatment").otherwise(ofExperiment);
    }
    const subjectKey = "5b0c9f4e-9f2b-4d2e-8f5e-2f1f7a6c5d11";
    const attributes = { country: "DK", plan: "enterprise", deviceType: "mobile", app: "12.4.1" };
    const subject = () => ({ subjectKey, attributes });
    const client = flags.client() as Client;
    // The size depends on the token, which is random.
    const sizes: number[] = [];
    for (let i = 0; i < 20; i++) {
      const shown = await webOf(client, { subject }).snapshot(defaults);
      expect(shown.logs).toHaveLength(8);
      sizes.push(gzipSync(JSON.stringify(shown)).length);
    }
    const mean = sizes.reduce((total, size) => total + size, 0) / sizes.length;
    expect(mean).toBeLessThanOrEqual(1_024);
  });

  it("is kept out of shared caches by its headers", () => {
    const { responseHeaders } = webOf(testFlags().client() as Client);
    const response = new Response("", { headers: responseHeaders() });
    expect(response.headers.get("cache-control")).toBe("private, no-cache");
  });
});

describe("webFlags", () => {
  const client = testFlags().client() as Client;

  it("reports a missing secret or audience at first use, by each of its functions", async () => {
    const incomplete = [{ audience: "" }, { secrets: [undefined] }, { secrets: ["short"] }];
    for (const options of incomplete) {
      const web = webOf(client, options);
      const calls = [
        ...[() => web.flags(), () => web.snapshot({}), () => web.POST(new Request("http://x"))],
        () => web.overrides.GET(new Request("http://x?t=1")),
      ];
      for (const call of calls) await expect(call()).rejects.toThrow(/^(audience|secrets): exp/);
    }
  });

  it("answers a getter of the promise of flags with what to write", () => {
    const promise = webOf(client, {}).flags() as unknown as Client;
    expect(() => promise.getStringAssignment("checkout", "s", {}, "x")).toThrow(
      "flags(…) returns a promise: write `await flags(…)` before getStringAssignment",
    );
  });

  it("reads the request before the secrets, which are unknown while Next builds an application", async () => {
    const outside = new Error("cookies() was called outside of a request");
    const subject = () => Promise.reject(outside);
    const web = webOf(client, { secrets: [undefined], subject });
    await expect(web.flags()).rejects.toBe(outside);
    await expect(web.snapshot({})).rejects.toBe(outside);
  });

  const link = async () => {
    const expiring = { flags: { checkout: "fast" }, expiresInSeconds: 60 };
    return new Request(`https://shop.example/o?t=${await sealOverrides({ ...SEAL, ...expiring })}`);
  };
  it.each<{
    name: string;
    mistake: Partial<WebFlagsOptions<Request>>;
    correct: Partial<WebFlagsOptions<Request>>;
    use: (web: ReturnType<typeof webOf>) => Promise<unknown>;
    text: RegExp;
  }>([
    {
      name: "overrides without overrideCookie",
      mistake: {},
      correct: { overrideCookie: () => null },
      use: async ({ overrides }) => await overrides.GET(await link()),
      text: /^overrides have no effect, because webFlags has no overrideCookie/,
    },
    {
      name: "flags without a request",
      mistake: { subject: () => ({ subjectKey: "alice" }) },
      correct: {}, // webOf returns the same promise
      use: ({ flags }) => flags(),
      text: /^flags and snapshot of one request may differ, .* without a request: pass it/,
    },
    {
      name: "a snapshot without a request",
      mistake: { subject: () => ({ subjectKey: "alice" }) },
      correct: { subject: () => ({ subjectKey: "alice" }), requestKey: () => SEAL },
      use: ({ snapshot }) => snapshot({}),
      text: /^flags and snapshot of one request may differ, .* without a request: pass it/,
    },
  ])("reports $name once", async ({ correct, mistake, text, use }) => {
    const warn = vi.fn<(message: string) => void>();
    const diagnostics = { debug() {}, info() {}, error() {}, warn };
    const { client } = loggedClient(testFlags(), { diagnostics });
    for (const options of [correct, mistake]) {
      expect(warn).not.toHaveBeenCalled();
      const web = webOf(client, options);
      for (let i = 0; i < 2; i++) await use(web);
    }
    expect(warn.mock.calls.map(([it]) => it)).toEqual([expect.stringMatching(text)]);
  });

  it("reports other mistakes with the option's name", async () => {
    const odd = (options: object) => webOf(client, options);
    expect(() => odd({ audiense: "x" })).toThrow(/audiense/);
    expect(() => odd({ subject: "alice" })).toThrow(/^subject: expected a function/);
    for (const maxAgeSeconds of [0, Number.NaN, Number.POSITIVE_INFINITY, 31_536_001]) {
      expect(() => odd({ maxAgeSeconds })).toThrow(/^maxAgeSeconds: expected more than 0 and at/);
    }
    expect(() => odd({ requestKey: {} })).toThrow(/^requestKey: expected a function/);
    for (const url of ["https://flags.example/exposures", "//flags.example/", "/\\flags.example"]) {
      expect(() => odd({ url })).toThrow(/^url: expected the path of a route on the same site/);
    }
    await expect(odd({ client: {} }).flags()).rejects.toThrow(/^client: expected a client/);
    const named = {
      checkout: [["checkout"], ["checkout", "search"], "checkout"],
      flag: [[], undefined],
    };
    for (const [name, defaults] of Object.entries(named)) {
      for (const it of defaults) {
        await expect(odd({}).snapshot(it as never)).rejects.toThrow(
          `snapshot: expected an object: pass { ${name}: default }`,
        );
      }
    }
    await expect(odd({}).snapshot(new Request("http://x") as never)).rejects.toThrow(
      "snapshot: the arguments are swapped: write snapshot({ flag: default }, request)",
    );
    const subjects = [
      [{ key: "alice" }, /^subject\.key: unknown option/],
      [{ subjectKey: "alice", attribute: {} }, /^subject\.attribute: .* did you mean attributes\?/],
      ["alice", /^subject: expected an object, got string/],
    ] as const;
    for (const [subject, message] of subjects) {
      await expect(odd({ subject: () => subject }).flags()).rejects.toThrow(message);
    }
  });
});
