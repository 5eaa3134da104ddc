import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import * as vendorSdk from "@amplitude/experiment-node-server";
import type { OddCall, OddOptionsSuite, OddSide } from "@sortition/dialect-kit/odd-options";
import type { TestServer } from "@sortition/test-kit";
import { vi } from "vitest";
import * as ourSdk from "../../src/index.js";
import { flagOf } from "../client/local/flags.js";
import { cohortFlag } from "../source/cohort-server.js";
import { AT_ONCE, keepUploads, type Upload } from "./uploads.js";

type Sdk = Pick<
  typeof vendorSdk,
  | "AmplitudeCookie"
  | "Experiment"
  | "InMemoryFlagConfigCache"
  | "LocalEvaluationClient"
  | "RemoteEvaluationClient"
>;
type LocalClient = InstanceType<Sdk["LocalEvaluationClient"]>;
type Methods = Readonly<Record<string, (...given: unknown[]) => unknown>>;

const ours = ourSdk as unknown as Sdk; // the surface test compares the types
const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const START_MS = 1_800_000_000_000;
/** Longer than the analytics client waits before an upload. */
const UPLOADED_MS = 100;

const flags = (): Record<string, Record<string, unknown>> => ({
  all: flagOf("all"),
  members: cohortFlag("members", "c1") as Record<string, unknown>,
  acme: {
    key: "acme",
    variants: { on: { key: "on", value: "on" } },
    segments: [
      {
        conditions: [
          [
            {
              selector: ["context", "groups", "company", "group_name"],
              op: "is",
              values: ["acme"],
            },
          ],
        ],
        variant: "on",
      },
    ],
  },
});
const cohort = () => ({
  ...{ cohortId: "c1", groupType: "User", groupTypeId: 0, lastComputed: 1 },
  ...{ lastModified: 1, size: 1, memberIds: new Set(["alice"]) },
});
const user = () => ({
  ...{ user_id: "alice", device_id: "phone", country: "dk", library: "mine/1" },
  user_properties: { plan: "pro", tags: ["a", "b"] },
  groups: { company: ["acme"] },
  group_properties: { company: { acme: { tier: "gold" } } },
  cohort_ids: ["c2"],
  group_cohort_ids: { company: { acme: ["c3"] } },
});

type Use = (sdk: Sdk, given: unknown[]) => unknown;

const sides = (use: Use): { readonly theirs: OddSide; readonly ours: OddSide } => {
  const silent = (sdk: Sdk) => async (given: unknown[]) => {
    const spies = (["log", "error", "warn", "debug"] as const).map((name) =>
      vi.spyOn(console, name).mockImplementation(() => {}),
    );
    try {
      return await use(sdk, given);
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  };
  return { theirs: silent(vendorSdk), ours: silent(ours) };
};

/** Uses a client with flags, cohorts and uploads, and then evaluates flags for another user. */
const withLocal = (use: (client: LocalClient, given: unknown[]) => unknown): Use => {
  return async ({ LocalEvaluationClient }, given) => {
    vi.useFakeTimers({ now: START_MS });
    const uploads: Upload[] = [];
    const end = keepUploads(uploads);
    const client = new LocalEvaluationClient("key", {
      ...{ bootstrap: flags() as never, loggerProvider: SILENT },
      assignmentConfig: { apiKey: "assignments", ...AT_ONCE },
      exposureConfig: { apiKey: "exposures", ...AT_ONCE },
    });
    try {
      client.cohortStorage.put(cohort());
      const result = await use(client, given);
      const after = client.evaluateV2({ user_id: "bob" }, undefined, { tracksExposure: true });
      await vi.advanceTimersByTimeAsync(UPLOADED_MS);
      return { result, given, after, uploads };
    } finally {
      client.stop();
      end();
      vi.clearAllTimers();
      vi.useRealTimers();
    }
  };
};

const callOf = (callee: string, valid: () => unknown[], use: Use): OddCall => ({
  callee,
  valid,
  ...sides(use),
});

const ofLocal = (name: string, valid: () => unknown[]): OddCall =>
  callOf(
    `LocalEvaluationClient#${name}`,
    valid,
    withLocal((client, given) => (client as unknown as Methods)[name]?.(...given)),
  );

const PACKAGE = createRequire(import.meta.url).resolve("@amplitude/experiment-node-server");
const source = {
  isVendorFile: (path: string) => path.includes("/@amplitude/"),
  page: fileURLToPath(new URL("../../../../docs/vendors/amplitude.md", import.meta.url)),
  hasEntries: true,
};
const evaluated = () => [user(), ["all", "members", "acme"], { tracksExposure: true }];

/** Tries evaluations of the local client, with their effect on the user and their events. */
export const LOCAL_SUITE: OddOptionsSuite = {
  ...source,
  declarations: PACKAGE.replace(/\.js$/, ".d.ts"),
  calls: [ofLocal("evaluateV2", evaluated), ofLocal("evaluate", evaluated)],
  differences: [],
};

const remoteOf = (server: () => TestServer | undefined, name: string): OddCall =>
  callOf(
    `RemoteEvaluationClient#${name}`,
    () => [user(), { flagKeys: ["all"], tracksExposure: true, tracksAssignment: false }],
    async ({ RemoteEvaluationClient }, given) => {
      const requests: unknown[] = [];
      server()?.respond(({ headers }) => {
        const names = Object.keys(headers).filter((it) => it.startsWith("x-amp-exp"));
        requests.push(names.sort().map((it) => [it, readable(`${headers[it]}`)]));
        return { kind: "answer", status: 200, body: '{"all":{"key":"on","value":"on"}}' };
      });
      const client = new RemoteEvaluationClient("key", {
        ...{ serverUrl: server()?.url as string, loggerProvider: SILENT, fetchRetries: 0 },
      });
      const result = await (client as unknown as Methods)[name]?.(...given);
      return { result, given, requests };
    },
  );

/** Decodes JSON in Base64, without the library's name. */
function readable(header: string): unknown {
  try {
    const text = Buffer.from(header, "base64").toString();
    return JSON.parse(text.replace(/"experiment-node-server\/[^"]*"/, '"the library"'));
  } catch {
    return header;
  }
}

/** Tries evaluations of the remote client, with their requests. */
export const remoteSuite = (server: () => TestServer | undefined): OddOptionsSuite => ({
  ...source,
  declarations: PACKAGE.replace(/\.js$/, ".d.ts"),
  calls: [remoteOf(server, "fetchV2"), remoteOf(server, "fetch")],
  differences: [],
});

const ofCookie = (name: string, valid: () => unknown[]): OddCall =>
  callOf(`AmplitudeCookie.${name}`, valid, ({ AmplitudeCookie }, given) =>
    (AmplitudeCookie as unknown as Methods)[name]?.(...given),
  );

/** Checks whether calls with the same key and name return the same instance. */
const ofFactory = (name: "initialize" | "initializeLocal" | "initializeRemote"): OddCall => ({
  ...callOf(
    `Experiment.${name}`,
    () => ["key", { instanceName: "odd", loggerProvider: SILENT }],
    ({ Experiment }, given) => {
      const create = Experiment[name] as (...given: unknown[]) => unknown;
      const instance = create(...given);
      const usual = create("key", { instanceName: "odd", loggerProvider: SILENT });
      return [create(...given) === instance, usual === instance];
    },
  ),
  // The options are tried with the constructors.
  isTried: (input) => !input.includes(".") || input.endsWith(".instanceName"),
});

/** Tries everything else that accepts a value. */
export const EXPORTS_SUITE: OddOptionsSuite = {
  ...source,
  declarations: PACKAGE.replace(/\.js$/, ".d.ts"),
  calls: [
    ofCookie("cookieName", () => ["0123456789ab", true]),
    ofCookie("cookieName", () => ["0123456789ab"]),
    ofCookie("parse", () => [Buffer.from('{"deviceId":"d"}').toString("base64"), true]),
    ofCookie("parse", () => ["d.dXNlcg==."]),
    ofCookie("generate", () => ["device", true]),
    ofCookie("generate", () => ["device"]),
    ofFactory("initialize"),
    ofFactory("initializeRemote"),
    ofFactory("initializeLocal"),
    ...["new InMemoryFlagConfigCache", "get", "put", "putAll", "delete"].map(ofCache),
  ],
  differences: [],
};

/** Calls a method of the cache, then compares the content of the cache and of the store that it writes to. */
function ofCache(name: string): OddCall {
  const isNew = name.startsWith("new ");
  const valid = {
    get: () => ["all"],
    put: () => ["more", flagOf("more")],
    putAll: () => [{ more: flagOf("more") }],
    delete: () => ["all"],
  }[name];
  return callOf(
    isNew ? name : `InMemoryFlagConfigCache#${name}`,
    valid ?? (() => [{ ...storeTo([]) }, flags()]),
    async ({ InMemoryFlagConfigCache: Cache }, given) => {
      const stored: unknown[] = [];
      const cache = (isNew
        ? new Cache(...(given as [never, never]))
        : new Cache(storeTo(stored) as never, flags() as never)) as unknown as Methods;
      const result = isNew ? null : await cache[name]?.(...given);
      await cache["put"]?.("last", flagOf("last"));
      return { result, all: await cache["getAll"]?.(), cached: cache["getAllCached"]?.(), stored };
    },
  );
}

function storeTo(stored: unknown[]): object {
  const write =
    (name: string) =>
    async (...given: unknown[]): Promise<void> => {
      stored.push([name, ...structuredClone(given)]);
    };
  const [put, putAll, clear] = ["put", "putAll", "clear"].map(write);
  return {
    get: async () => undefined,
    getAll: async () => ({}),
    put,
    putAll,
    clear,
    delete: write("delete"),
  };
}

const ofStorage = (name: string, valid: () => unknown[]): OddCall =>
  callOf(
    `InMemoryCohortStorage#${name}`,
    valid,
    withLocal(({ cohortStorage }, given) => {
      const result = (cohortStorage as unknown as Methods)[name]?.(...given);
      return [result, cohortStorage.getAllCohortIds(), cohortStorage.getCohort("c1")];
    }),
  );

/** Tries the cohorts of the local client, whose class the vendor's package does not export. */
export const STORAGE_SUITE: OddOptionsSuite = {
  ...source,
  declarations: PACKAGE.replace(/index\.js$/, "local/cohort/storage.d.ts"),
  calls: [
    ofStorage("getCohort", () => ["c1"]),
    ofStorage("getCohortsForUser", () => ["alice", new Set(["c1"])]),
    ofStorage("getCohortsForGroup", () => ["User", "alice", new Set(["c1"])]),
    ofStorage("put", () => [{ ...cohort(), cohortId: "c2" }]),
    ofStorage("delete", () => ["c1"]),
  ],
  differences: [],
};
