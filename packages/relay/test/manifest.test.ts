import { readFileSync } from "node:fs";
import { ifWhole, isInPart } from "@sortition/test-kit";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { sha256Of } from "../src/access/tokens.js";
import { TOKEN_REFUSED } from "../src/http/refusals.js";
import { fileOf, PAGE } from "./ofrep/ground.js";
import { relayOf, type TestRelay, VARIABLES } from "./start.js";

const { PAGE_TOKEN, SERVER_TOKEN } = VARIABLES;

/** The response format of OpenFeature's sync API (`api/v0/sync.yaml` in the repository of its CLI). */
const isManifest = new Ajv({ strict: false }).compile({
  type: "object",
  required: ["flags"],
  properties: {
    flags: {
      type: "array",
      items: {
        type: "object",
        required: ["key", "type", "defaultValue"],
        properties: {
          key: { type: "string" },
          description: { type: ["string", "null"] },
          // The CLI also accepts floats, which the API's description lacks.
          type: { enum: ["boolean", "string", "integer", "object", "float"] },
          defaultValue: { type: ["boolean", "string", "number", "object"] },
        },
      },
    },
  },
});

const features = {
  on: { defaultValue: true },
  ratio: { defaultValue: 0.5, rules: [{ force: 0.25 }] },
  count: { defaultValue: 3 },
  layout: { defaultValue: { columns: 2 } },
  list: { defaultValue: [1, 2] },
  "internal-banner": { defaultValue: "Welcome" },
};

const datadog = {
  data: {
    type: "universal-flag-configuration",
    attributes: {
      format: "SERVER",
      environment: { name: "production" },
      flags: {
        theme: {
          ...{ key: "theme", enabled: true, variationType: "STRING" },
          variations: { on: { key: "on", value: "dark" } },
          allocations: [{ key: "all", splits: [{ variationKey: "on", shards: [] }] }],
        },
      },
    },
  },
};

function example(file: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../../../apps/examples/${file}`, import.meta.url), "utf8"),
  );
}

function environment(dialect: string, payload: unknown, members: object = {}): object {
  const generator = { name: "generator", sha256: sha256Of(SERVER_TOKEN), scopes: ["manifest"] };
  return { name: dialect, dialect, file: fileOf(payload), tokens: [generator], ...members };
}

/** Sends a request like `openfeature pull --provider-url URL --auth-token TOKEN`. */
function pull(
  url: string,
  token: string | null = SERVER_TOKEN,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}/openfeature/v0/manifest`, {
    headers: {
      accept: "application/json",
      "user-agent": "openfeature-cli/sync",
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...headers,
    },
  });
}

async function flagsOf(relay: TestRelay): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { flags } = (await (await pull(relay.url)).json()) as { flags: Record<string, unknown>[] };
  return flags;
}

describe("the manifest of OpenFeature's sync API", () => {
  it.each(
    [
      ["eppo", example("flags.json")] as const,
      ["growthbook", { features }] as const,
      ["amplitude", example("amplitude-flags.json")] as const,
      ["posthog", example("posthog-definitions.json")] as const,
      ["datadog", datadog] as const,
    ].filter((_, i) => isInPart(i)),
  )("lists the flags of %s in the format of the API", async (dialect, payload) => {
    const relay = await relayOf({ environments: [environment(dialect, payload)] });
    const response = await pull(relay.url);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("x-manifest-capabilities")).toBe("read");
    const manifest = (await response.json()) as { readonly flags: readonly unknown[] };
    isManifest(manifest);
    expect(isManifest.errors).toBeNull();
    expect(manifest.flags).not.toHaveLength(0);
    expect(await (await pull(`${relay.url}/${dialect}`)).json()).toEqual(manifest);
  });

  it("has types, descriptions and the default values of the payload, sorted by key", async () => {
    const relay = await relayOf({ environments: [environment("growthbook", { features })] });
    const flags = await flagsOf(relay);
    expect(flags.map(({ defaultValue, key, type }) => [key, type, defaultValue])).toEqual([
      ["count", "integer", 3],
      ["internal-banner", "string", "Welcome"],
      ["layout", "object", { columns: 2 }],
      ["list", "object", {}],
      ["on", "boolean", true],
      ["ratio", "float", 0.5],
    ]);
    expect(flags.map(({ description }) => typeof description)).toEqual(flags.map(() => "string"));
  });

  it("leaves out the flags that the token excludes", async () => {
    const generator = { name: "generator", sha256: sha256Of(SERVER_TOKEN), scopes: ["manifest"] };
    const tokens = [{ ...generator, flags: { exclude: ["internal-*"] } }];
    const relay = await relayOf({
      environments: [environment("growthbook", { features }, { tokens })],
    });
    const keys = (await flagsOf(relay)).map(({ key }) => key);
    expect(keys).toEqual(["count", "layout", "list", "on", "ratio"]);
  });

  ifWhole(it)("is compressed, and gets 304 for clients that have it", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`flag-${i}`, { defaultValue: i }]),
    );
    const relay = await relayOf({
      environments: [environment("growthbook", { features: many })],
    });
    const plain = await pull(relay.url, SERVER_TOKEN, { "accept-encoding": "identity" });
    const etag = plain.headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    const zipped = await pull(relay.url, SERVER_TOKEN, { "accept-encoding": "gzip" });
    expect(zipped.headers.get("content-encoding")).toBe("gzip");
    expect(await zipped.json()).toEqual(await plain.json());
    const same = await pull(relay.url, SERVER_TOKEN, { "if-none-match": etag });
    expect([same.status, await same.text()]).toEqual([304, ""]);
  });

  it("requires a token with the scope manifest", async () => {
    const generator = { name: "generator", sha256: sha256Of(SERVER_TOKEN), scopes: ["manifest"] };
    const relay = await relayOf({
      environments: [
        environment("growthbook", { features }, { tokens: [PAGE, generator], evaluate: true }),
      ],
    });
    const wrong = { error: { message: TOKEN_REFUSED, status: 401 } };
    for (const [url, token] of [
      [relay.url, null],
      [relay.url, "srt_other"],
      [`${relay.url}/unknown`, SERVER_TOKEN],
    ] as const) {
      const response = await pull(url, token);
      expect([response.status, await response.json()]).toEqual([401, wrong]);
    }
    const page = await pull(relay.url, PAGE_TOKEN);
    expect([page.status, await page.json()]).toEqual([
      403,
      {
        error: {
          message:
            'the token may not read the manifest: use one whose scopes in relay.json contain "manifest"',
          status: 403,
        },
      },
    ]);
    const lines = relay.log.filter((it) => it.includes("lacks a scope"));
    expect(lines.map((it) => JSON.parse(it))).toMatchObject([
      { route: "/openfeature/v0/manifest", token: "page" },
    ]);
    // The token reads only types, not rules.
    expect((await fetch(`${relay.url}/api/features/${SERVER_TOKEN}`)).status).toBe(401);
  });

  it("gets 503 before the first configuration", async () => {
    const source = { clientKey: { env: "KEY" }, apiHost: "http://127.0.0.1:1" };
    const empty = environment("growthbook", {}, { file: undefined, source });
    const waiting = await relayOf({ environments: [empty] }, { waits: false });
    const early = await pull(waiting.url);
    expect(early.status).toBe(503);
    expect(early.headers.get("retry-after")).toMatch(/^\d+$/);
  });

  it.each([
    {
      dialect: "eppo",
      payload: {
        ...{ createdAt: "2026-01-05T00:00:00.000Z", format: "CLIENT", environment: { name: "x" } },
        flags: { "5d41402abc4b2a76b9719d911017c592": { key: "5d41402abc4b2a76b9719d911017c592" } },
      },
      problem: "flag keys are hashed",
    },
    {
      dialect: "growthbook",
      payload: { encryptedFeatures: "AAAA.BBBB" },
      problem: "flags are encrypted",
    },
  ])("gets 500 instead of an empty list if $problem", async ({ dialect, payload, problem }) => {
    const relay = await relayOf({ environments: [environment(dialect, payload)] });
    const response = await pull(relay.url);
    expect([response.status, await response.json()]).toMatchObject([
      500,
      { error: { message: expect.stringContaining(problem) } },
    ]);
  });
});
