import type { EvaluationContext, Logger } from "@openfeature/server-sdk";
import { createClient } from "@sortition/core";
import { describe, expect, it, vi } from "vitest";
import { SortitionProvider, type SortitionProviderOptions } from "../src/index.js";
import { DIALECT_NAMES, DIALECTS, groundOf } from "./support/dialects.js";

const ALICE = { targetingKey: "alice", plan: "gold" };

describe("the constructor", () => {
  const { client } = groundOf("eppo");

  it.each([{ given: undefined }, { given: null }, { given: {} }, { given: "client" }])(
    "rejects $given as a client",
    ({ given }) => {
      expect(() => new SortitionProvider(given as never)).toThrow(
        expect.objectContaining({ code: "SORTITION_OPTION" }),
      );
      expect(() => SortitionProvider.create(given as never)).toThrow(/createClient: expected/);
    },
  );

  it("rejects a closed client", async () => {
    const closed = groundOf("eppo").client;
    await closed.close();
    expect(() => new SortitionProvider(closed)).toThrow("client: is closed");
  });

  it.each([
    { options: { metdata: "all" }, message: "metdata: unknown option, did you mean metadata?" },
    { options: { metadata: "some" }, message: 'metadata: expected "all", "vendor" or "none"' },
    { options: { banditActions: [] }, message: "write (flagKey, context) => actions" },
    { options: { defaultTargetingKey: "" }, message: "defaultTargetingKey: expected" },
    { options: { staleReason: 1 }, message: "staleReason: expected a boolean" },
    { options: { omitContextId: null }, message: "omitContextId: expected a boolean" },
  ])("rejects $options", ({ message, options }) => {
    const given = options as unknown as SortitionProviderOptions;
    expect(() => new SortitionProvider(client, given)).toThrow(message);
    expect(() => SortitionProvider.create(() => client, given)).toThrow(message);
  });
});

describe("a mistake in a call", () => {
  it.each(DIALECT_NAMES)("is reported once, with OpenFeature's getter, for %s", async (name) => {
    const lines: string[] = [];
    const ignore = (): void => {};
    const warn = (message: string): void => void lines.push(message);
    const diagnostics = { debug: ignore, info: ignore, error: ignore, warn };
    const provider = new SortitionProvider(groundOf(name, undefined, { diagnostics }).client);
    for (let i = 0; i < 2; i++) {
      await provider.resolveNumberEvaluation("no-such-flag-at-all", 1, ALICE);
      await provider.resolveStringEvaluation("boolean", "", ALICE);
    }
    const [unknown, mismatch, ...others] = lines;
    expect(unknown).toContain('no such flag "no-such-flag-at-all": default returned');
    const what = name === "eppo" ? /use getBooleanValue$/ : /"boolean"/;
    if (mismatch !== undefined || name === "eppo") expect(mismatch).toMatch(what);
    expect(others).toEqual([]);
  });

  it.each(DIALECT_NAMES)("is reported once for a default of another kind, for %s", async (name) => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message) } as unknown as Logger;
    const provider = new SortitionProvider(groundOf(name).client);
    for (const defaultValue of [[], [], {}, null]) {
      await provider.resolveObjectEvaluation("object", defaultValue, ALICE, logger);
    }
    expect(warnings).toEqual([
      'sortition: flag "object": the value is an object, but the default is a list, which is returned: pass an object',
    ]);
  });
});

describe("a targeting key", () => {
  it.each([
    { name: "eppo", code: "TARGETING_KEY_MISSING" },
    { name: "posthog", code: "TARGETING_KEY_MISSING" },
    { name: "growthbook", code: undefined },
    { name: "amplitude", code: undefined },
  ] as const)("that is absent results in $code with $name", async ({ code, name }) => {
    const { client } = groundOf(name);
    const absent = new SortitionProvider(client);
    for (const context of [{}, { targetingKey: "" }]) {
      const { errorCode, value } = await absent.resolveBooleanEvaluation("boolean", false, context);
      expect({ errorCode, value }).toEqual({ errorCode: code, value: code === undefined });
    }
    const provider = new SortitionProvider(client, { defaultTargetingKey: "anybody" });
    const { flagMetadata, value } = await provider.resolveBooleanEvaluation("boolean", false, {});
    expect(value).toBe(true);
    expect(flagMetadata).toMatchObject({ contextId: "anybody" });
  });

  it("causes no exposure if it is absent and there is no hash value", async () => {
    const { client, events } = groundOf("amplitude");
    const provider = new SortitionProvider(client);
    const { flagMetadata } = await provider.resolveBooleanEvaluation("boolean", false, {});
    expect(flagMetadata).toMatchObject({ exposure: "not-loggable" });
    expect(flagMetadata).not.toHaveProperty("contextId");
    expect(events).toEqual([]);
  });
});

const cycle: Record<string, unknown> = {};
cycle["self"] = cycle;

const CONTEXTS: readonly (readonly [what: string, context: unknown, code: string | undefined])[] = [
  [
    "a getter that throws",
    Object.defineProperty({}, "a", { enumerable: true, get: fail }),
    "INVALID_CONTEXT",
  ],
  [
    "a nested getter that throws",
    { a: Object.defineProperty({}, "a", { enumerable: true, get: fail }) },
    "INVALID_CONTEXT",
  ],
  ["a cycle", { cycle }, "INVALID_CONTEXT"],
  ["a targeting key that is a number", { targetingKey: 5 }, "INVALID_CONTEXT"],
  ["null", null, "INVALID_CONTEXT"],
  ["a symbol", { a: Symbol("a") }, undefined],
  ["10 MB", { a: "x".repeat(10_000_000) }, undefined],
  ["a targeting key of 10 MB", { targetingKey: "x".repeat(10_000_000) }, undefined],
  ["a Map", new Map([["a", 1]]), undefined],
  ["members of prototypes", { constructor: 1, toString: 1, hasOwnProperty: 1 }, undefined],
];

function fail(): never {
  throw new Error("alice@example.com");
}

describe.each(DIALECT_NAMES)("a getter with the dialect %s", (name) => {
  it.each(CONTEXTS)("returns a resolution for a context with %s", async (_, odd, code) => {
    const provider = new SortitionProvider(groundOf(name).client, { defaultTargetingKey: "alice" });
    const context = odd as EvaluationContext;
    const details = await provider.resolveBooleanEvaluation("boolean", false, context);
    expect(details.errorCode).toBe(code);
    expect(details.value).toBe(code === undefined);
    expect(details.errorMessage ?? "").not.toContain("alice");
  });

  it.each([["", undefined, null, 5, Symbol("s"), {}, "x".repeat(10_000_000)]])(
    "returns a resolution for odd flag keys",
    async (...keys) => {
      const provider = new SortitionProvider(groundOf(name).client);
      for (const key of keys) {
        const details = await provider.resolveStringEvaluation(key as string, "d", ALICE);
        expect(details).toMatchObject({ value: "d", reason: "ERROR" });
        expect(details.errorMessage?.length).toBeLessThan(200);
      }
    },
  );

  it("returns a resolution without a configuration, and in strict mode", async () => {
    const empty = createClient({ dialect: DIALECTS[name](), assignmentLogger: null });
    const unready = new SortitionProvider(empty);
    for (const context of [ALICE, {}]) {
      const { errorCode } = await unready.resolveBooleanEvaluation("boolean", false, context);
      expect(errorCode).toBe("PROVIDER_NOT_READY");
    }
    const { client } = groundOf(name, undefined, { isGracefulMode: false });
    const strict = new SortitionProvider(client);
    const codeOf = async (key: string) =>
      (await strict.resolveNumberEvaluation(key, 5, ALICE)).errorCode;
    const malformed = name === "posthog" ? "GENERAL" : "PARSE_ERROR";
    expect([await codeOf("malformed"), await codeOf("missing")]).toEqual([
      malformed,
      "FLAG_NOT_FOUND",
    ]);
    expect(await codeOf("integer")).toBeUndefined();
  });
});

describe("banditActions", () => {
  const bandits = (banditActions: SortitionProviderOptions["banditActions"]) => {
    const { client, events } = groundOf("eppo");
    const provider = new SortitionProvider(client, banditActions ? { banditActions } : {});
    return { provider, events };
  };

  it("results in GENERAL if it throws, without the thrown message", async () => {
    const { provider } = bandits(fail);
    const details = await provider.resolveObjectEvaluation("string", { a: 1 }, ALICE);
    expect(details).toMatchObject({ value: { a: 1 }, errorCode: "GENERAL" });
    expect(details.errorMessage).not.toContain("alice");
  });

  it("makes the object getter return variation and action", async () => {
    const { provider, events } = bandits((flagKey) => (flagKey === "string" ? ["a"] : null));
    const details = await provider.resolveObjectEvaluation("string", {}, ALICE);
    expect(details).toMatchObject({
      value: { variation: "blue", action: null },
      variant: "v",
      reason: "TARGETING_MATCH",
      flagMetadata: { banditExposure: "default" },
    });
    expect(events).toHaveLength(1);
    const plain = await provider.resolveObjectEvaluation("object", {}, ALICE);
    expect(plain.value).toEqual({ n: [1] });
  });
});

describe("a context in the place of the default", () => {
  it("is reported with the order of the arguments", async () => {
    const warn = vi.fn();
    const logger = { warn } as unknown as Logger;
    const provider = new SortitionProvider(groundOf("eppo").client);
    await provider.resolveObjectEvaluation("object", ALICE, {}, logger);
    expect(warn.mock.calls.flat()).toEqual([
      expect.stringContaining("write (flagKey, defaultValue, context)"),
    ]);
  });
});

describe("nested values", () => {
  it("are left out without a report if rules cannot read them", async () => {
    const warnings: string[] = [];
    const logger = { warn: (message: string) => warnings.push(message) } as unknown as Logger;
    const provider = new SortitionProvider(groundOf("eppo").client);
    const context = { ...ALICE, cart: { items: [1] } };
    await provider.resolveBooleanEvaluation("boolean", false, context, logger);
    expect(warnings).toEqual([]);
  });
});
