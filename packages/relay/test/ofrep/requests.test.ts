import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { ifWhole } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { describe, expect, it, vi } from "vitest";
import { rawExchange, statusOf } from "../raw.js";
import { ENVIRONMENTS, later, relayOf, VARIABLES } from "../start.js";
import { ask, askAll, askOne, evaluating, PAGE, SERVER } from "./ground.js";

const ALICE = { targetingKey: "alice", plan: "gold" };
const { ATTRIBUTE, KEY, PAGE_TOKEN, SERVER_TOKEN } = VARIABLES;

const textOf = async (answer: Promise<Response>): Promise<string> => await (await answer).text();

describe("one flag", () => {
  it("returns value, variant, reason and metadata", async () => {
    const relay = await relayOf({ environments: [evaluating("amplitude", PAYLOADS.amplitude)] });
    const answer = await askOne(relay.url, "string", ALICE);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toEqual({
      key: "string",
      value: "blue",
      variant: "v",
      reason: "TARGETING_MATCH",
      metadata: { flagVersion: 3 },
    });
  });

  ifWhole(it)("has no value if no rule matches", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    expect(await textOf(askOne(relay.url, "none", ALICE))).toBe(
      '{"key":"none","reason":"UNKNOWN","metadata":{"reason":"DEFAULT"}}',
    );
    expect(await textOf(askOne(relay.url, "disabled", ALICE))).toBe(
      '{"key":"disabled","reason":"DISABLED"}',
    );
  });

  ifWhole(it)("has an error with the reason if its definition has an unknown format", async () => {
    const filters = { rules: [{ when: "always", value: true }], config_version: 2 };
    const definitions = { flags: [{ id: 1, key: "newer", active: true, filters }] };
    const relay = await relayOf({ environments: [evaluating("posthog", definitions)] });
    const answer = await askOne(relay.url, "newer", ALICE);
    expect(await answer.json()).toEqual({
      key: "newer",
      errorCode: "GENERAL",
      errorDetails: 'flag "newer": cannot be evaluated locally: unsupported_definition',
      metadata: { flagId: 1 },
    });
  });

  it("is requested with the environment's name in the path, or without it if there is only one environment", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    for (const base of [relay.url, `${relay.url}/eppo`]) {
      expect((await askOne(base, "boolean", ALICE)).status).toBe(200);
    }
    const two = await relayOf({
      environments: [
        evaluating("eppo", PAYLOADS.eppo),
        evaluating("growthbook", PAYLOADS.growthbook),
      ],
    });
    expect((await askOne(`${two.url}/growthbook`, "boolean", ALICE)).status).toBe(200);
    expect((await askOne(two.url, "boolean", ALICE)).status).toBe(404);
  });

  ifWhole(it)("with an odd name is found", async () => {
    const keys = [
      "a/b",
      "%",
      "%2F",
      "\0",
      "ä ö",
      "__proto__",
      "x".repeat(10_000),
      "?",
      "#",
      ":key",
    ];
    const features = Object.fromEntries(keys.map((key) => [key, { defaultValue: `at ${key}` }]));
    const relay = await relayOf({ environments: [evaluating("growthbook", { features })] });
    for (const key of keys) {
      const answer = await askOne(relay.url, key, ALICE);
      expect([answer.status, await answer.json()]).toEqual([
        200,
        { key, value: `at ${key}`, reason: "STATIC" },
      ]);
    }
  });
});

describe("a token", () => {
  const environments = [evaluating("eppo", PAYLOADS.eppo)];

  it("can be sent in either header", async () => {
    const relay = await relayOf({ environments });
    const headers = { authorization: "", "x-api-key": PAGE_TOKEN };
    expect((await askOne(relay.url, "boolean", ALICE, headers)).status).toBe(200);
    expect((await askAll(relay.url, ALICE, headers)).status).toBe(200);
  });

  it("gets 401 if it is wrong, and 403 without the scope", async () => {
    const relay = await relayOf({ environments });
    for (const ask of [
      askAll,
      (url: string, ...rest: [object, object?]) => askOne(url, "boolean", ...(rest as [object])),
    ]) {
      const statuses = await Promise.all(
        ["", "Bearer wrong", `Bearer ${SERVER_TOKEN}`, `Basic ${PAGE_TOKEN}`].map(
          async (authorization) => (await ask(relay.url, ALICE, { authorization })).status,
        ),
      );
      expect(statuses).toEqual([401, 401, 403, 401]);
    }
  });

  it("says whether it is missing, and which method it is for", async () => {
    const relay = await relayOf({ environments });
    const textFor = (authorization: string) => textOf(askAll(relay.url, ALICE, { authorization }));
    expect(await textFor("")).toContain("is missing: send Authorization: Bearer TOKEN");
    expect(await textFor("Bearer x")).toContain("the token is missing or wrong");
    const read = await fetch(`${relay.url}/ofrep/v1/evaluate/flags`);
    expect([read.status, await read.text()]).toEqual([404, expect.stringContaining("use POST")]);
  });

  it("cannot be the vendor's key", async () => {
    const server = await startTestServer({ kind: "answer", body: JSON.stringify(PAYLOADS.eppo) });
    later(() => server.close());
    const own = { ...ENVIRONMENTS.Eppo(server.url), tokens: [PAGE, SERVER], evaluate: true };
    const relay = await relayOf({ environments: [own] });
    const authorization = `Bearer ${KEY}`;
    expect((await askOne(relay.url, "boolean", ALICE, { authorization })).status).toBe(401);
    expect((await askOne(relay.url, "boolean", ALICE)).status).toBe(200);
  });

  it("with the scope evaluate cannot read rules", async () => {
    const relay = await relayOf({ environments });
    const rules = (key: string) => fetch(`${relay.url}/flag-config/v1/config?apiKey=${key}`);
    expect((await rules(PAGE_TOKEN)).status).toBe(401);
    expect((await rules(SERVER_TOKEN)).status).toBe(200);
    // The answer is that to a wrong token, but the log is not.
    const lines = relay.log.filter((it) => it.includes("lacks a scope"));
    expect(lines.map((it) => JSON.parse(it))).toMatchObject([
      { route: "/flag-config/v1/config", token: "page" },
    ]);
  });

  it("can evaluate only flags that match its patterns; others look unknown", async () => {
    const token = { ...PAGE, flags: { include: ["b*", "string"], exclude: ["blank"] } };
    const relay = await relayOf({
      environments: [evaluating("eppo", PAYLOADS.eppo, { tokens: [token] })],
    });
    const all = JSON.parse(await textOf(askAll(relay.url, ALICE)));
    expect(all.flags.map((it: { readonly key: string }) => it.key)).toEqual(["boolean", "string"]);
    const [excluded, unknown] = await Promise.all(
      ["blank", "blink"].map((key) => askOne(relay.url, key, ALICE)),
    );
    expect([excluded?.status, unknown?.status]).toEqual([404, 404]);
    const [known, none] = [await excluded?.text(), await unknown?.text()];
    expect(known?.replace("blank", "blink")).toBe(none);
    expect(none).toBe(
      '{"key":"blink","errorCode":"FLAG_NOT_FOUND","errorDetails":"there is no such flag"}',
    );
  });
});

describe("an environment", () => {
  it("gets 404 if it is unknown or does not evaluate flags", async () => {
    const quiet = evaluating("eppo", PAYLOADS.eppo, {
      name: "quiet",
      tokens: [SERVER],
      evaluate: false,
    });
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo), quiet] });
    for (const name of ["quiet", "nobody", "__proto__"]) {
      for (const [answer, path] of [
        [await askOne(`${relay.url}/${name}`, "boolean", ALICE), "/flags/:key"],
        [await askAll(`${relay.url}/${name}`, ALICE), "/flags"],
      ] as const) {
        expect([answer.status, await answer.text()]).toEqual([
          404,
          `{"errorDetails":"there is no such path: write /ENVIRONMENT/ofrep/v1/evaluate${path}, where ENVIRONMENT has evaluate: true"}`,
        ]);
      }
    }
  });

  it("without a configuration gets 503 with a valid token", async () => {
    const server = await startTestServer({ kind: "answer", status: 500 });
    later(() => server.close());
    const own = { ...ENVIRONMENTS.Eppo(server.url), tokens: [PAGE], evaluate: true };
    const relay = await relayOf({ environments: [own] }, { waits: false });
    for (const answer of [
      await askOne(relay.url, "boolean", ALICE),
      await askAll(relay.url, ALICE),
    ]) {
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    const wrong = { authorization: "Bearer wrong" };
    expect((await askAll(relay.url, ALICE, wrong)).status).toBe(401);
  });
});

const NO_CONTEXT = 'context: expected an object: send "context": { "targetingKey": "user-1" }';

describe("a bad request", () => {
  const deep = `${"[".repeat(30_000)}${"]".repeat(30_000)}`;

  const REJECTED = [
    [
      "not JSON",
      `{"context":{"plan":"${ATTRIBUTE}"`,
      400,
      "PARSE_ERROR",
      "the body is not valid JSON in UTF-8",
    ],
    ["no body", "", 400, "PARSE_ERROR", "the body is not valid JSON in UTF-8"],
    ["a list", "[]", 400, "INVALID_CONTEXT", NO_CONTEXT],
    ["no context", "{}", 400, "INVALID_CONTEXT", NO_CONTEXT],
    ["null", '{"context":null}', 400, "INVALID_CONTEXT", NO_CONTEXT],
    [
      "an object as key",
      '{"context":{"targetingKey":{}}}',
      400,
      "INVALID_CONTEXT",
      "context.targetingKey: expected a string",
    ],
    [
      "no key",
      `{"context":{"plan":"${ATTRIBUTE}"}}`,
      400,
      "TARGETING_KEY_MISSING",
      "context.targetingKey: expected a string, not blank",
    ],
    [
      "a blank key",
      '{"context":{"targetingKey":" "}}',
      400,
      "TARGETING_KEY_MISSING",
      "context.targetingKey: expected a string, not blank",
    ],
    [
      "brackets",
      `{"context":{"targetingKey":"a","deep":${deep}}}`,
      400,
      "INVALID_CONTEXT",
      "context: a value is nested too deeply",
    ],
    ["100,000 brackets", "[".repeat(100_000), 413, "PARSE_ERROR", "the body is longer than 64 KiB"],
    [
      "10 MB",
      `{"context":{"targetingKey":"${"a".repeat(10_000_000)}"}}`,
      413,
      "PARSE_ERROR",
      "the body is longer than 64 KiB",
    ],
  ] as const;

  it("is rejected, unparsed if it is too long", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    const parse = vi.spyOn(JSON, "parse");
    for (const [what, body, status, errorCode, errorDetails] of REJECTED) {
      const one = await ask(relay.url, "evaluate/flags/boolean", body);
      expect([what, one.status, await one.json()]).toEqual([
        ...[what, status],
        { key: "boolean", errorCode, errorDetails },
      ]);
      const all = await ask(relay.url, "evaluate/flags", body);
      expect([what, all.status, await all.json()]).toEqual([
        ...[what, status],
        { errorCode, errorDetails },
      ]);
    }
    const longest = Math.max(...parse.mock.calls.map(([text]) => text.length));
    parse.mockRestore();
    expect(longest).toBeLessThanOrEqual(65_536);
  });

  ifWhole(it)("of another content type gets 415", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
      const answer = await askAll(relay.url, ALICE, { "content-type": type });
      expect([answer.status, await answer.json()]).toEqual([
        415,
        { errorCode: "PARSE_ERROR", errorDetails: "content-type: expected application/json" },
      ]);
    }
  });

  ifWhole(it)("in an encoding other than UTF-8 gets 400", async () => {
    const relay = await relayOf({ environments: [evaluating("eppo", PAYLOADS.eppo)] });
    const { port } = relay.address;
    const body = Buffer.from([0x7b, 0xff, 0x7d]);
    const head = [
      "POST /ofrep/v1/evaluate/flags HTTP/1.1",
      `host: 127.0.0.1:${port}`,
      `authorization: Bearer ${PAGE_TOKEN}`,
      "content-type: application/json",
      "content-length: 3",
      "connection: close",
    ].join("\r\n");
    expect(statusOf(await rawExchange(port, `${head}\r\n\r\n`, body))).toBe(400);
  });
});

ifWhole(it)("odd contexts are evaluated", async () => {
  const relay = await relayOf({ environments: [evaluating("growthbook", PAYLOADS.growthbook)] });
  for (const [what, context] of [
    ["a member __proto__", '{"targetingKey":"alice","plan":"gold","__proto__":{"plan":"none"}}'],
    ["a member twice", '{"targetingKey":"bob","plan":"none","targetingKey":"alice","plan":"gold"}'],
    ["a lone surrogate", '{"targetingKey":"\\ud800","plan":"gold"}'],
    ["a large number", '{"targetingKey":"alice","plan":"gold","n":1e999}'],
  ]) {
    const answer = await ask(relay.url, "evaluate/flags/string", `{"context":${context}}`);
    expect([what, await answer.json()]).toMatchObject([
      what,
      { value: "blue", reason: "TARGETING_MATCH" },
    ]);
  }
});

ifWhole(it)(
  "a pattern that could run forever never matches, unless the configuration allows it",
  async () => {
    const rule = { condition: { path: { $regex: "^(a+)+$" } }, force: "matched" };
    const payload = { features: { risky: { defaultValue: "not", rules: [rule] } } };
    const relay = await relayOf({
      environments: [
        evaluating("growthbook", payload),
        evaluating("growthbook", payload, {
          name: "bold",
          options: { refuseRiskyPatterns: false },
        }),
      ],
    });
    const at = async (name: string, path: string): Promise<unknown> => {
      const answer = await askOne(`${relay.url}/${name}`, "risky", { targetingKey: "alice", path });
      return ((await answer.json()) as { readonly value: unknown }).value;
    };
    expect(await at("growthbook", `${"a".repeat(50_000)}!`)).toBe("not");
    expect(await at("growthbook", "aaa")).toBe("not");
    expect(await at("bold", "aaa")).toBe("matched");
  },
);

describe("a web page", () => {
  const own = evaluating("eppo", PAYLOADS.eppo, { origins: ["https://shop.example"] });
  const withScope = (origins: readonly string[]) => ({ ...own, origins, tokens: [PAGE] });

  it("of a listed origin may evaluate, and can read ETag and Retry-After", async () => {
    const relay = await relayOf({ environments: [withScope(["https://shop.example"])] });
    for (const path of ["evaluate/flags", "evaluate/flags/boolean"]) {
      const preflight = await fetch(`${relay.url}/ofrep/v1/${path}`, {
        method: "OPTIONS",
        headers: {
          origin: "https://shop.example",
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type,if-none-match,x-api-key",
        },
      });
      expect(preflight.status).toBe(204);
      const allowed = preflight.headers.get("access-control-allow-headers")?.split(", ");
      expect(allowed).toEqual(
        expect.arrayContaining(["authorization", "content-type", "if-none-match", "x-api-key"]),
      );
      for (const authorization of [`Bearer ${PAGE_TOKEN}`, "Bearer wrong"]) {
        const answer = await ask(
          relay.url,
          path,
          { context: ALICE },
          {
            origin: "https://shop.example",
            authorization,
          },
        );
        const { headers } = answer;
        expect(headers.get("access-control-allow-origin")).toBe("https://shop.example");
        expect(headers.get("access-control-expose-headers")?.split(", ")).toEqual(
          expect.arrayContaining(["etag", "retry-after"]),
        );
      }
    }
  });

  it("of another origin may not", async () => {
    const relay = await relayOf({ environments: [withScope(["https://shop.example"])] });
    const answer = await askAll(relay.url, ALICE, { origin: "https://other.example" });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });
});
