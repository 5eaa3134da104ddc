import { afterEach, describe, expect, it, vi } from "vitest";
import { jsonFile, ndjson, parseLines, run, tempFile } from "../run.js";
import { DECRYPTION_KEY, encrypted } from "./encryption.js";
import { askVendor, type VendorRequest } from "./vendor.js";

const META = [{ key: "control" }, { key: "treatment" }];

const PAYLOAD = {
  features: {
    theme: {
      defaultValue: "light",
      rules: [{ key: "theme-test", variations: ["light", "dark"], hashVersion: 2, coverage: 1 }],
    },
    beta: {
      defaultValue: false,
      rules: [
        { id: "team", condition: { email: { $regex: "@example\\.com$" } }, force: true },
        { id: "half", coverage: 0.5, force: true, hashAttribute: "company" },
      ],
    },
    gated: {
      defaultValue: 0,
      rules: [
        { parentConditions: [{ id: "beta", condition: { value: true }, gate: true }], force: 1 },
      ],
    },
    checkout: {
      defaultValue: "old",
      rules: [
        {
          id: "exp",
          key: "checkout",
          meta: META,
          variations: ["old", "new"],
          bucketVersion: 1,
          fallbackAttribute: "device",
        },
      ],
    },
    grouped: {
      defaultValue: { a: 1 },
      rules: [{ condition: { id: { $inGroup: "vip" } }, force: { a: 2 } }],
    },
    paged: { rules: [{ key: "paged", variations: [1, 2], namespace: ["ns", 0, 0.5] }] },
    cycle: { rules: [{ parentConditions: [{ id: "cycle", condition: {} }], force: 1 }] },
    // With sticky buckets, other kinds of malformed features make the vendor's SDK fail for every feature.
    broken: { rules: [{ filters: 5, force: 1 }] },
    nothing: { rules: [{ variations: [1, 2], meta: [] }] },
    none: 0,
  },
  experiments: [],
};

const CSS = [{}, { css: "a { }" }];

const AUTO_EXPERIMENTS = [
  { key: "visual", changeId: "c1", variations: CSS, bucketVersion: 1, meta: META },
  { key: "visual", changeId: "c2", variations: CSS },
  { key: "by-hand", manual: true, variations: CSS },
  { key: "without-change", variations: [{}, {}] },
  {
    key: "gated",
    variations: CSS,
    hashAttribute: "device",
    parentConditions: [{ id: "theme", condition: { value: { $exists: true } } }],
  },
  {
    key: "redirect",
    urlPatterns: [{ type: "simple", include: true, pattern: "https://shop.test/a" }],
    variations: [{}, { urlRedirect: "https://shop.test/b" }],
    weights: [0, 1],
  },
  { key: "second", variations: CSS, hashVersion: 2 },
];

const STICKY = [
  { attributeName: "id", attributeValue: "u3", assignments: { checkout__1: "treatment" } },
  { attributeName: "plan", attributeValue: "x", assignments: { checkout__1: "control" } },
];

const CONTEXTS: readonly VendorRequest["context"][] = [
  undefined,
  {},
  { attributes: { id: "user-1", email: "a@example.com" } },
  { attributes: { id: "user-2", company: "acme" }, url: "https://x.test/?theme-test=1&paged=0" },
  { attributes: { id: 0, company: 7 }, attributeOverrides: { id: "u9" } },
  { attributes: { id: "u1" }, forcedVariations: { "theme-test": 1, checkout: 7 } },
  {
    attributes: { id: "u1" },
    forcedFeatures: [
      ["theme", "forced"],
      ["beta", null],
    ],
  },
  { attributes: { id: "u1" }, qaMode: true },
  { attributes: { id: "u1" }, enabled: false },
  { attributes: { id: "u1" }, overrides: { checkout: { force: 1 }, paged: { coverage: 0 } } },
  { attributes: { id: "vip-1" }, savedGroups: { vip: ["vip-1"] } },
  { attributes: { id: "u3", device: "d1", plan: "x" }, stickyBucketDocs: STICKY },
  { attributes: { device: "d1" }, stickyBucketDocs: [] },
  { attributes: { id: ["a"], tags: [1, { b: 2 }] } },
];

const EXPERIMENTS: readonly object[] = [
  { key: "inline", variations: [0, 1] },
  { key: "inline", variations: ["a", "b"], groups: ["beta"], status: "running" },
  { key: "inline", variations: [1], active: true },
  { key: "inline", variations: [1, 2], meta: [] },
  { key: "checkout", variations: [{ v: 1 }, { v: 2 }], meta: META, bucketVersion: 1 },
  { key: "inline" },
];

const REQUESTS: readonly VendorRequest[] = CONTEXTS.flatMap((context) =>
  [
    ...Object.keys(PAYLOAD.features).map((feature) => ({ feature })),
    { feature: "unknown" },
    ...EXPERIMENTS.map((experiment) => ({ experiment })),
  ].map((asked) => (context === undefined ? asked : { ...asked, context })),
);

async function evaluate(payload: object, requests: readonly object[], ...options: string[]) {
  const config = jsonFile("growthbook.json", payload);
  const args = ["evaluate", "--dialect", "growthbook", "--config", config, ...options];
  return await run(args, ndjson(requests));
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Compares results and events with those of the vendor's SDK, which are returned. */
async function compare(payload: object, requests: readonly VendorRequest[]) {
  const { exitCode, stdout } = await evaluate(payload, requests, "--events");
  expect(exitCode).toBe(0);
  const answers = parseLines(stdout).map((line) => ({
    ...line,
    id: undefined,
    message: undefined,
  }));
  const vendor = await Promise.all(requests.map((request) => askVendor(payload, request)));
  expect(answers.map(asJson)).toEqual(vendor.map(asJson));
  return vendor;
}

describe("sortition evaluate --dialect growthbook", () => {
  it("returns the same results and events as the vendor's SDK", async () => {
    const vendor = await compare(PAYLOAD, REQUESTS);
    expect(vendor.filter((it) => "throws" in it).length).toBeGreaterThan(20);
  });

  it("tracks auto experiments before the request, like a new instance of the vendor's SDK", async () => {
    const urls = [undefined, "https://shop.test/a?x=1", "https://shop.test/b", "no url"];
    const users = [{ attributes: { id: "u1" } }, { attributes: { id: "u2", device: "d2" } }, {}];
    const more = [
      {},
      { stickyBucketDocs: [] },
      { forcedVariations: { visual: 1 }, overrides: { second: { coverage: 0 } } },
      { enabled: false },
      { qaMode: true },
    ];
    const requests = urls.flatMap((url) =>
      users.flatMap((user) =>
        more.map((rest) => ({
          feature: "theme",
          context: { ...user, ...rest, ...(url === undefined ? {} : { url }) },
        })),
      ),
    );
    const vendor = await compare({ ...PAYLOAD, experiments: AUTO_EXPERIMENTS }, requests);
    const tracked = new Set(
      vendor.flatMap((it) =>
        (it as { tracking: { experimentKey: string }[] }).tracking.map(
          (call) => call.experimentKey,
        ),
      ),
    );
    expect([...tracked].sort()).toEqual(["gated", "redirect", "second", "theme-test", "visual"]);
  });

  it.each([
    { experiments: [null] },
    { experiments: 5 },
    { experiments: {} },
    { experiments: "ab" },
    { experiments: [{ key: "a", variations: [{}, { css: "b" }], filters: 5 }] },
  ])("throws if a new instance of the vendor's SDK throws: %j", async (broken) => {
    const payload = { ...PAYLOAD, ...broken };
    const request = { feature: "theme", context: { attributes: { id: "u1" } } };
    const { stdout } = await evaluate(payload, [request]);
    expect(await askVendor(payload, request)).toEqual({ throws: "TypeError" });
    expect(parseLines(stdout)[0]).toMatchObject({ throws: "TypeError" });
  });

  it.each([
    { malformed: null },
    { malformed: { rules: 5 } },
    { malformed: { rules: {} } },
    { malformed: { rules: [null] } },
    { malformed: 5 },
    { malformed: { rules: "ab" } },
    { malformed: { rules: [5] } },
    { malformed: { rules: [{ variations: [1, 2], meta: [] }] } },
  ])("loads sticky buckets next to %j, or throws, like the vendor's SDK", async ({ malformed }) => {
    const { checkout, theme } = PAYLOAD.features;
    const payload = { features: { checkout, malformed, theme }, experiments: AUTO_EXPERIMENTS };
    const requests = [[], STICKY].map((stickyBucketDocs) => ({
      feature: "checkout",
      context: { attributes: { id: "u3", device: "d1", plan: "x" }, stickyBucketDocs },
    }));
    await compare(payload, requests);
  });

  it("returns no events by default", async () => {
    const { stdout } = await evaluate(PAYLOAD, [{ id: "a", feature: "none" }]);
    expect(parseLines(stdout)).toEqual([
      {
        id: "a",
        result: { value: null, on: false, off: true, source: "unknownFeature", ruleId: "" },
      },
    ]);
  });

  it("reports a malformed feature once, and accepts a configuration without features", async () => {
    const broken = await evaluate(PAYLOAD, [{ feature: "theme" }]);
    expect(broken.stderr).toContain('$.features["broken"].rules[0].filters: expected an array');
    const empty = await evaluate({}, [{ feature: "theme" }]);
    expect(parseLines(empty.stdout)[0]).toMatchObject({ result: { source: "unknownFeature" } });
  });

  it.each([
    [{}, /^feature: expected a string, got nothing/],
    [{ feature: 7 }, /^feature: expected a string, got 7/],
    [{ feature: "a", experiment: {} }, /^experiment: a request has either/],
    [{ experiment: [] }, /^experiment: expected an object, got an array/],
    [{ feature: "a", subject: "x" }, /^subject: unknown field/],
    [{ feature: "a", context: { url: 1 } }, /^context\.url: expected a string/],
    [{ feature: "a", context: { forcedFeatures: { a: 1 } } }, /^context\.forcedFeatures: expected/],
    [{ feature: "a", context: { stickyBucketDocs: [{}] } }, /^context\.stickyBucketDocs: expected/],
  ])("rejects the request %j", async (request, message) => {
    const { exitCode, stdout } = await evaluate(PAYLOAD, [request]);
    expect(exitCode).toBe(1);
    expect(parseLines(stdout)[0]).toMatchObject({
      error: { code: "invalid_request", message: expect.stringMatching(message) },
    });
  });

  it.each([
    [[], /\$: expected an object/],
    [{ features: [] }, /is a list from GrowthBook's REST API/],
  ])("rejects the configuration %j", async (payload, message) => {
    const { exitCode, stderr, stdout } = await evaluate(payload, [{ feature: "a" }]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });
});

const OPENED = { f: { defaultValue: "opened" } };

describe("sortition evaluate with an encrypted payload", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("decrypts it with --decryption-key or the environment variable", async () => {
    const payload = { features: {}, encryptedFeatures: await encrypted(OPENED) };
    const opened = { result: { value: "opened" } };
    const byOption = await evaluate(
      payload,
      [{ feature: "f" }],
      "--decryption-key",
      DECRYPTION_KEY,
    );
    expect(parseLines(byOption.stdout)[0]).toMatchObject(opened);
    vi.stubEnv("SORTITION_DECRYPTION_KEY", DECRYPTION_KEY);
    const byVariable = await evaluate(payload, [{ feature: "f" }]);
    expect(parseLines(byVariable.stdout)[0]).toMatchObject(opened);
  });

  it.each(["AAAAAAAAAAAAAAAAAAAAAA==", "", "not base64"])(
    "uses the plain parts if the key %j does not decrypt it",
    async (key) => {
      const payload = {
        features: { f: { defaultValue: 1 } },
        encryptedFeatures: await encrypted(OPENED),
      };
      const run = await evaluate(payload, [{ feature: "f" }], "--decryption-key", key);
      expect(parseLines(run.stdout)[0]).toMatchObject({ result: { value: 1 } });
      expect(run.exitCode).toBe(0);
      expect(run.stderr).toContain("$.encryptedFeatures: cannot be decrypted");
      if (key !== "") expect(run.stderr).not.toContain(key);
    },
  );

  it.each<readonly [args: readonly string[], isNamed: boolean]>([
    [[], true],
    [["--decryption-key", "AAAAAAAAAAAAAAAAAAAAAA=="], true],
    [["--decryption-key", DECRYPTION_KEY], false],
  ])("is inspected with %j, and a missing key is named", async (args, isNamed) => {
    const content = JSON.stringify({ features: {}, encryptedFeatures: await encrypted(OPENED) });
    const config = tempFile("encrypted.json", content);
    const { stderr, stdout } = await run(["inspect", "--config", config, ...args]);
    expect(`${stdout}${stderr}`.includes("as --decryption-key KEY")).toBe(isNamed);
  });
});
