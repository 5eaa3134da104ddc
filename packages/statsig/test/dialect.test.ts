import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AssignmentEvent, Configuration, createClient } from "@sortition/core";
import { createClient as createNodeClient } from "@sortition/node";
import { describe, expect, it } from "vitest";
import { type StatsigOptions, statsig, statsigLegacy } from "../src/dialect.js";
import { statsigExplainer } from "../src/explain.js";
import { clientOf, evaluate, type Sdk } from "./ours.js";
import { toV1, type V2 } from "./v1.js";

const RULE = { name: "r", salt: "r", idType: "userID", passPercentage: 100, returnValue: {} };
const SPEC = {
  ...{ type: "dynamic_config", entity: "dynamic_config", salt: "s" },
  ...{ enabled: true, idType: "userID", defaultValue: {} },
};
const GROUP = { ...RULE, isExperimentGroup: true, conditions: ["low"] };
const CONDITION = { additionalValues: {}, field: null, idType: "userID", operator: "any" };

/** A gate with one rule. */
function gate(id: string, condition: string, entity = "feature_gate") {
  const rules = [{ ...RULE, id, conditions: [condition], returnValue: true }];
  return { ...SPEC, type: "feature_gate", entity, defaultValue: false, rules };
}

const PAYLOAD: V2 = {
  ...{ has_updates: true, time: 1_700_000_000_000, experiment_to_layer: {} },
  feature_gates: {
    banner: gate("in DK", "dk"),
    theme: gate("listed", "list"),
    held: gate("held", "swede", "holdout"),
    phone: gate("ios", "ios"),
    odd: gate("odd", "odd"),
    off: { ...SPEC, type: "feature_gate", enabled: false, defaultValue: false, rules: [] },
  },
  dynamic_configs: {
    theme: {
      ...{ ...SPEC, entity: "experiment", defaultValue: { colour: "grey" } },
      rules: [
        { ...RULE, id: "7M2Em0F4", conditions: ["in holdout"], returnValue: {} },
        { ...RULE, id: "layerAssignment", conditions: ["norwegian"], returnValue: {} },
        { ...GROUP, id: "g1", groupName: "Test", returnValue: { colour: "red", "size.max": 2 } },
      ],
    },
  },
  layer_configs: {
    theme: {
      ...{ ...SPEC, entity: "layer", defaultValue: { colour: "white" } },
      rules: [
        { ...RULE, id: "experimentAssignment", conditions: ["all"], configDelegate: "theme" },
      ],
    },
  },
  condition_map: {
    all: { ...CONDITION, type: "public" },
    dk: { ...CONDITION, type: "ip_based", field: "country", targetValue: ["DK"] },
    swede: { ...CONDITION, type: "user_field", field: "country", targetValue: ["SE"] },
    norwegian: { ...CONDITION, type: "user_field", field: "country", targetValue: ["NO"] },
    list: { ...CONDITION, type: "unit_id", operator: "in_segment_list", targetValue: "beta" },
    ios: { ...CONDITION, type: "ua_based", field: "os_name", targetValue: ["iOS"] },
    odd: { ...CONDITION, type: "weather", targetValue: ["rain"] },
    "in holdout": { ...CONDITION, type: "pass_gate", targetValue: "held" },
    low: {
      ...{ ...CONDITION, type: "user_bucket", operator: "lt", targetValue: 1_000 },
      additionalValues: { salt: "e" },
    },
  },
};

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function load(create: typeof statsig | typeof statsigLegacy, text: string | Uint8Array) {
  const flags = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return Configuration.from({ dialect: create(), payloads: { flags } });
}

describe("a payload that the dialect does not read", () => {
  const V2_PATH = "/v2/download_config_specs/<secret>.json";
  const CLIENT = { feature_gates: { "4114454711": { value: true } }, hash_used: "djb2" };
  const PROTOBUF = new Uint8Array([0x0a, 0x0e, 0x08, 0x01, 0x12, 0x01, 0x61]);

  it.each([
    { what: "a client's", text: { ...CLIENT, has_updates: true }, says: "names are hashed: fetch" },
    { what: "an unchanged", text: { has_updates: false }, says: "without sinceTime" },
    { what: "a protobuf", text: PROTOBUF, says: "without supports_proto" },
    { what: "a compressed", text: new Uint8Array([0x1f, 0x8b, 8, 0]), says: "without compression" },
    {
      what: "a later",
      text: { ...PAYLOAD, response_format: "dcs-v3" },
      says: "$.response_format: is neither dcs-v1 nor dcs-v2: fetch",
    },
    { what: "another vendor's", text: { flags: {} }, says: "has no feature_gates" },
    { what: "a malformed", text: { ...PAYLOAD, feature_gates: 5 }, says: "expected an object" },
    { what: "a version 1", text: toV1(PAYLOAD), says: "has version 1: use statsigLegacy(), or" },
  ])(
    "is refused with one sentence that says what to fetch: $what payload",
    ({ says, text, what }) => {
      const given = text instanceof Uint8Array ? text : JSON.stringify(text);
      expect(() => load(statsig, given)).toThrow(says);
      if (what !== "a malformed") expect(() => load(statsig, given)).toThrow(`fetch ${V2_PATH}`);
    },
  );

  it("is refused by the dialect for version 1 if it has no list of gates", () => {
    const text = JSON.stringify({ ...toV1(PAYLOAD), feature_gates: 5 });
    expect(() => load(statsigLegacy, text)).toThrow("$.feature_gates: expected an array");
  });

  it("is not one with white space before the first name", () => {
    const text = `\t\r\n${JSON.stringify(PAYLOAD, null, 2)}`;
    expect(load(statsig, text).flagKeys.size).toBe(7);
  });

  it("is refused by the dialect for version 1, which names its own path", () => {
    expect(() => load(statsigLegacy, JSON.stringify(PAYLOAD))).toThrow(
      "has version 2: use statsig(), or fetch /v1/download_config_specs/<secret>.json",
    );
  });
});

describe.each([
  { sdk: "core", payload: PAYLOAD },
  { sdk: "legacy", payload: toV1(PAYLOAD) },
] as const)("keys of the $sdk dialect", ({ payload, sdk }) => {
  const client = clientOf(sdk, payload, { lookups: { idList: () => true } });
  const keysOf = () => [...(client.getConfiguration()?.flagKeys ?? [])];

  it("name flags, with their kind if an earlier kind has the same name", () => {
    expect(keysOf()).toEqual([
      ...["banner", "theme", "phone", "odd", "off", "config:theme", "layer:theme"],
    ]);
  });

  it.each([
    { key: "theme", value: true },
    { key: "gate:theme", value: true },
    { key: "config:theme", value: { colour: "red", "size.max": 2 } },
    { key: "layer:theme", value: { colour: "red", "size.max": 2 } },
    { key: "theme.colour", value: "red" },
    { key: "layer:theme.size.max", value: 2 },
    { key: "theme.missing", value: "default" },
    { key: "layer:banner", value: "default" },
  ])("name a whole value or one parameter: $key", ({ key, value }) => {
    const request = { flagKey: key, subjectKey: "u", defaultValue: "default" };
    expect(client.evaluate(request).value).toEqual(value);
  });
});

it("logs an exposure of the flag that was requested, and of its experiment", () => {
  const events: AssignmentEvent[] = [];
  const dialect = statsig();
  const client = createClient({
    initialConfiguration: load(() => dialect, JSON.stringify(PAYLOAD)),
    assignmentLogger: { logAssignment: (event) => void events.push(event) },
    diagnostics: SILENT,
  });
  client.getStringAssignment("layer:theme.colour", "u", {}, "blue");
  expect(events).toMatchObject([
    {
      ...{ featureFlag: "layer:theme.colour", allocation: "theme", variation: "theme: Test" },
      allocatedExperimentName: "theme",
      ...{ subject: "u", ruleID: "g1", inExperiment: true },
    },
  ]);
});

it("reads the other flags if some are not objects", () => {
  const gates = { ...PAYLOAD.feature_gates, five: 5, list: [] };
  const configuration = load(statsig, JSON.stringify({ ...PAYLOAD, feature_gates: gates }));
  const problems = configuration.issues.map(({ message, path }) => `${path}: ${message}`);
  expect(problems).toEqual(
    expect.arrayContaining([
      expect.stringContaining("expected an object, got a number"),
      expect.stringContaining("expected an object, got an array"),
    ]),
  );
  expect(configuration.flagKeys).toContain("banner");
});

it.each<Sdk>(["core", "legacy"])("fails a layer whose experiment is malformed: %s", (sdk) => {
  const theme = { ...SPEC, name: "theme", rules: [5] };
  const payload =
    sdk === "core"
      ? { ...PAYLOAD, dynamic_configs: { theme } }
      : { ...toV1(PAYLOAD), dynamic_configs: [theme] };
  const details = clientOf(sdk, payload).getJSONAssignmentDetails("layer:theme", "u", {}, {});
  expect(details).toMatchObject({ isDefault: true, reason: "error", value: {} });
});

it("lists the parameters of experiments that delegate to each other", () => {
  const delegating = (configDelegate: string) => ({
    ...{ ...SPEC, defaultValue: { [configDelegate]: 1 } },
    rules: [{ ...RULE, id: "d", conditions: ["all"], configDelegate }],
  });
  const dynamic_configs = { a: delegating("b"), b: delegating("a") };
  const layer_configs = { l: { ...delegating("a"), entity: "layer" } };
  const payload = { ...PAYLOAD, dynamic_configs, layer_configs };
  const configuration = load(statsig, JSON.stringify(payload));
  expect(statsigExplainer.parametersOf?.(configuration, "l")).toEqual(["l.a", "l.b"]);
});

describe("the reason", () => {
  const client = clientOf("core", {
    ...PAYLOAD,
    dynamic_configs: {
      ...PAYLOAD.dynamic_configs,
      listed: { ...SPEC, rules: [{ ...RULE, id: "l", conditions: ["list"] }] },
    },
    layer_configs: {
      ...PAYLOAD.layer_configs,
      merged: {
        ...{ ...SPEC, entity: "layer", useNewLayerEval: true },
        rules: [{ ...RULE, id: "m", conditions: ["all"], configDelegate: "listed" }],
      },
    },
  });

  it.each([
    { reason: "group", kind: "config", name: "theme", user: { userID: "u" } },
    { reason: "holdout", kind: "config", name: "theme", user: { userID: "u", country: "SE" } },
    {
      reason: "layerAssignment",
      kind: "layer",
      name: "theme",
      user: { userID: "u", country: "NO" },
    },
    { reason: "rule", kind: "gate", name: "banner", user: { userID: "u", country: "DK" } },
    { reason: "default", kind: "gate", name: "banner", user: { userID: "u", country: "SE" } },
    { reason: "disabled", kind: "gate", name: "off", user: { userID: "u" } },
    { reason: "unsupported", kind: "gate", name: "odd", user: { userID: "u" } },
    { reason: "unresolved", kind: "gate", name: "banner", user: { userID: "u", ip: "1.2.3.4" } },
    { reason: "unresolved", kind: "layer", name: "merged", user: { userID: "u" } },
    { reason: "unrecognized", kind: "gate", name: "none", user: { userID: "u" } },
  ] as const)("says in Statsig's words what decided: $reason", ({ kind, name, reason, user }) => {
    expect(evaluate(client, kind, name, user).reason).toBe(reason);
  });
});

describe("lookups", () => {
  const USER = { userID: "u", ip: "1.2.3.4", userAgent: "an iPhone" };
  const GIVEN: StatsigOptions = {
    lookups: {
      idList: (list, unit) => list === "beta" && unit === "C/6TXnDD",
      country: (ip) => (ip === "1.2.3.4" ? "DK" : null),
      userAgent: (agent, field) => (agent === "an iPhone" && field === "os_name" ? "iOS" : null),
    },
  };

  it.each(["banner", "theme", "phone"])(
    "decide the gate %s, which is unresolved without",
    (name) => {
      expect(evaluate(clientOf("core", PAYLOAD), "gate", name, USER).reason).toBe("unresolved");
      const client = clientOf("core", PAYLOAD, GIVEN);
      expect(evaluate(client, "gate", name, USER).value).toBe(true);
    },
  );

  it("are named in a warning if one is missing", () => {
    const warnings: unknown[] = [];
    const client = createClient({
      initialConfiguration: load(statsigLegacy, JSON.stringify(toV1(PAYLOAD))),
      assignmentLogger: null,
      diagnostics: { ...SILENT, warn: (...facts) => void warnings.push(facts) },
    });
    client.getBooleanAssignment("theme", "u", {}, false);
    expect(JSON.stringify(warnings)).toContain("pass statsigLegacy({ lookups })");
  });

  it.each([
    {
      options: { lookups: { idlist: () => true } },
      says: "lookups.idlist: unknown option, did you",
    },
    { options: { lookups: { country: "DK" } }, says: "lookups.country: expected a synchronous" },
    { options: { lookups: null }, says: "lookups: expected an object" },
    { options: { environment: "" }, says: "environment: expected a tier, such as production" },
    { options: { enviroment: "dev" }, says: "did you mean" },
  ])("and other options are checked: $says", ({ options, says }) => {
    expect(() => statsig(options as StatsigOptions)).toThrow(says);
    expect(() => statsigLegacy(options as StatsigOptions)).toThrow(says);
  });
});

it.each([
  { dialect: statsig(), payload: PAYLOAD, path: "/v2/download_config_specs/secret-1.json" },
  {
    dialect: statsigLegacy(),
    payload: toV1(PAYLOAD),
    path: "/v1/download_config_specs/secret-1.json",
  },
])("is polled by a client of @sortition/node: $path", async ({ dialect, path, payload }) => {
  const paths: unknown[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url);
    response.end(JSON.stringify(payload));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { apiKey: "secret-1", baseUrl, assignmentLogger: null, diagnostics: SILENT };
  const client = createNodeClient({ ...options, dialect });
  await client.waitForInitialization();
  expect(client.getBooleanAssignment("banner", "u", { country: "DK" }, false)).toBe(true);
  expect(paths).toEqual([path]);
  await client.close();
  server.close();
  const wrong = { ...options, dialect, apiKey: "client-1" };
  expect(() => createNodeClient(wrong)).toThrow("expected a server secret (secret-…)");
});
