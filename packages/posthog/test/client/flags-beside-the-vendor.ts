import { Random } from "@sortition/dialect-kit/differential";
import { PostHog as VendorPostHog } from "posthog-node";
import { afterAll, beforeAll, expect, vi } from "vitest";
import {
  type FlagEvaluationOptions,
  PostHog,
  type PostHogOptions,
  type SendFeatureFlagsOptions,
} from "../../src/index.js";
import { generateDefinitions } from "../differential/definitions.js";
import { generatePerson } from "../differential/requests.js";
import { FlagServer, type FlagServerOptions } from "./flag-server.js";

/** Calls of a client whose results and requests are compared. */
export interface Scenario {
  readonly name: string;
  readonly answers: FlagServerOptions;
  readonly options?: PostHogOptions;
  /** Returns the results to compare. */
  run(client: PostHog, server: FlagServer): unknown;
}

type Create = (options: PostHogOptions) => PostHog;
export const OURS: Create = (options) => new PostHog("phc_key", options);
export const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

/** Returns the results and requests of a client. */
async function outcomeOf(create: Create, { answers, options = {}, run }: Scenario) {
  const server = new FlagServer(answers);
  const isLocal = answers.definitions !== undefined;
  const client = create({
    disableCompression: true,
    fetchRetryDelay: 1,
    flushAt: 10_000,
    flushInterval: 0,
    featureFlagsPollingInterval: null,
    fetch: server.fetch,
    ...(isLocal ? { personalApiKey: "phx_key" } : {}),
    ...options,
  });
  client.on("error", () => {});
  // If the server refuses definitions, this waits until the timeout.
  if (isLocal) await client.waitForLocalEvaluationReady(2_000);
  const results = await run(client, server);
  await client.flush().catch(() => {});
  await client.shutdown(20_000);
  return comparable({ results, requests: server.requests });
}

const MASKED = ["sent_at", "timestamp", "uuid", "api_key"];
const TIMES = ["$feature_flag_evaluated_at", "$feature_flag_definitions_loaded_at"];

function comparable(outcome: unknown): unknown {
  return JSON.parse(
    JSON.stringify(outcome, (key, value: unknown) => {
      if (key === "sortition_version") return undefined;
      if (MASKED.includes(key)) return "-";
      if (Object.is(value, -0) || Math.abs(Number(value)) === Infinity) return `number ${value}`;
      if (key === "distinct_id" && /^[\da-f]{8}-.{27}$/.test(String(value))) return "made";
      return TIMES.includes(key) && Number(value) > 1e12 ? "now" : value;
    }),
  );
}

function flag(key: string, filters: object = { groups: [{}] }, more: object = {}) {
  return { id: 7, key, active: true, filters, ...more };
}

const RECEIVED: unknown[] = [];
const CACHE = {
  getFlagDefinitions: () => undefined,
  shouldFetchFlagDefinitions: () => true,
  onFlagDefinitionsReceived: (data: unknown) => void RECEIVED.push(data),
  shutdown: () => {},
};

const VARIANTS = { variants: [{ key: "blue", rollout_percentage: 100 }] };
const UNDECIDED = { groups: [{ properties: [{ key: "absent", value: "x" }] }] };

const DEFINITIONS = {
  flags: [
    flag("on", { groups: [{}], payloads: { true: '{"a":1}' } }),
    flag("variant", { groups: [{}], multivariate: VARIANTS, payloads: { blue: "7", red: '"r"' } }),
    flag("off", {}, { active: false }),
    flag("undecided", UNDECIDED),
    flag("browser", UNDECIDED, { evaluation_runtime: "client" }),
    flag("quiet", { groups: [{}] }, { has_experiment: false }),
    flag("company", { groups: [{}], aggregation_group_type_index: 0 }),
    flag("broken", { groups: [null] }),
  ],
  group_type_mapping: { 0: "company" },
  cohorts: {},
};

export const DETAILS = {
  requestId: "r-1",
  evaluatedAt: 5,
  flags: {
    undecided: {
      key: "undecided",
      enabled: true,
      variant: "red",
      reason: { code: "condition_match", condition_index: 0, description: "Matched condition 1" },
      metadata: { id: 9, version: 3, payload: '{"b":2}', has_experiment: true },
    },
    remote: {
      key: "remote",
      enabled: false,
      variant: null,
      reason: { code: "no_condition_match" },
      metadata: { id: 10, version: 1, payload: "text" },
    },
    on: {
      key: "on",
      enabled: false,
      variant: null,
      reason: { code: "x" },
      metadata: { id: 1, version: 1 },
    },
  },
};

const KEYS = ["on", "variant", "off", "undecided", "browser", "quiet", "company", "remote", "none"];
const OPTIONS = [
  {},
  { groups: { company: "acme" }, personProperties: { a: 1, $device_id: "d" } },
  { onlyEvaluateLocally: true },
  { sendFeatureFlagEvents: false, disableGeoip: false },
  { groups: { company: "acme" }, groupProperties: { company: { tier: "x" }, other: { y: 1 } } },
];

async function settled(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ throws: error instanceof Error }),
  );
}

async function askAll(client: PostHog): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const options of OPTIONS) {
    for (const key of [...KEYS, "broken"]) {
      results.push(
        await settled(client.getFeatureFlagResult(key, "alice", options)),
        await settled(client.getFeatureFlag(key, "bob", options)),
        await settled(client.isFeatureEnabled(key, "bob", options)),
        await settled(client.getFeatureFlagPayload(key, "bob", undefined, options)),
        await settled(client.getFeatureFlagPayload(key, "bob", "red", options)),
        await settled(client.getFeatureFlagPayload(key, "bob", true, options)),
      );
    }
    results.push(
      await client.getAllFlags("alice", options),
      await client.getAllFlagsAndPayloads("alice", { ...options, flagKeys: ["on", "undecided"] }),
      await readSnapshot(client, { ...options }),
      await readSnapshot(client, { ...options, flagKeys: ["on", "remote", "none"] }),
      await readSnapshot(client, { ...options, flagKeys: [] }),
    );
  }
  return results;
}

async function readSnapshot(client: PostHog, options: object): Promise<unknown> {
  const snapshot = await client.evaluateFlags("carol", options);
  const reads = KEYS.map((key) => [
    snapshot.isEnabled(key),
    snapshot.isEnabled(key, { defaultValue: true, sendFeatureFlagEvents: false }),
    snapshot.getFlag(key),
    snapshot.getFlagPayload(key),
  ]);
  const slice = snapshot.only(["on", "none"]);
  slice.getFlag("undecided");
  client.capture({ distinctId: "carol", event: "all", flags: snapshot });
  client.capture({
    distinctId: "carol",
    event: "slice",
    flags: slice,
    properties: { "$feature/on": "own" },
  });
  client.capture({ distinctId: "carol", event: "read", flags: snapshot.onlyAccessed() });
  const { keys, unresolvedFlags } = snapshot;
  return {
    reads,
    keys: [...keys].sort(),
    unresolvedFlags,
    slice: slice.keys,
    none: slice.unresolvedFlags,
  };
}

/** Distinct ids that untyped programs may pass. */
const ODD_IDS: readonly unknown[] = [0, 5, 6, 4_711, 1e21, true, undefined, null, ""];

async function askOfOddIds(client: PostHog): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const id of ODD_IDS as readonly string[]) {
    for (const key of ["half", "three", "held-out", "id-5"]) {
      results.push(
        await settled(client.getFeatureFlag(key, id)),
        await settled(client.isFeatureEnabled(key, id, { onlyEvaluateLocally: true })),
        await settled(client.getFeatureFlagPayload(key, id)),
      );
    }
  }
  return results;
}

const SHARES = {
  flags: [
    flag("half", { groups: [{ rollout_percentage: 50 }] }),
    flag("three", {
      groups: [{}],
      multivariate: {
        variants: [
          { key: "a", rollout_percentage: 33 },
          { key: "b", rollout_percentage: 33 },
          { key: "c", rollout_percentage: 34 },
        ],
      },
    }),
    flag("held-out", { groups: [{}], holdout: { id: 1, exclusion_percentage: 40 } }),
    flag("id-5", { groups: [{ properties: [{ key: "distinct_id", value: ["5"] }] }] }),
  ],
  group_type_mapping: {},
  cohorts: {},
};

/** Options that untyped programs may pass. */
const ODD_OPTIONS: readonly unknown[] = [
  undefined,
  null,
  { flagKeys: null, groups: null, personProperties: null, groupProperties: null },
  { onlyEvaluateLocally: null, sendFeatureFlagEvents: null, disableGeoip: null },
  { groups: { company: null }, groupProperties: { company: null } },
  { groups: { company: 5 }, groupProperties: { company: "x" }, personProperties: "text" },
  { flagKeys: ["on", "on", "none", 5] },
];

async function askWithOddOptions(client: PostHog): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const options of ODD_OPTIONS as readonly object[]) {
    for (const key of ["on", "company", "undecided", "remote"]) {
      results.push(
        await settled(client.getFeatureFlag(key, "alice", options)),
        await settled(client.isFeatureEnabled(key, "alice", options)),
        await settled(client.getFeatureFlagResult(key, "alice", options)),
        await settled(client.getFeatureFlagPayload(key, "alice", undefined, options)),
        await settled(client.getFeatureFlagPayload(key, "alice", null as never, options)),
      );
    }
    results.push(
      await settled(client.getAllFlags("alice", options)),
      await settled(client.getAllFlagsAndPayloads("alice", options)),
      await settled(readSnapshot(client, options)),
    );
  }
  return results;
}

/** Flags that a correct server would not send. */
const MALFORMED = {
  flags: {
    on: { key: "on", enabled: true, metadata: null, reason: null },
    bare: {},
    blank: { key: "blank", enabled: true, variant: "", metadata: { payload: null } },
    count: { key: "count", enabled: 1, variant: null, metadata: { payload: 5 } },
    nested: { key: "nested", enabled: "yes", metadata: { payload: { a: 1 } } },
  },
};

async function askMalformed(client: PostHog): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const key of Object.keys(MALFORMED.flags)) {
    results.push(
      await settled(client.getFeatureFlag(key, "alice")),
      await settled(client.isFeatureEnabled(key, "alice")),
      await settled(client.getFeatureFlagResult(key, "alice")),
      await settled(client.getFeatureFlagPayload(key, "alice")),
    );
  }
  const snapshot = await client.evaluateFlags("alice");
  results.push(
    snapshot.keys.map((key) => [
      snapshot.getFlag(key),
      snapshot.isEnabled(key),
      snapshot.getFlagPayload(key),
    ]),
  );
  results.push(await settled(client.getAllFlagsAndPayloads("alice")));
  return results;
}

/** Several definitions per key for different runtimes. The last ones equal `DEFINITIONS`. */
const REPEATED = {
  ...DEFINITIONS,
  flags: [
    flag("browser", { groups: [{}] }, { evaluation_runtime: "server" }),
    flag("on", UNDECIDED, { evaluation_runtime: "client", evaluation_contexts: ["docs"] }),
    flag("browser", UNDECIDED, { evaluation_runtime: "client" }),
    flag("on", { groups: [{}], payloads: { true: '{"a":1}' } }),
  ],
};

async function askRepeated(client: PostHog): Promise<unknown[]> {
  const counts: unknown[] = [];
  client.on("localEvaluationFlagsLoaded", (count) => counts.push(count));
  await client.reloadFeatureFlags();
  return [
    counts,
    await askAll(client),
    (["all", "client", "server"] as const).map((it) =>
      client.getFeatureFlagKeysByEvaluationRuntime(it),
    ),
    client.getFeatureFlagEvaluationRuntime("browser"),
  ];
}

/** More definitions than are parsed as a whole. */
const MANY = Array.from({ length: 4_000 }, (_, i) => flag(`many-${i}`, { groups: [] }));

/** Raw bodies of `/flags` that a correct server would not send. */
export const ODD_ANSWERS: readonly string[] = [
  ...["", " ", "nonsense", "{", "null", "true", "0", '"text"', "[]", '["flags"]', "[{}]", "{}"],
  '\ufeff{"featureFlags":{"on":true}}',
  ...["null", "[]", "5", '"on"', "false", '[{"enabled":true}]', "{}"].flatMap((flags) => [
    `{"flags":${flags}}`,
    `{"flags":${flags},"featureFlags":{"on":true}}`,
    `{"flags":${flags},"quotaLimited":["feature_flags"]}`,
  ]),
  ...[
    "null",
    '["on","b"]',
    '"on"',
    "5",
    "true",
    '{"on":null,"off":0,"b":{"x":1},"c":[],"d":""}',
  ].flatMap((featureFlags) => [
    `{"featureFlags":${featureFlags}}`,
    `{"featureFlags":${featureFlags},"featureFlagPayloads":${featureFlags}}`,
  ]),
  ...[
    "-0",
    "1e999",
    '"-0"',
    '"1e999"',
    '"[1e999,-0]"',
    '"null"',
    '"false"',
    '"\\"\\""',
    '{"a":-0}',
    "false",
    "null",
  ].map(
    (payload) =>
      `{"featureFlags":{"on":true,"b":"v"},"featureFlagPayloads":{"on":${payload},"b":${payload},"none":1}}`,
  ),
  ...["null", "5", '"on"', "true", "[]", "{}"].map(
    (flag) => `{"flags":{"on":${flag},"b":{"enabled":true,"metadata":{"payload":"1"}}}}`,
  ),
  '{"flags":{"on":null},"quotaLimited":["feature_flags"]}',
  '{"flags":[null],"quotaLimited":["feature_flags"]}',
  ...["null", "0", "5", "false", '""', '"why"', "[]", "{}"].flatMap((member) => [
    `{"flags":{"on":{"enabled":${member}}}}`,
    `{"flags":{"on":{"enabled":true,"variant":${member},"metadata":{"payload":"1"}}}}`,
    `{"flags":{"on":{"enabled":true,"metadata":${member}}}}`,
    `{"flags":{"on":{"enabled":true,"reason":${member}}}}`,
    `{"flags":{"on":{"enabled":true,"metadata":{"payload":${member}}}}}`,
    `{"flags":{"on":{"enabled":true,"metadata":{"id":${member},"version":${member},"has_experiment":${member}}}}}`,
    `{"flags":{"on":{"enabled":true,"reason":{"code":${member},"description":${member}}}}}`,
    `{"flags":{"on":{"enabled":true}},"errorsWhileComputingFlags":${member}}`,
    `{"flags":{"on":{"enabled":true}},"quotaLimited":${member}}`,
    `{"flags":{"on":{"enabled":true}},"quotaLimited":[${member},"feature_flags"],"errorsWhileComputingFlags":${member}}`,
    `{"flags":{"on":{"enabled":true}},"requestId":${member},"evaluatedAt":${member}}`,
    `{"flags":{"on":{"enabled":true,"metadata":{"has_experiment":false}}},"minimalFlagCalledEvents":${member}}`,
  ]),
];

async function askOddly(client: PostHog): Promise<unknown[]> {
  const errors: unknown[] = [];
  client.on("error", () => errors.push("error"));
  const results: unknown[] = [];
  for (const key of ["on", "b", "0", "none"]) {
    results.push(
      await settled(client.getFeatureFlagResult(key, "alice")),
      await settled(client.isFeatureEnabled(key, "alice")),
      await settled(client.getFeatureFlagPayload(key, "alice")),
    );
  }
  results.push(await settled(client.getAllFlagsAndPayloads("bob")));
  results.push(
    await settled(
      client.evaluateFlags("carol").then((snapshot) => {
        const reads = ["on", "b", "0", "none"].map((key) => [
          snapshot.getFlag(key),
          snapshot.isEnabled(key),
          snapshot.getFlagPayload(key),
        ]);
        client.capture({ distinctId: "carol", event: "seen", flags: snapshot });
        return [reads, snapshot.keys];
      }),
    ),
  );
  client.capture({ distinctId: "dora", event: "sent", sendFeatureFlags: true });
  await client.flush();
  return [results, errors.length];
}

const NUMBERED = {
  flags: [flag("5", { groups: [{}], payloads: { true: "[1]" } }), flag("6", UNDECIDED)],
};

/** Untyped programs may use numbers as flag keys. */
async function askByNumber(client: PostHog): Promise<unknown[]> {
  const results: unknown[] = [];
  const ask = async (): Promise<void> => {
    for (const key of [5, 6, 7, null, undefined] as readonly unknown[] as readonly string[]) {
      results.push(
        await settled(client.getFeatureFlag(key, "alice")),
        await settled(client.isFeatureEnabled(key, "alice")),
        await settled(client.getFeatureFlagResult(key, "alice")),
        await settled(client.getFeatureFlagPayload(key, "alice")),
        await settled(client.getFeatureFlagPayload(key, "alice", true)),
      );
    }
    const snapshot = await client.evaluateFlags("bob");
    for (const key of [5, 7] as readonly unknown[] as readonly string[]) {
      results.push([snapshot.isEnabled(key), snapshot.getFlag(key), snapshot.getFlagPayload(key)]);
      results.push(snapshot.only([key]).keys, snapshot.onlyAccessed().keys);
    }
  };
  await ask();
  client.overrideFeatureFlags([7] as never);
  await ask();
  client.overrideFeatureFlags({ flags: { 5: "x" }, payloads: { 5: "y", 6: "z" } });
  await ask();
  return results;
}

/** Values that cannot be converted to JSON, to a string, or to either. */
const ODD_PROPERTIES: readonly Readonly<Record<string, unknown>>[] = [
  { seen: 10n },
  { seen: { deep: 10n } },
  { seen: cycle() },
  { seen: { toJSON: () => cycle() } },
  { seen: Object.assign(Object.create(null), { a: 1 }) },
  { seen: [Symbol("in a list")] },
  { seen: Symbol("a symbol") },
  { seen: () => 5 },
  { seen: new Date(Number.NaN) },
  { seen: Number.NaN },
];

function cycle(): object {
  const object: Record<string, unknown> = {};
  object["itself"] = object;
  return object;
}

const OF_ODD_PROPERTIES = {
  flags: ["is_date_before", "is_date_after", "exact", "icontains", "gt", "semver_gt"].map(
    (operator) => {
      const value = operator.startsWith("is_date") ? "-1d" : "1.2.3";
      return flag(operator, { groups: [{ properties: [{ key: "seen", operator, value }] }] });
    },
  ),
};

async function askWithOddProperties(client: PostHog): Promise<unknown[]> {
  const results: unknown[] = [];
  const errors: string[] = [];
  client.on("error", (error) => void errors.push(String(error)));
  for (const personProperties of ODD_PROPERTIES) {
    for (const onlyEvaluateLocally of [true, false]) {
      const options = { personProperties, onlyEvaluateLocally } as FlagEvaluationOptions;
      for (const { key } of OF_ODD_PROPERTIES.flags) {
        results.push(await settled(client.getFeatureFlag(key, "alice", options)));
      }
      results.push(
        await settled(client.getFeatureFlagPayload("exact", "alice", undefined, options)),
        await settled(client.getAllFlags("alice", options)),
        await settled(client.evaluateFlags("alice", options).then((it) => it.unresolvedFlags)),
      );
    }
    const sendFeatureFlags = { personProperties } as SendFeatureFlagsOptions;
    await client.captureImmediate({ distinctId: "alice", event: "seen", sendFeatureFlags });
  }
  return [results, errors.sort()];
}

const LISTS = {
  flags: Object.fromEntries(
    [[1], [[2]], ["3"], ["text"], [null], [], [1, 2]].map((payload, i) => [
      `list-${i}`,
      { key: `list-${i}`, enabled: true, metadata: { payload } },
    ]),
  ),
};

export const SCENARIOS: readonly Scenario[] = [
  {
    name: "properties that cannot be converted to JSON or a string",
    answers: { definitions: OF_ODD_PROPERTIES, flags: DETAILS },
    run: askWithOddProperties,
  },
  {
    name: "flags of the server whose state is not a boolean",
    answers: {
      flags: {
        ...DETAILS,
        flags: Object.fromEntries(
          [null, 0, "", 1, "x", false, true].map((enabled, i) => [
            `f${i}`,
            { key: `f${i}`, enabled },
          ]),
        ),
      },
    },
    run: async (client) => {
      const flags = await client.evaluateFlags("alice");
      client.capture({ distinctId: "alice", event: "seen", flags });
      client.capture({ distinctId: "alice", event: "one", flags: flags.only(["f0", "f3"]) });
      await client.captureImmediate({ distinctId: "bob", event: "sent", sendFeatureFlags: true });
      return [flags.keys.map((key) => [key, flags.isEnabled(key), flags.getFlag(key)])];
    },
  },
  {
    name: "options of a capture that are null",
    answers: { flags: DETAILS },
    run: async (client) => {
      for (const none of [{ personProperties: null }, { groupProperties: null }]) {
        const sendFeatureFlags = none as unknown as SendFeatureFlagsOptions;
        await client.captureImmediate({ distinctId: "alice", event: "seen", sendFeatureFlags });
      }
    },
  },
  {
    name: "properties that cannot be converted to JSON, by the server",
    answers: { flags: DETAILS },
    run: askWithOddProperties,
  },
  {
    name: "odd options",
    answers: { definitions: DEFINITIONS, flags: DETAILS },
    run: askWithOddOptions,
  },
  { name: "odd options, by the server", answers: { flags: DETAILS }, run: askWithOddOptions },
  { name: "malformed flags of the server", answers: { flags: MALFORMED }, run: askMalformed },
  {
    name: "a flag of the server that is null",
    answers: { flags: { flags: { a: null, b: { enabled: true } } } },
    run: askMalformed,
  },
  { name: "no answer", answers: { flags: "text" }, run: askMalformed },
  {
    name: "quota of the server as a string",
    answers: { flags: { ...DETAILS, quotaLimited: "events,feature_flags" } },
    run: async (client) => [await client.getFeatureFlag("on", "alice"), await askAll(client)],
  },
  {
    name: "several definitions of a key",
    answers: { definitions: REPEATED, flags: DETAILS },
    run: askRepeated,
  },
  {
    name: "several definitions of a key, in other contexts",
    answers: { definitions: REPEATED, flags: DETAILS },
    options: { evaluationContexts: ["web"] },
    run: askRepeated,
  },
  {
    name: "several definitions of a key, among many",
    answers: {
      definitions: { ...REPEATED, flags: [...REPEATED.flags, ...MANY] },
      flags: DETAILS,
    },
    run: (client) => client.getAllFlags("alice"),
  },
  {
    name: "keys of flags that are numbers, by definitions",
    answers: { definitions: NUMBERED, flags: DETAILS },
    run: askByNumber,
  },
  {
    name: "keys of flags that are numbers, by the server",
    answers: { flags: { featureFlags: { 5: "v", 6: true } } },
    run: askByNumber,
  },
  {
    name: "the order of a snapshot's keys",
    answers: { flags: { featureFlags: { b: true, a: true } } },
    async run(client) {
      client.overrideFeatureFlags({ 7: "v" });
      const snapshot = await client.evaluateFlags("alice");
      const slices = [["b", "7", "a"], new Set(["a", "none"]), "ab"].map(
        (keys) => snapshot.only(keys as string[]).keys, // untyped callers pass any iterable
      );
      return [snapshot.keys, slices];
    },
  },
  {
    name: "a string as the wanted keys of a snapshot",
    answers: { flags: { featureFlags: { on: true, o: true, n: false } } },
    async run(client) {
      const options = { flagKeys: "on" as never };
      return [(await client.evaluateFlags("alice", options)).keys];
    },
  },
  {
    name: "flags of an event whose distinct id is not a string",
    answers: { definitions: SHARES },
    async run(client) {
      // Falsy ids are skipped, because they are replaced by random ones.
      for (const distinctId of ODD_IDS.filter(Boolean) as readonly string[]) {
        client.capture({ distinctId, event: "seen", sendFeatureFlags: true });
        await client.flush();
        await client.withContext({ distinctId: "carol" }, async () => {
          client.capture({ distinctId, event: "seen", sendFeatureFlags: true });
          await client.flush();
        });
      }
    },
  },
  {
    name: "groups that are a list",
    answers: { flags: DETAILS },
    async run(client) {
      const groups = ["acme", 5, null] as never;
      client.capture({ distinctId: "alice", event: "seen", groups });
      return client.getFeatureFlag("on", "alice", { groups });
    },
  },
  {
    name: "one call for groups that differ within a group, or by undefined alone",
    answers: { flags: DETAILS },
    async run(client) {
      const company = [{ x: 1 }, { x: 2 }, undefined, null, "acme"];
      for (const groups of [undefined, {}, ...company.map((key) => ({ company: key }))]) {
        await client.getFeatureFlag("on", "alice", { groups: groups as never });
      }
      await client.getFeatureFlag("on", "alice", { groups: { a: "1", b: "2" } });
      await client.getFeatureFlag("on", "alice", { groups: { b: "2", a: "1" } });
    },
  },
  {
    name: "payloads of the server that are lists",
    answers: { flags: LISTS },
    run: async (client) => {
      const snapshot = await client.evaluateFlags("alice");
      return Promise.all(
        Object.keys(LISTS.flags).map(async (key) => [
          await client.getFeatureFlagResult(key, "alice"),
          snapshot.getFlagPayload(key),
        ]),
      );
    },
  },
  ...[false, true].map((isStrict) => ({
    name: `groups of no object, ${isStrict ? "strictly" : "by definitions and the server"}`,
    answers: { definitions: DEFINITIONS, flags: DETAILS },
    options: { strictLocalEvaluation: isStrict },
    async run(client: PostHog) {
      const results: unknown[] = [];
      for (const groups of ["acme", 5, true, "", 0] as never[]) {
        for (const key of ["company", "on", "undecided"]) {
          results.push(await settled(client.getFeatureFlagResult(key, "alice", { groups })));
        }
        results.push(await settled(client.getAllFlagsAndPayloads("alice", { groups })));
        const snapshot = await client.evaluateFlags("alice", { groups });
        results.push(snapshot.keys.toSorted(), snapshot.unresolvedFlags);
        client.capture({ distinctId: "alice", event: "seen", groups, sendFeatureFlags: true });
        await client.flush();
      }
      return results;
    },
  })),
  {
    name: "a refused connection",
    answers: { flags: Object.assign(new Error("no"), { code: "ECONNREFUSED" }) },
    run: askAll,
  },
  { name: "distinct ids that are no strings", answers: { definitions: SHARES }, run: askOfOddIds },
  { name: "local definitions", answers: { definitions: DEFINITIONS, flags: DETAILS }, run: askAll },
  {
    name: "local definitions, strictly",
    answers: { definitions: DEFINITIONS, flags: DETAILS },
    options: { strictLocalEvaluation: true, sendFeatureFlagEvent: false },
    run: askAll,
  },
  {
    name: "short events",
    answers: {
      definitions: { ...DEFINITIONS, minimal_flag_called_events: true },
      flags: { ...DETAILS, minimalFlagCalledEvents: true },
    },
    run: askAll,
  },
  { name: "no definitions", answers: { flags: DETAILS }, run: askAll },
  {
    name: "no definitions are allowed",
    answers: { definitions: {}, definitionsStatus: 401, flags: DETAILS },
    run: askAll,
  },
  {
    name: "the quota is exceeded",
    answers: { definitions: {}, definitionsStatus: 402, flags: DETAILS },
    run: askAll,
  },
  { name: "the server fails", answers: { definitions: DEFINITIONS, flags: 500 }, run: askAll },
  { name: "the connection breaks", answers: { flags: null }, run: askAll },
  { name: "a gateway fails", answers: { flags: 502 }, run: askAll },
  { name: "flags are not an object", answers: { flags: { flags: [] } }, run: askAll },
  {
    name: "errors and quota of the server",
    answers: { flags: { ...DETAILS, errorsWhileComputingFlags: true } },
    run: askAll,
  },
  {
    name: "quota of the server",
    answers: { flags: { ...DETAILS, quotaLimited: ["feature_flags"] } },
    run: askAll,
  },
  {
    name: "the former format",
    answers: {
      flags: {
        featureFlags: { on: true, variant: "blue", off: false },
        featureFlagPayloads: { on: '{"a":1}', variant: "5" },
      },
    },
    run: askAll,
  },
  {
    name: "evaluation contexts",
    answers: {
      definitions: {
        ...DEFINITIONS,
        flags: [
          flag("on", { groups: [{}] }, { evaluation_contexts: ["web"] }),
          flag("off", { groups: [{}] }, { evaluation_contexts: ["docs"] }),
        ],
      },
      flags: DETAILS,
    },
    options: { evaluationContexts: ["web"] },
    run: askAll,
  },
  {
    name: "overrides",
    answers: { definitions: DEFINITIONS, flags: DETAILS },
    async run(client) {
      const results: unknown[] = [];
      for (const overrides of [
        ["on", "none"],
        { on: "green", off: true },
        { flags: { on: false, remote: "x" }, payloads: { on: { p: 1 }, variant: "q" } },
        { flags: false as const },
        { payloads: false as const },
        { flags: "a flag of that name" },
        false as const,
      ]) {
        client.overrideFeatureFlags(overrides);
        for (const key of KEYS) {
          results.push(
            await client.getFeatureFlagResult(key, "alice"),
            await client.getFeatureFlagPayload(key, "alice"),
          );
        }
        results.push(await client.getAllFlagsAndPayloads("alice"), await readSnapshot(client, {}));
      }
      return results;
    },
  },
  {
    name: "the person of the context",
    answers: { definitions: DEFINITIONS, flags: DETAILS },
    run: (client) =>
      client.withContext({ distinctId: "dora", properties: { t: 1 } }, async () => [
        await client.getFeatureFlagResult("on"),
        await client.getAllFlags(),
        await client.getAllFlagsAndPayloads({ flagKeys: ["on"] }),
        (await client.evaluateFlags({ flagKeys: ["on"] })).getFlag("on"),
      ]),
  },
  {
    name: "a person of the context whose id is not a string",
    answers: { definitions: DEFINITIONS, flags: DETAILS },
    run: (client) =>
      client.withContext({ distinctId: 5 as never }, async () => [
        await client.getAllFlags({ flagKeys: ["on"] }),
        await client.getAllFlags({ onlyEvaluateLocally: true, personProperties: { a: 1 } }),
        await client.getAllFlagsAndPayloads({ flagKeys: ["on"] }),
      ]),
  },
  {
    name: "the runtime of a flag whose key is given as a number",
    answers: { definitions: { flags: [flag("5", {}, { evaluation_runtime: "client" })] } },
    run: (client) =>
      [5, "5", Number.NaN, null].map((it) => client.getFeatureFlagEvaluationRuntime(it as never)),
  },
  {
    name: "the order of definitions whose keys are numbers",
    answers: { definitions: { flags: ["b", "10", "a", "9"].map((key) => flag(key)) } },
    run: (client) => client.getFeatureFlagKeysByEvaluationRuntime("all"),
  },
  {
    name: "definitions for a cache",
    answers: { definitions: DEFINITIONS },
    options: { flagDefinitionCacheProvider: CACHE },
    run: () => RECEIVED.splice(0).map((it) => [Object.keys(it as object), it]),
  },
  {
    name: "no person",
    answers: { definitions: DEFINITIONS, flags: DETAILS },
    run: async (client) => [
      await client.getFeatureFlagResult("on"),
      await client.getFeatureFlagResult("on", ""),
      await client.getAllFlags(),
      await client.getAllFlagsAndPayloads(""),
      (await client.evaluateFlags()).getFlag("on"),
    ],
  },
  {
    name: "flags of an event",
    answers: { definitions: DEFINITIONS, flags: DETAILS },
    async run(client) {
      client.capture({ distinctId: "a", event: "x", sendFeatureFlags: true });
      await client.flush();
      client.capture({
        distinctId: "a",
        event: "y",
        groups: { company: "acme" },
        sendFeatureFlags: {
          onlyEvaluateLocally: true,
          personProperties: { absent: "x" },
          flagKeys: ["on", "undecided"],
        },
      });
    },
  },
  {
    name: "flags of an event by the server",
    answers: { flags: DETAILS },
    async run(client) {
      client.capture({ distinctId: "a", event: "x", sendFeatureFlags: true });
      await client.flush();
      client.capture({
        distinctId: "a",
        event: "y",
        sendFeatureFlags: { onlyEvaluateLocally: true },
      });
    },
  },
  {
    name: "flags of an event with groups, by the server, beside overrides",
    answers: { flags: DETAILS },
    async run(client) {
      client.overrideFeatureFlags({ flags: { undecided: "mine", other: true } });
      const groups = { company: 5, team: "t" } as never;
      client.capture({ distinctId: "a", event: "x", groups, sendFeatureFlags: true });
      await client.flush();
      const sendFeatureFlags = {
        personProperties: { plan: "pro", $device_id: "d" },
        groupProperties: { company: { tier: 1 } },
        flagKeys: ["undecided"],
      };
      client.capture({
        distinctId: "a",
        event: "y",
        groups,
        sendFeatureFlags,
        disableGeoip: false,
      });
    },
  },
  {
    name: "flags of an event with groups, by definitions, beside overrides",
    answers: { definitions: DEFINITIONS, flags: DETAILS },
    async run(client) {
      client.overrideFeatureFlags({ flags: { undecided: "mine", other: true } });
      const groups = { company: 5 } as never;
      client.capture({ distinctId: "a", event: "x", groups, sendFeatureFlags: true });
    },
  },
  ...[5, null].map((flags) => ({
    name: `flags of an event that the server does not evaluate (${flags})`,
    answers: { flags: flags === 5 ? { flags: 5 } : flags },
    run(client: PostHog) {
      client.capture({ distinctId: "a", event: "x", sendFeatureFlags: true });
    },
  })),
  ...[null, "", undefined, '"new"'].map((payload) => ({
    name: `a payload of another variant than the server's, which has ${payload}`,
    answers: {
      definitions: DEFINITIONS,
      flags: {
        flags: {
          on: { key: "on", enabled: true, variant: "red", metadata: { id: 7, payload } },
        },
      },
    },
    run: async (client: PostHog) => [await client.getAllFlagsAndPayloads("alice")],
  })),
  ...[
    { by: "all flags", ask: (client: PostHog) => client.getAllFlags("alice") },
    { by: "one flag", ask: (client: PostHog) => client.getFeatureFlag("absent", "alice") },
    { by: "a snapshot", ask: (client: PostHog) => client.evaluateFlags("alice") },
    {
      by: "an event",
      ask: async (client: PostHog) => {
        client.capture({ distinctId: "alice", event: "x", sendFeatureFlags: true });
        await client.flush();
      },
    },
  ].map(({ ask, by }) => ({
    name: `the server's gate for short events, asked for by ${by}`,
    answers: { flags: { ...DETAILS, minimalFlagCalledEvents: true } },
    async run(client: PostHog, server: FlagServer) {
      await ask(client);
      const properties = {
        $feature_flag: "a",
        $feature_flag_has_experiment: false,
        plan: "pro",
      };
      client.capture({ distinctId: "alice", event: "$feature_flag_called", properties });
      await client.flush();
      server.answers = { flags: DETAILS };
      await ask(client);
      client.capture({ distinctId: "bob", event: "$feature_flag_called", properties });
    },
  })),
  {
    name: "definition events for listeners",
    answers: { definitions: DEFINITIONS },
    async run(client, server) {
      const heard: unknown[] = [];
      client.on("localEvaluationFlagsLoaded", (count) => heard.push(count));
      client.on("error", ({ message }: Error) => heard.push(message.split(":")[0]));
      const { flags } = DEFINITIONS;
      for (const definitions of [
        DEFINITIONS,
        {},
        { ...DEFINITIONS, flags: flags.slice(0, 2) },
        { ...DEFINITIONS, flags: null },
        DEFINITIONS,
        DEFINITIONS,
      ]) {
        server.answers = { definitions };
        await client.reloadFeatureFlags();
        heard.push(client.isLocalEvaluationReady());
      }
      return heard;
    },
  },
  {
    name: "definitions that are unchanged from the start",
    answers: { definitions: null, definitionsStatus: 304, flags: DETAILS },
    async run(client, server) {
      const results: unknown[] = [];
      const ask = async (): Promise<void> => {
        results.push(
          await client.getFeatureFlag("on", "alice"),
          await client.getAllFlags("alice"),
          await client.getAllFlags("alice", { onlyEvaluateLocally: true }),
          (await client.evaluateFlags("alice")).unresolvedFlags,
          client.isLocalEvaluationReady(),
          server.definitionsRequests,
        );
      };
      await ask();
      server.answers = { definitions: DEFINITIONS, flags: DETAILS };
      await ask();
      await client.reloadFeatureFlags();
      await ask();
      return results;
    },
  },
  {
    name: "runtimes",
    answers: { definitions: DEFINITIONS },
    run: (client) => [
      KEYS.map((key) => client.getFeatureFlagEvaluationRuntime(key)),
      (["all", "client", "server"] as const).map((it) =>
        client.getFeatureFlagKeysByEvaluationRuntime(it),
      ),
      client.isLocalEvaluationReady(),
    ],
  },
  {
    name: "remote config",
    answers: { definitions: DEFINITIONS, remoteConfig: '{"secret":[1]}' },
    run: async (client, server) => {
      const first = await client.getRemoteConfigPayload("config");
      server.answers = { ...server.answers, remoteConfig: { plain: true } };
      const second = await client.getRemoteConfigPayload("config");
      server.answers = { ...server.answers, remoteConfig: "not json" };
      return [first, second, await client.getRemoteConfigPayload("config")];
    },
  },
  {
    name: "remote config that takes more than three seconds",
    answers: { definitions: DEFINITIONS },
    options: {
      fetch: async (url) => {
        const isConfig = url.includes("remote_config");
        await new Promise((resolve) => setTimeout(resolve, isConfig ? 3_100 : 0));
        return new Response(isConfig ? '"late"' : JSON.stringify(DEFINITIONS));
      },
    },
    run: (client) => client.getRemoteConfigPayload("config"),
  },
  {
    name: "overrides that are an instance of a class",
    answers: { flags: DETAILS },
    async run(client) {
      class Overrides {
        on = "mine";
      }
      client.overrideFeatureFlags({ flags: new Overrides() as never });
      return [await client.getAllFlags("alice"), await client.getFeatureFlag("flags", "alice")];
    },
  },
  {
    name: "remote config without a key",
    answers: {},
    run: (client) => settled(client.getRemoteConfigPayload("config")),
  },
  {
    name: "a disabled client",
    answers: { definitions: DEFINITIONS, flags: DETAILS },
    options: { disabled: true },
    run: async (client) => [
      await client.getFeatureFlag("on", "a"),
      await client.getFeatureFlagPayload("on", "a"),
      await client.getAllFlags("a"),
      (await client.evaluateFlags("a")).keys,
      await client.getRemoteConfigPayload("on"),
    ],
  },
];

/** Silences the console in each test of a file. */
export function silenceConsole(): void {
  beforeAll(() => {
    for (const level of ["warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation(() => {});
    }
  });
  afterAll(() => void vi.restoreAllMocks());
}

/** Compares both clients in a scenario. */
export async function expectSameOutcome(scenario: Scenario): Promise<void> {
  expect(await outcomeOf(OURS, scenario)).toEqual(await outcomeOf(THEIRS, scenario));
}

/** Compares both clients for this response body of `/flags`. */
export async function expectSameFor(flagsText: string): Promise<void> {
  await expectSameOutcome({ name: flagsText, answers: { flagsText }, run: askOddly });
}

/** Replaces payloads that the vendor's class loses, see the intended differences. */
function withTruthyPayloads<T>(body: T): T {
  const lost = ["false", "0", "-0", '""'];
  return JSON.parse(JSON.stringify(body), (name, value) =>
    name === "payloads" && typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value).map(([key, it]) => [key, lost.includes(it as string) ? "7" : it]),
        )
      : value,
  );
}

/** Compares both clients for generated sets of definitions. */
export async function expectSameForGenerated(seed: number, sets: number): Promise<void> {
  const random = new Random(seed);
  for (let i = 0; i < sets; i++) {
    const { body, evaluationContexts, flags } = generateDefinitions(random);
    if (JSON.stringify(body).includes("__proto__")) continue;
    const people = random.times(3, () => generatePerson(random));
    const scenario: Scenario = {
      name: "generated",
      answers: { definitions: withTruthyPayloads(body), flags: DETAILS },
      options: { evaluationContexts },
      async run(client) {
        const results: unknown[] = [];
        for (const { distinctId, ...options } of people) {
          for (const { key } of flags) {
            results.push(await settled(client.getFeatureFlagResult(key, distinctId, options)));
          }
          results.push(await settled(client.getAllFlagsAndPayloads(distinctId, options)));
          results.push(
            await settled(
              client.evaluateFlags(distinctId, options).then((snapshot) => {
                const values = flags.map(({ key }) => snapshot.getFlag(key));
                return [values, snapshot.unresolvedFlags];
              }),
            ),
          );
        }
        return results;
      },
    };
    await expectSameOutcome(scenario);
  }
}
