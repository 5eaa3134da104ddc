import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ADMIN, RELAY, readConfig } from "./read-config.js";
import { ENVIRONMENT } from "./read-environment.js";

const VARIABLES = { KEY: "key-4711", BLANK: " " };
const SOURCE = { apiKey: { env: "KEY" } };
const EPPO = { name: "shop", dialect: "eppo", source: SOURCE };
const GROWTHBOOK = { name: "shop", dialect: "growthbook", source: { clientKey: { env: "KEY" } } };
const SHA256 = "a".repeat(64);
const PAGE = { name: "page", sha256: SHA256, scopes: ["evaluate"] };

const folder = mkdtempSync(join(tmpdir(), "relay-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (content: unknown) => readConfig(content, { variables: VARIABLES });
const one = (members: object) => ({ environments: [{ ...EPPO, ...members }] });

const hostedAt = (host: string) => ({ environments: [EPPO], admin: { hosts: [host] } });
const HOST_PROBLEM =
  "admin.hosts[0]: expected a host name without a port, a range or *; with a password any host is accepted";

describe("readConfig", () => {
  it.each([
    { what: "the same source", changes: { source: SOURCE } },
    { what: "another namespace", changes: { redis: { url: "redis://redis", namespace: "b" } } },
    { what: "another Redis", changes: { redis: { url: "redis://other", namespace: "shop" } } },
    { what: "no namespace", changes: { redis: { url: "redis://redis" } } },
  ])("accepts a second environment with $what", ({ changes }) => {
    const redis = { url: "redis://redis", namespace: "shop" };
    const source = { ...SOURCE, baseUrl: "https://other.example" };
    const second = { ...EPPO, name: "second", source, redis, ...changes };
    expect(read({ environments: [{ ...EPPO, redis }, second] }).environments).toHaveLength(2);
  });

  it("fills in the defaults", () => {
    expect(read({ environments: [EPPO] })).toEqual({
      listen: { host: "127.0.0.1", port: 8080 },
      admin: { listen: { host: "127.0.0.1", port: 9090 }, password: null, hosts: [] },
      drainMs: 5_000,
      readiness: "any",
      maxStreams: 10_000,
      streamLifeMs: 3_600_000,
      spreadMs: 2_000,
      publicUrl: null,
      ticketKey: null,
      logLevel: "info",
      accessLog: false,
      requestsPerSecond: null,
      environments: [
        {
          name: "shop",
          dialect: "eppo",
          path: "environments[0]",
          options: {},
          input: { kind: "source", source: { apiKey: "key-4711" } },
          tokens: [],
          origins: [],
          webhookSecret: null,
          redis: null,
          diskCache: null,
          passThrough: false,
          evaluate: false,
          loggers: [],
          isDefault: false,
          maxStreams: 10_000,
        },
      ],
    });
  });

  it("reads a secret from a file, without the trailing line break", () => {
    const file = join(folder, "key");
    writeFileSync(file, "key-of-file\n");
    const { environments } = read(one({ source: { apiKey: { file } } }));
    expect(environments[0]?.input).toEqual({ kind: "source", source: { apiKey: "key-of-file" } });
  });

  it.each([
    [8080, "127.0.0.1", 8080],
    ["8080", "127.0.0.1", 8080],
    ["0.0.0.0:80", "0.0.0.0", 80],
    ["[::1]:80", "::1", 80],
    ["relay.local:0", "relay.local", 0],
  ])("listens at %j", (listen, host, port) => {
    expect(read({ listen, environments: [EPPO] }).listen).toEqual({ host, port });
  });

  it.each([
    [{}, "environments: expected a list of at least one environment"],
    [[], "configuration: expected an object"],
    [{ environments: [] }, "environments: expected a list of at least one environment"],
    [{ environments: [EPPO], listen: "port" }, 'listen: expected a port, or "host:port"'],
    [{ environments: [EPPO], listen: 65_536 }, 'listen: expected a port, or "host:port"'],
    [
      { environments: [EPPO], maxStreams: -1 },
      "maxStreams: expected an integer in 0…1000000, got -1",
    ],
    [
      one({ tokens: ["s3cret"] }),
      'environments[0].tokens[0]: expected an object: write { "name": "web", "sha256": "…" }, which `sortition-relay token` prints',
    ],
    [
      one({ redis: "redis://redis:6379" }),
      'environments[0].redis: expected an object: write { "url": { "env": "REDIS_URL" } }',
    ],
    [
      one({ name: "A" }),
      "environments[0].name: expected 1 to 63 of the characters a-z, 0-9, - and _",
    ],
    [
      one({ name: "api" }),
      "environments[0].name: api is reserved, because paths of SDKs begin with it",
    ],
    [one({ name: "__proto__" }), /^environments\[0\]\.name: expected 1 to 63/],
    [one({ dialect: "epo" }), /^environments\[0\]\.dialect: expected one of eppo/],
    [one({ dialect: "constructor" }), /^environments\[0\]\.dialect: expected one of eppo/],
    [one({ source: undefined }), "environments[0]: expected a source or a file"],
    [one({ file: "flags.json" }), "environments[0].file: cannot be given together with source"],
    [
      one({ source: undefined, file: "flags.json" }),
      "environments[0].tokens: expected at least one token, because a file has no vendor key: create one with sortition-relay token",
    ],
    [
      one({ source: { apiKey: "clear" } }),
      'environments[0].source.apiKey: is a secret in plain text: expected { "env": "NAME" } or { "file": "/run/secrets/name" }',
    ],
    [one({ source: { apiKey: { env: "NONE" } } }), /apiKey: the variable NONE is not set/],
    [one({ source: { apiKey: { env: "BLANK" } } }), /apiKey: the variable BLANK is not set/],
    [one({ source: { apiKey: { env: "__proto__" } } }), /apiKey: the variable __proto__ is not/],
    [
      one({ source: { apiKey: { file: "/none" } } }),
      /apiKey: the file \/none cannot be read: ENOENT: is the secret mounted there\?/,
    ],
    [one({ source: { apiKey: { env: "KEY", file: "x" } } }), /apiKey: expected { "env"/],
    [
      one({ source: { ...SOURCE, proxy: "http://user:clear@proxy:1" } }),
      /^environments\[0\]\.source\.proxy: contains a password in plain text/,
    ],
    [
      one({ redis: { url: "redis://:clear@redis:1" } }),
      /redis\.url: contains a password in plain text/,
    ],
    [one({ redis: { url: "http://redis" } }), /redis\.url: expected redis:/],
    [one({ redis: { url: "redis://redis", prefix: "x" } }), /redis\.prefix: unknown option/],
    [
      { environments: [{ ...GROWTHBOOK, webhookSecret: "clear" }] },
      /webhookSecret: is a secret in plain text/,
    ],
    [one({ passThrough: true }), "passThrough: only PostHog's requests are passed through"],
    [
      { environments: [{ ...GROWTHBOOK, passThrough: false }] },
      "passThrough: only PostHog's requests are passed through: leave it out",
    ],
    [one({ origins: ["https://shop.example/"] }), /origins\[0\]: expected an origin/],
    [one({ origins: ["*"] }), /origins\[0\]: expected an origin/],
    [one({ tokens: [{ name: "a b", sha256: SHA256 }] }), /tokens\[0\]\.name: expected/],
    [
      one({ tokens: [{ name: "a", sha256: SHA256, scopes: ["all"] }] }),
      "environments[0].tokens[0].scopes[0]: expected one of configuration, secrets, evaluate",
    ],
    [
      one({ tokens: [1, 2].map(() => ({ name: "a", sha256: SHA256 })) }),
      "environments[0].tokens[1].name: a is already used",
    ],
    [one({ evaluate: true }), "environments[0].evaluate: needs a token with the scope evaluate"],
    [
      one({ evaluate: true, tokens: [{ name: "a", sha256: SHA256 }] }),
      "environments[0].evaluate: needs a token with the scope evaluate",
    ],
    [
      one({ tokens: [PAGE] }),
      "environments[0].tokens[0].scopes: evaluate needs environments[0].evaluate",
    ],
    [
      one({
        evaluate: true,
        origins: ["https://shop.example"],
        tokens: [{ ...PAGE, scopes: ["configuration", "evaluate"] }],
      }),
      /^environments\[0\]\.tokens\[0\]\.scopes: evaluate cannot be combined with other scopes if there are origins/,
    ],
    [
      one({ tokens: [{ name: "a", sha256: SHA256, flags: {} }] }),
      "environments[0].tokens[0].flags: needs the scope evaluate or manifest; other scopes apply to all flags",
    ],
    [
      one({ evaluate: true, tokens: [{ ...PAGE, flags: { includes: [] } }] }),
      "environments[0].tokens[0].flags.includes: unknown option, did you mean include?",
    ],
    [
      one({ evaluate: true, tokens: [PAGE], redis: { url: "redis://redis" } }),
      "ticketKey: is required with redis, so that replicas accept each other's tickets",
    ],
    [
      one({
        ...{ evaluate: true, tokens: [PAGE], redis: { url: "redis://redis" } },
        loggers: [{ type: "ndjson" }],
      }),
      'environments[0].redis.namespace: expected a name that you choose, such as "shop-production", because exposures in Redis',
    ],
    [
      one({
        ...{ ...GROWTHBOOK, redis: { url: "redis://redis" } },
        tokens: [{ name: "web", sha256: SHA256, remoteEval: true }],
      }),
      'environments[0].redis.namespace: expected a name that you choose, such as "shop-production", because sticky buckets in Redis',
    ],
    [
      {
        environments: [
          { ...EPPO, redis: { url: "redis://redis", namespace: "shop" } },
          {
            ...{ name: "staging", dialect: "eppo", source: { ...SOURCE, baseUrl: "https://b" } },
            redis: { url: "redis://redis", namespace: "shop" },
          },
        ],
      },
      'environments[1].redis.namespace: "shop" is the namespace of the environment "shop", which has another source: give "staging" its own, such as "shop-staging"',
    ],
    [
      one({ loggers: [{ type: "ndjson" }] }),
      "environments[0].loggers: needs environments[0].evaluate",
    ],
    [
      one({ evaluate: true, tokens: [PAGE], loggers: [{ type: "segment", writeKey: "clear" }] }),
      /^environments\[0\]\.loggers\[0\]\.writeKey: is a secret in plain text/,
    ],
    [{ environments: [EPPO], ticketKey: { env: "KEY" } }, "ticketKey: expected at least 32 bytes"],
    [
      { environments: [EPPO], accessLog: "true" },
      /^accessLog: .* write true or false without quotes$/,
    ],
    [{ environments: [EPPO], drainMs: "10s" }, /^drainMs: .*: 30 s is 30000$/],
    [{ environments: [EPPO], ticketKey: "clear" }, /^ticketKey: is a secret in plain text/],
    [{ environments: [EPPO], publicUrl: "/flags" }, /^publicUrl: expected a URL/],
    [{ environments: [EPPO], publicUrl: "https://x/?a" }, /^publicUrl: expected a URL/],
    [{ environments: [EPPO, EPPO] }, "environments[1].name: shop is already used"],
    [hostedAt("*"), HOST_PROBLEM],
    [hostedAt("10.0.0.0/8"), HOST_PROBLEM],
    [hostedAt("relay:9090"), HOST_PROBLEM],
    [hostedAt("*.internal"), HOST_PROBLEM],
    [
      { environments: [EPPO, { ...EPPO, name: "b" }].map((it) => ({ ...it, default: true })) },
      "environments[1].default: another environment is the default",
    ],
    [{ environments: [EPPO], readiness: "some" }, "readiness: expected one of any, all"],
    [
      { environments: [{ name: "shop", dialect: "eppo", source: SOURCE, apiKey: "x" }] },
      "environments[0].apiKey: unknown option; it belongs in environments[0].source",
    ],
    [one({ requestsPerSecond: 1 }), "requestsPerSecond: unknown option; it belongs in the root"],
    [
      one({ host: "x" }),
      "belongs in environments[0].source, under the vendor's name for it: apiHost, baseUrl, host or serverUrl",
    ],
    [one({ vendor: "eppo" }), "environments[0].vendor: unknown option; use dialect"],
    [one({ store: "x" }), /store: unknown option$/],
    [
      one({ redis: { url: "redis://redis", password: "x" } }),
      "redis.password: unknown option; write it in url: redis://USER:PASSWORD@HOST:PORT/DB, or rediss:// for TLS",
    ],
    [
      one({ tokens: [{ name: "a", sha256: SHA256, password: "x" }] }),
      "tokens[0].password: unknown option; write sha256",
    ],
    [
      { environments: [EPPO], host: "0.0.0.0" },
      'host: unknown option; use listen, such as "0.0.0.0:8080"',
    ],
    [
      { environments: [EPPO], tls: {} },
      "tls: unknown option; the relay does not terminate TLS: put it",
    ],
    [
      { environments: [EPPO], listen: "http://0.0.0.0:80/" },
      'listen: expected a port, or "host:port": write "0.0.0.0:80"',
    ],
    [one({ drainMs: 1 }), /drainMs: unknown option; it belongs in the root object/],
    [{ environments: [EPPO], tokens: [] }, "tokens: unknown option; it belongs in environments[0]"],
    [
      { environments: [EPPO], admin: { password: "clear" } },
      /^admin\.password: is a secret in plain text/,
    ],
  ])("rejects %j", (content, message) => {
    expect(() => read(content)).toThrow(message);
    try {
      read(content);
    } catch (error) {
      expect(String(error)).not.toMatch(/clear@|key-4711|\n/);
    }
  });
});

it("the reference has exactly one row for each member", () => {
  const page = new URL("../../../../docs/reference/relay.md", import.meta.url);
  const text = readFileSync(page, "utf8");
  const [, section = ""] = /^## The configuration file$([\s\S]*?)^## /m.exec(text) ?? [];
  const rows = [...section.matchAll(/^\| `((?:admin\.|environments\[\]\.)?\w+)` \|/gm)];
  const groups = new Set(["admin", "environments"]);
  expect(rows.map(([, name]) => name)).toEqual([
    ...["listen", ...Object.keys(ADMIN).map((it) => `admin.${it}`), "maxStreams", "streamLifeMs"],
    ...["drainMs", "readiness", "spreadMs", "publicUrl", "ticketKey"],
    ...["logLevel", "accessLog", "requestsPerSecond"],
    ...Object.keys(ENVIRONMENT).map((it) => `environments[].${it}`),
  ]);
  expect(Object.keys(RELAY).filter((it) => !groups.has(it))).toEqual([
    ...["listen", "maxStreams", "streamLifeMs", "drainMs", "readiness", "spreadMs", "publicUrl"],
    ...["ticketKey", "logLevel", "accessLog", "requestsPerSecond"],
  ]);
});
