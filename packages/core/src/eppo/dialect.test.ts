import { describe, expect, it } from "vitest";
import { OptionError } from "../errors/errors.js";
import { encodeUtf8 } from "../hash/utf8.js";
import type { Payload } from "../model/configuration.js";
import { runAtOnce } from "../runtime/slices.js";
import { eppo } from "./dialect.js";

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

  it("ask with key, name and version", () => {
    expect(flags!.query(context)).toEqual([
      ["apiKey", "k y"],
      ["sdkName", "n"],
      ["sdkVersion", "v"],
    ]);
  });

  it("need flags always", () => {
    expect(flags!.isNeeded([])).toBe(true);
  });

  it.each([
    { payloads: [], needed: false, because: "there are no flags yet" },
    {
      payloads: [payload("flags", { flags: {} })],
      needed: false,
      because: "no bandit is referred to",
    },
    { payloads: [payload("flags", [])], needed: false, because: "the flags are unusable" },
    { payloads: [payload("flags", references("v1"))], needed: true, because: "no model is there" },
    {
      payloads: [payload("flags", references("v1")), payload("bandits", models("v1"))],
      needed: false,
      because: "the version is there",
    },
    {
      payloads: [payload("flags", references("v2")), payload("bandits", models("v1"))],
      needed: true,
      because: "another version is there",
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
    { apiKey: `abc.${btoa("xcs=t3")}`, url: plain, because: "that is another name" },
    { apiKey: "abc.!", url: plain, because: "the rest is no Base64" },
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
