import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type AssignmentEvent,
  type BanditEvent,
  Configuration,
  createClient,
  DecodeError,
  OptionError,
} from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import {
  createPrecomputedClient,
  type PrecomputedClientOptions,
} from "@sortition/core/precomputed";
import { Random, seedOr } from "@sortition/dialect-kit/differential";
import { conformanceFolder } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { generateBandits } from "./bandit/configurations.js";
import { BanditVendor } from "./bandit/vendor.js";

const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const SEED = seedOr(20_261_121);
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW_MS });
});

afterAll(() => {
  vi.useRealTimers();
});

/** The second one is the name of an event member, which must not be replaced. */
const EXTRA_LOGGING = { holdoutKey: "hållout", evaluationDetails: "none" };

const flag = (variationType: string, value: unknown, more: object = {}) => ({
  enabled: true,
  variationType,
  totalShards: 10_000,
  variations: { on: { key: "on", value } },
  allocations: [
    {
      key: "all",
      doLog: true,
      rules: [{ conditions: [{ attribute: "country", operator: "ONE_OF", value: ["DK"] }] }],
      splits: [{ variationKey: "on", shards: [], extraLogging: EXTRA_LOGGING }],
    },
  ],
  ...more,
});

/** A flag of each type, and flags with edge cases. */
const FLAGS: Readonly<Record<string, object>> = {
  bool: flag("BOOLEAN", false),
  int: flag("INTEGER", 7),
  num: flag("NUMERIC", 1.5e-7),
  text: flag("STRING", "ü😀"),
  json: flag("JSON", '{"a":[1]}'),
  "10": flag("STRING", "ten"),
  "wrong-type": flag("INTEGER", "seven"),
  "broken-json": flag("JSON", "{"),
  off: flag("STRING", "x", { enabled: false }),
  nobody: flag("STRING", "x", { allocations: [] }),
};

function bodyOf(flags: object): string {
  const environment = { name: "Test" };
  return JSON.stringify({
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment,
    flags,
  });
}

function withKeys(flags: Readonly<Record<string, object>>): object {
  return Object.fromEntries(Object.entries(flags).map(([key, wire]) => [key, { key, ...wire }]));
}

function createServer(flags: string, models?: string) {
  return createClient({
    dialect: eppo(),
    initialConfiguration: Configuration.from({
      dialect: eppo(),
      payloads: models === undefined ? { flags } : { flags, bandits: models },
    }),
    clock: { now: () => NOW_MS },
    assignmentLogger: { logAssignment: () => expect.unreachable("nothing is logged") },
    diagnostics: SILENT,
  });
}

describe("a precomputed configuration", () => {
  it("equals the vendor's byte for byte, for flags of all types", async () => {
    const body = bodyOf(withKeys(FLAGS));
    const vendor = new BanditVendor();
    await vendor.load(body, "{}");
    const client = createServer(body);
    for (const subject of [
      { country: "DK", age: 5, isMember: true, none: null },
      { numericAttributes: { age: 1 }, categoricalAttributes: { country: "DK" } },
      { country: "SE" },
    ]) {
      for (const salt of ["salt", "", "ß"]) {
        const theirs = vendor.ask((it) =>
          it.getPrecomputedConfiguration("ålice", subject as never, {}, salt),
        );
        expect(client.getPrecomputedConfiguration("ålice", subject, {}, salt)).toBe(theirs);
      }
    }
  });

  it(`equals the vendor's for generated bandits (SORTITION_SEED=${SEED})`, async () => {
    const random = new Random(SEED);
    const bandits = generateBandits(random, 30);
    const vendor = new BanditVendor();
    await vendor.load(bandits.flagsText, bandits.modelsText);
    const client = createServer(bandits.flagsText, bandits.modelsText);
    // A failing flag makes the vendor's whole call fail. Our side omits it.
    const failing = new Set(
      bandits.flags
        .filter(({ references }) => references.some(({ model }) => (model?.edges.length ?? 1) > 0))
        .map(({ key }) => key),
    );
    const asked = bandits.flags.filter(({ key }) => !failing.has(key));
    expect(asked.length).toBeGreaterThan(5);
    let chosen = 0;
    for (let i = 0; i < 40; i++) {
      const subject = {
        age: random.integer(1, 80),
        country: random.pick(["DK", "SE"]),
        plan: true,
      };
      const actions = {
        nike: { price: 5 },
        adidas: { price: i, colour: "DK" },
        "9": { score: 0.5 },
      };
      const banditActions = Object.fromEntries(asked.map(({ key }) => [key, actions]));
      const theirs = vendor.ask((it) =>
        it.getPrecomputedConfiguration(`user-${i}`, subject as never, banditActions as never, "s"),
      );
      const ours = client.getPrecomputedConfiguration(`user-${i}`, subject, banditActions, "s");
      expect(ours).toBe(theirs);
      chosen += Object.keys(responseOf(ours).bandits).length;
    }
    expect(chosen).toBeGreaterThan(40);
  });

  it("omits flags that fail, although the vendor's whole call fails", async () => {
    const rules = [{ conditions: [{ attribute: "country", operator: "MATCHES", value: "(" }] }];
    const splits = [{ variationKey: "on", shards: [] }];
    const bad = flag("STRING", "x", { allocations: [{ key: "bad", rules, splits }] });
    const body = bodyOf(
      withKeys({ bad, "no-value": flag("STRING", null), text: flag("STRING", "x") }),
    );
    const vendor = new BanditVendor();
    await vendor.load(body, "{}");
    const subject = { country: "DK" };
    expect(() =>
      vendor.ask((it) => it.getPrecomputedConfiguration("a", subject, {}, "s")),
    ).toThrow();
    const ours = createServer(body).getPrecomputedConfiguration("a", subject, {}, "s");
    expect(Object.keys(responseOf(ours).flags)).toHaveLength(1);
  });

  it("has a random salt unless one is given", () => {
    const client = createServer(bodyOf({}));
    const salts = [1, 2].map(() => responseOf(client.getPrecomputedConfiguration("a")).salt);
    expect(salts[0]).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(salts[0]).not.toBe(salts[1]);
  });

  it("has a salt even if the caller's source of random numbers throws", () => {
    const random = (): number => {
      throw new Error("no numbers");
    };
    const client = createClient({ dialect: eppo(), diagnostics: SILENT, random });
    expect(responseOf(client.getPrecomputedConfiguration("a")).salt).toHaveLength(24);
  });

  it("is empty before the first configuration, and absent in other dialects", () => {
    const client = createClient({ dialect: eppo(), diagnostics: SILENT });
    expect(responseOf(client.getPrecomputedConfiguration("a"))).toMatchObject({
      flags: {},
      bandits: {},
    });
    const { precompute: _, ...dialect } = eppo();
    const other = createClient({ dialect, diagnostics: SILENT });
    expect(() => other.getPrecomputedConfiguration("a")).toThrow(OptionError);
  });
});

interface Response {
  readonly salt: string;
  readonly flags: object;
  readonly bandits: object;
}

function responseOf(wire: string): Response {
  return JSON.parse(JSON.parse(wire).precomputed.response);
}

function createReader(
  precomputedConfiguration: string,
  options: Partial<PrecomputedClientOptions> = {},
) {
  const events: (AssignmentEvent | BanditEvent)[] = [];
  const client = createPrecomputedClient({
    precomputedConfiguration,
    assignmentLogger: {
      logAssignment: (event) => void events.push(event),
      logBanditAction: (event) => void events.push(event),
    },
    clock: { now: () => NOW_MS },
    diagnostics: SILENT,
    ...options,
  });
  return { client, events };
}

describe("a client that reads a precomputed configuration", () => {
  const wire = (): string =>
    createServer(bodyOf(withKeys(FLAGS))).getPrecomputedConfiguration("alice", {
      country: "DK",
      age: 5,
    });

  it("returns what the server would have returned", () => {
    const { client } = createReader(wire());
    expect(client.getBooleanAssignment("bool", true)).toBe(false);
    expect(client.getIntegerAssignment("int", 0)).toBe(7);
    expect(client.getNumericAssignment("num", 0)).toBe(1.5e-7);
    expect(client.getStringAssignment("text", "")).toBe("ü😀");
    expect(client.getJSONAssignment("json", {})).toEqual({ a: [1] });
    expect(client.getStringAssignment("10", "")).toBe("ten");
    expect(client.subjectKey).toBe("alice");
  });

  it("logs assignments with the subject and its attributes", () => {
    const { client, events } = createReader(wire());
    client.getStringAssignment("text", "");
    client.getStringAssignment("text", "");
    expect(events).toEqual([
      {
        holdoutKey: "hållout",
        allocation: "all",
        experiment: "text-all",
        featureFlag: "text",
        format: "PRECOMPUTED",
        variation: "on",
        subject: "alice",
        timestamp: "2026-01-02T03:04:05.678Z",
        subjectAttributes: { country: "DK", age: 5 },
        metaData: expect.objectContaining({ obfuscated: true }),
        entityId: null,
        messageId: expect.any(String),
      },
    ]);
  });

  it.each([
    { name: "an unknown flag", ask: "nothing" },
    { name: "a flag of another type", ask: "int" },
    { name: "a flag without a value", ask: "off" },
    { name: "an inherited name", ask: "constructor" },
    { name: "a blank key", ask: "" },
  ])("returns the default for $name, and logs nothing", ({ ask }) => {
    const { client, events } = createReader(wire());
    expect(client.getStringAssignment(ask, "default")).toBe("default");
    expect(client.getBanditAction(ask, "default")).toEqual({ variation: "default", action: null });
    expect(events).toEqual([]);
  });

  it("logs a value that is not valid JSON, and returns the default, like the vendor", () => {
    const { client, events } = createReader(wire());
    expect(client.getJSONAssignment("broken-json", { a: 1 })).toEqual({ a: 1 });
    expect(events).toHaveLength(1);
  });

  it("applies overrides, and throws in strict mode", () => {
    const overrides = { text: { key: "o", value: "other" } };
    expect(createReader(wire(), { overrides }).client.getStringAssignment("text", "")).toBe(
      "other",
    );
    const strict = createReader(wire(), { isGracefulMode: false });
    expect(() => strict.client.getStringAssignment("int", "")).toThrow("type");
  });

  it("returns the same values after it is closed", async () => {
    const { client, events } = createReader(wire());
    expect(client.status).toMatchObject({ state: "ready", dialect: "eppo-precomputed" });
    await client.close();
    expect(client.getStringAssignment("text", "")).toBe("ü😀");
    expect(events).toEqual([]);
  });

  it.each([
    { text: "nope", says: "precomputedConfiguration: $: expected JSON" },
    { text: "{}", says: "precomputedConfiguration: $.precomputed: expected an object" },
    {
      text: '{"precomputed":{"response":"["}}',
      says: "precomputedConfiguration: $.precomputed.response: expected JSON",
    },
    {
      text: '{"precomputed":{"response":"{}","subjectKey":"a"}}',
      says: "$.precomputed.response.flags: expected an object",
    },
    {
      text: '{"precomputed":{"response":"{\\"flags\\":{}}"}}',
      says: "$.precomputed.subjectKey: expected a string",
    },
  ])("rejects $text", ({ text, says }) => {
    expect(() => createReader(text)).toThrow(DecodeError);
    expect(() => createReader(text)).toThrow(says);
  });

  it("treats a malformed result as a failure of that flag", () => {
    const broken = JSON.parse(wire());
    const response = JSON.parse(broken.precomputed.response);
    const hash = Object.keys(response.flags)[0] ?? "";
    response.flags[hash] = { variationType: "STRING", variationValue: 7 };
    broken.precomputed.response = JSON.stringify(response);
    const { client } = createReader(JSON.stringify(broken));
    expect(client.status.issues).toEqual({ found: 1, complete: true });
    expect(client.getStringAssignment("10", "default")).toBe("default");
    expect(client.getStringAssignment("text", "")).toBe("ü😀");
  });
});

const folder = conformanceFolder("eppo");

describe.skipIf(folder === null)("the vendor's own precomputed configuration", () => {
  const read = (name: string): string =>
    readFileSync(join(folder ?? "", "eppo/configuration-wire", name), "utf8");

  it("returns the same flags and actions as its readable twin", () => {
    const { client, events } = createReader(read("precomputed-v1.json"), { deduplication: false });
    const { response, subjectAttributes } = JSON.parse(
      read("precomputed-v1-deobfuscated.json"),
    ).precomputed;
    const flags = Object.entries<Record<string, unknown>>(response.flags);
    expect(flags).toHaveLength(7);
    const getters = {
      STRING: (key: string) => client.getStringAssignment(key, "default"),
      BOOLEAN: (key: string) => client.getBooleanAssignment(key, false),
      INTEGER: (key: string) => client.getIntegerAssignment(key, 0),
      NUMERIC: (key: string) => client.getNumericAssignment(key, 0),
      JSON: (key: string) => JSON.stringify(client.getJSONAssignment(key, {})),
    };
    for (const [key, wire] of flags) {
      const ask = getters[wire["variationType"] as keyof typeof getters];
      expect(ask(key), key).toEqual(wire["variationValue"]);
      expect(events.splice(0)[0]).toMatchObject({
        ...(wire["extraLogging"] as object),
        allocation: wire["allocationKey"],
        variation: wire["variationKey"],
        subject: "test-subject-key",
      });
    }
    const choices = Object.entries<Record<string, unknown>>(response.bandits);
    expect(choices).toHaveLength(2);
    for (const [key, wire] of choices) {
      expect(client.getBanditAction(key, "default")).toEqual({
        variation: "red",
        action: wire["action"],
      });
      // The vendor logs the action's attributes as those of the subject, which would mislead a
      // model.
      expect(events.splice(0)[1]).toMatchObject({
        ...wire,
        flagKey: key,
        subjectNumericAttributes: subjectAttributes.numericAttributes,
        subjectCategoricalAttributes: subjectAttributes.categoricalAttributes,
      });
    }
  });
});
