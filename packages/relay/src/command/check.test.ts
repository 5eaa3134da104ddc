import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { configOf, withDefaults } from "./options.js";
import { run } from "./run.js";

const folder = mkdtempSync(join(tmpdir(), "relay-check-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SHA256 = "a".repeat(64);
const shop = { name: "shop", dialect: "eppo", source: { apiKey: { env: "EPPO_KEY" } } };
const price = { name: "price", dialect: "growthbook", source: { clientKey: { file: "/none" } } };
const page = { name: "page", sha256: SHA256, scopes: ["evaluate"] };

/** Checks a file without setting any secrets. */
async function check(content: unknown) {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  const text = { stdout: "", stderr: "" };
  const collecting = (name: keyof typeof text): Writable =>
    new Writable({
      write(chunk, _, done) {
        text[name] += chunk;
        done();
      },
    });
  const code = await run(["check", file, "--offline"], {
    stdout: collecting("stdout"),
    stderr: collecting("stderr"),
    env: {},
    onStop() {},
    onReload() {},
  });
  const problems = text.stderr.split("\n").filter((it) => it !== "");
  return { code, file, problems, ...text };
}

describe("check --offline", () => {
  it("lists secrets that are not set, and passes", async () => {
    const { code, file, stdout } = await check({ environments: [shop] });
    expect([code, stdout]).toEqual([
      0,
      `not set: environments[0].source.apiKey: the variable EPPO_KEY is not set, or is blank\n${file} is valid; no vendor was contacted\n`,
    ]);
  });

  it("accepts secrets of every kind without their values", async () => {
    const all = {
      admin: { listen: "0.0.0.0:9090", password: { env: "PASSWORD" } },
      ticketKey: { env: "TICKETS" },
      environments: [
        {
          ...shop,
          ...{
            redis: { url: { env: "REDIS" }, namespace: "shop" },
            evaluate: true,
            tokens: [page],
          },
          loggers: [{ type: "ndjson", path: "events.ndjson" }],
        },
        { ...price, webhookSecret: { env: "HOOK" }, options: { decryptionKey: { env: "KEY" } } },
        { name: "a", dialect: "amplitude", source: { deploymentKey: { env: "A" } } },
        {
          ...{ name: "p", dialect: "posthog", default: true },
          source: { secretKey: { env: "P" }, projectApiKey: "phc_x" },
        },
      ],
    };
    const { code, problems, stdout } = await check(all);
    expect([code, problems]).toEqual([0, []]);
    expect(stdout.match(/^not set: /gm)).toHaveLength(9);
  });

  it("accepts a short interval with Redis, because the fleet derives all its timings from it", async () => {
    const source = { ...shop.source, pollIntervalMs: 1_000 };
    const { code, problems } = await check({
      environments: [{ ...shop, source, redis: { url: "redis://x" } }],
    });
    expect([code, problems]).toEqual([0, []]);
  });

  it("warns if requests that name no environment are rejected", async () => {
    const { code, problems } = await check({ environments: [shop, price] });
    expect([code, problems]).toEqual([
      0,
      [
        'warning: requests that name no environment get 401. To serve them, set "default": true in one environment',
      ],
    ]);
    const one = await check({ environments: [shop, { ...price, default: true }] });
    expect(one.problems).toEqual([]);
  });

  it.each([
    ["{", ["is not JSON: line 1, column 2: expected"]],
    ['{\n  "environments": [\n    {,}\n  ]\n}', ["is not JSON: line 3, column 6: expected"]],
    ['{ "listen": 8080 "admin": {} }', ["is not JSON: line 1, column 18: expected"]],
    [
      { listen: "x", maxStreams: -1, environments: [] },
      [
        "listen: expected a port",
        "maxStreams: expected an integer",
        "environments: expected a list",
      ],
    ],
    [
      { enviroments: [], spreadMs: "1" },
      ["enviroments: unknown option, did you mean environments?", "environments:", "spreadMs:"],
    ],
    [
      { environments: [{ ...shop, apiKey: {}, tokns: [] }] },
      [
        "environments[0].apiKey: unknown option; it belongs in environments[0].source",
        "environments[0].tokns: unknown option, did you mean tokens?",
      ],
    ],
    [
      { environments: [{ ...shop, pollIntervalMs: 1, namespace: "x", password: "x" }] },
      [
        "pollIntervalMs: unknown option; it belongs in environments[0].source",
        "namespace: unknown option; it belongs in environments[0].redis",
        "password: unknown option; it belongs in admin",
      ],
    ],
    [
      {
        environments: [
          { ...shop, options: { x: 1 } },
          { ...price, default: true, source: { ...price.source, streaming: 1 } },
        ],
      },
      ["environments[0].options.x: unknown option", "environments[1].source.streaming: expected"],
    ],
    [
      {
        environments: [
          { ...shop, source: { ...shop.source, tls: {}, webhookSecret: { env: "EPPO_KEY" } } },
          { ...price, source: { ...price.source, decryptionKey: price.source.clientKey } },
        ],
      },
      [
        "source.tls: unknown option; for a private certificate authority, set the environment variable NODE_EXTRA_CA_CERTS to the path of its certificate",
        "source.webhookSecret: unknown option; it belongs in environments[0]",
        "source.decryptionKey: unknown option; it belongs in environments[1].options",
      ],
    ],
    [
      {
        environments: [
          {
            ...{ ...shop, evaluate: true, tokens: [page] },
            loggers: [
              { type: "ndjson" },
              { type: "ndjson", path: "x", maxSizeByte: 1 },
              { type: "csv" },
            ],
          },
        ],
      },
      [
        "environments[0].loggers[2].type: expected one of ndjson, segment, rudderstack, snowplow",
        "environments[0].loggers[0].path: expected a path",
        "environments[0].loggers[1].maxSizeByte",
      ],
    ],
    [
      { environments: [shop], admin: { listen: "0.0.0.0:1", hosts: ["*"], port: 1 } },
      [
        "admin.port: unknown option",
        "admin.hosts[0]: expected a host name",
        'admin.password: is required if admin.listen is not a loopback address: write "password": { "env": "VARIABLE" }',
      ],
    ],
    [
      {
        environments: [
          {
            ...{ ...shop, name: "A", options: { x: 1 }, webhookSecret: { env: "X" } },
            ...{ source: { ...shop.source, baseUri: "x" }, tokens: [{ name: "t", sha256: "00" }] },
          },
          { ...shop, diskCache: { directory: "relative" } },
          { ...shop, evaluate: true, tokens: [page, page], redis: { url: "redis://x" } },
        ],
      },
      [
        "environments[0].name: expected 1 to 63",
        "environments[0].tokens[0].sha256: expected the 64",
        "environments[0].webhookSecret: only GrowthBook",
        "environments[2].tokens[1].name: page is already used",
        "environments[2].name: shop is already used",
        "environments[0].options.x: unknown option",
        "environments[0].source.baseUri: unknown option",
        "environments[1].diskCache.directory: expected an absolute path",
      ],
    ],
    [
      {
        environments: [
          {
            ...{ ...shop, diskCache: { directory: "relative" } },
            source: { ...shop.source, baseUri: "x" },
          },
          { ...price, redis: { url: "redis://x" }, source: { pollJitterMs: 1, retries: 1 } },
        ],
      },
      [
        "environments[0].source.baseUri: unknown option",
        "environments[0].diskCache.directory: expected an absolute path",
        "environments[1].source.pollJitterMs: cannot be given together with redis",
        "environments[1].source.retries: unknown option",
        "environments[1].source.clientKey: ",
      ],
    ],
  ])("reports all problems of %j", async (content, expected) => {
    const { code, problems, stderr } = await check(content);
    expect([code, problems]).toEqual([2, expected.map((it) => expect.stringContaining(it))]);
    expect(stderr).not.toContain("clear\n");
  });
});

describe("--host", () => {
  const serve = async (...args: readonly string[]) => {
    let stderr = "";
    const write = new Writable({
      write(chunk, _, done) {
        stderr += chunk;
        done();
      },
    });
    const env = { SORTITION_RELAY_KEY: "key", SORTITION_RELAY_PROJECT_KEY: "phc_x" };
    const listen = ["--listen", "0"];
    const code = await run([...args, ...listen], {
      ...{ stdout: new Writable({ write: (_, __, done) => done() }), stderr: write, env },
      onStop: (stop) => stop(),
      onReload() {},
    });
    return [code, stderr];
  };

  it.each([
    ["eppo", "https://flags.example", { baseUrl: "https://flags.example" }],
    ["growthbook", "https://flags.example", { apiHost: "https://flags.example" }],
    ["amplitude", "eu", { serverZone: "eu" }],
    ["amplitude", "https://flags.example", { serverUrl: "https://flags.example" }],
    ["posthog", "eu", { host: "https://eu.i.posthog.com" }],
    ["posthog", "https://flags.example", { host: "https://flags.example" }],
  ])("for %s, with the value %s, sets the vendor's option", (dialect, host, option) => {
    const variables = { SORTITION_RELAY_KEY: "key", SORTITION_RELAY_PROJECT_KEY: "phc_x" };
    const [environment] = configOf({ dialect, host }, variables).environments;
    expect(environment?.input).toMatchObject({ kind: "source", source: option });
  });

  it.each([
    [["--dialect", "eppo", "--host", "eu"], "--host: expected a URL such as"],
    [["--dialect", "amplitude", "--host", "asia"], "--host: expected eu, us or a URL such as"],
    [["--config", "x.json", "--host", "eu"], "--host: needs --dialect"],
    [["--config", "x.json", "--host", "0.0.0.0"], "to listen there, use --listen 0.0.0.0:8080"],
    [["--host", "0.0.0.0"], "to listen there, use --listen 0.0.0.0:8080"],
    [["--dialect", "eppo", "--host", "::1"], "to listen there, use --listen [::1]:8080"],
    [["--port", "9000"], "--port: unknown option; use --listen 9000"],
    [["relay.json"], "relay.json: write --config relay.json"],
    [["--config", "relay.yaml"], "relay.yaml: is YAML; write JSON"],
  ])("rejects %j", async (args, message) => {
    expect(await serve(...args)).toEqual([2, expect.stringContaining(message)]);
  });
});

it("a bad address in a variable is reported with its name", () => {
  const variables = { SORTITION_RELAY_LISTEN: "tcp://0.0.0.0:8080" };
  expect(() => withDefaults({}, variables)).toThrow(
    'SORTITION_RELAY_LISTEN: expected a port, or "host:port": write "0.0.0.0:8080"',
  );
  expect(withDefaults({ listen: "80" }, variables)).toEqual({ listen: "80" });
});
