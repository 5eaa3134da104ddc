import { describe, expect, it, vi } from "vitest";
import { OptionError } from "../errors/errors.js";
import { encodeUtf8 } from "../hash/utf8.js";
import type { Payload } from "../model/configuration.js";
import type { Steps } from "../model/steps.js";
import { runAtOnce } from "../runtime/slices.js";
import { eppoAddresses } from "./addresses.js";
import { eppo } from "./factory.js";

const payload = (part: string, body: unknown): Payload => ({
  part,
  bytes: encodeUtf8(JSON.stringify(body)),
  etag: null,
  fetchedAtMs: 0,
  from: "network",
});
const references = (modelVersion?: string): object => ({
  flags: {},
  banditReferences: { b: { ...(modelVersion === undefined ? {} : { modelVersion }) } },
});
const modelData = {
  gamma: 1,
  defaultActionScore: 0,
  actionProbabilityFloor: 0,
  coefficients: {},
};
const models = (modelVersion: string): object => ({
  bandits: { b: { modelVersion, modelData } },
});

describe("the endpoints of the native dialect", () => {
  const [flags, bandits] = eppo().endpoints;

  const context = { apiKey: "k y", sdkName: "n", sdkVersion: "v" };

  it("are flags, then bandits", () => {
    expect(eppo().endpoints.map(({ part, path }) => [part, path(context)])).toEqual([
      ["flags", "/flag-config/v1/config"],
      ["bandits", "/flag-config/v1/bandits"],
    ]);
  });

  it("send key, name and version", () => {
    expect(flags!.query(context)).toEqual([
      ["apiKey", "k y"],
      ["sdkName", "n"],
      ["sdkVersion", "v"],
    ]);
  });

  it("always need flags", () => {
    expect(flags!.isNeeded([])).toBe(true);
  });

  it.each([
    { payloads: [], needed: false, because: "there are no flags yet" },
    {
      payloads: [payload("flags", { flags: {} })],
      needed: false,
      because: "no flag refers to a bandit",
    },
    { payloads: [payload("flags", [])], needed: false, because: "the flags are unusable" },
    { payloads: [payload("flags", references("v1"))], needed: true, because: "there is no model" },
    {
      payloads: [payload("flags", references("v1")), payload("bandits", models("v1"))],
      needed: false,
      because: "this version is loaded",
    },
    {
      payloads: [payload("flags", references("v2")), payload("bandits", models("v1"))],
      needed: true,
      because: "another version is loaded",
    },
    {
      payloads: [payload("flags", references()), payload("bandits", models("v1"))],
      needed: true,
      because: "the reference has no version",
    },
  ])("need bandits: $needed, because $because", ({ payloads, needed }) => {
    const isNeeded = bandits!.isNeeded(payloads);
    expect(typeof isNeeded === "boolean" ? isNeeded : runAtOnce(isNeeded)).toBe(needed);
  });
});

describe("a body", () => {
  it("is parsed once for the source's URLs and the dialects of its clients", () => {
    const payloads = [payload("flags", references("v1")), payload("bandits", models("v1"))];
    const parse = vi.spyOn(JSON, "parse");
    const { endpoints } = eppoAddresses();
    expect(runAtOnce(endpoints[1]!.isNeeded(payloads) as Steps<boolean>)).toBe(false);
    for (const dialect of [eppo(), eppo({ refuseRiskyPatterns: true })]) {
      expect(dialect.compile({ payloads, prepared: null, former: null }).issues).toEqual([]);
    }
    const calls = parse.mock.calls.length;
    parse.mockRestore();
    expect(calls).toBe(payloads.length);
  });
});

describe("the default base URL", () => {
  const plain = "https://fscdn.eppo.cloud/api";
  it.each([
    { apiKey: "abc", url: plain, because: "the key names no subdomain" },
    {
      apiKey: `abc.${btoa("cs=team1&eh=x")}`,
      url: "https://team1.fscdn.eppo.cloud/api",
      because: "cs",
    },
    {
      apiKey: `abc.${btoa("eh=x&cs=t2")}`,
      url: "https://t2.fscdn.eppo.cloud/api",
      because: "order",
    },
    { apiKey: `abc.${btoa("xcs=t3")}`, url: plain, because: "the parameter has another name" },
    { apiKey: "abc.!", url: plain, because: "the rest is not Base64" },
    { apiKey: `abc.${btoa("cs=%")}`, url: plain, because: "the name cannot be decoded" },
    { apiKey: "", url: plain, because: "there is no key" },
  ])("of $apiKey is $url, because $because", ({ apiKey, url }) => {
    expect(eppo().defaultBaseUrl(apiKey)).toBe(url);
  });

  it.each([
    "evil.example%2F",
    "evil.example/",
    "evil.example%3F",
    "evil.example%23",
    "user%40evil.example",
    "evil.example:80",
    "a%20b",
    "a%00",
    "a..b",
    ".a",
    "a.",
    "-a",
    "a-",
    "%C3%A9",
    "a".repeat(200),
  ])("refuses a key with the subdomain %s, without showing it", (subdomain) => {
    const apiKey = `abc.${btoa(`cs=${subdomain}&eh=x`)}`;
    const problem = "the subdomain that the key names is not a host name";
    expect(() => eppo().defaultBaseUrl(apiKey)).toThrow(new OptionError("apiKey", problem));
  });

  it.each(["team-1", "a.b-c", "0", "A"])("accepts the subdomain %s", (subdomain) => {
    expect(eppo().defaultBaseUrl(`abc.${btoa(`cs=${subdomain}`)}`)).toContain(
      `//${subdomain}.fscdn`,
    );
  });
});

describe("risky patterns", () => {
  const condition = (operator: string, value: string) => ({
    rules: [{ conditions: [{ attribute: "a", operator, value }] }],
  });
  const flag = (operator: string, value: string): object => ({
    key: "f",
    enabled: true,
    variationType: "BOOLEAN",
    variations: { on: { key: "on", value: true } },
    allocations: [
      { key: "x", ...condition(operator, value), splits: [{ variationKey: "on", shards: [] }] },
    ],
    totalShards: 10_000,
  });
  const payloads = [
    payload("flags", {
      flags: {
        risky: flag("MATCHES", "^(a+)+$"),
        negated: flag("NOT_MATCHES", "^(a+)+$"),
        harmless: flag("MATCHES", "^a+$"),
        unknown: flag("MATCHES", "^(a)\\1"),
      },
    }),
  ];
  const configurationOf = (refuseRiskyPatterns: boolean) =>
    eppo({ refuseRiskyPatterns }).compile({ payloads, prepared: null, former: null });
  const subject = { key: "s", attributes: { a: "aaa" } };
  const answers = (configuration: ReturnType<typeof configurationOf>) =>
    Object.fromEntries(
      [...configuration.flagKeys].map((key) => {
        const scope = { nowMs: 0, trace: null, configuration, expectedType: "boolean" } as never;
        const evaluation = configuration.flag(key)?.evaluate(subject as never, scope);
        return [key, evaluation?.kind === "assigned"];
      }),
    );

  it("become issues when the issues are read, and match as in the vendor's SDK", () => {
    const configuration = configurationOf(false);
    expect(answers(configuration)).toEqual({
      risky: true,
      negated: false,
      harmless: true,
      unknown: true,
    });
    expect(configuration.issueCount).toEqual({ found: 0, complete: false });
    runAtOnce(configuration.inspect());
    expect(configuration.issueCount).toEqual({ found: 2, complete: true });
    expect(configuration.issues).toMatchObject([
      {
        flagKey: "risky",
        code: "risky-pattern",
        path: '$.flags["risky"].allocations[0].rules[0].conditions[0].value',
      },
      { flagKey: "negated", code: "risky-pattern" },
    ]);
  });

  it("are still analysed in a configuration that reuses the flags", () => {
    const former = configurationOf(false);
    answers(former);
    const next = former.dialect.compile({ payloads, prepared: null, former });
    expect(former.issues).toHaveLength(2);
    expect(next.issues).toHaveLength(2);
  });

  it("match no subject if they are refused, like patterns that cannot be analysed", () => {
    const configuration = configurationOf(true);
    expect(answers(configuration)).toEqual({
      risky: false,
      negated: false,
      harmless: true,
      unknown: false,
    });
    expect(configuration.issueCount).toEqual({ found: 3, complete: true });
    expect(configuration.issues.map(({ code }) => code)).toEqual(Array(3).fill("risky-pattern"));
  });

  it.each([[{ refuseRiskyPatterns: 1 }], [{ refuseRiskyPattern: true }]])(
    "options %j",
    (options) => {
      expect(() => eppo(options as never)).toThrow(OptionError);
    },
  );
});
