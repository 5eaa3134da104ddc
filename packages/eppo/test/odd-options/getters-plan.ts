import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { OddCall, OddOptionsSuite, OddSide } from "@sortition/dialect-kit/odd-options";
import { vi } from "vitest";
import type * as ourSdk from "../../src/index.js";
import { comparable } from "../events.js";
import { type NamedSdk, OURS, VENDOR } from "../sdks.js";
import { baseUrl, INTERVAL_MS, observed, open } from "./scene.js";

const examples = new URL("../../../../apps/examples/", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, examples), "utf8");

interface Body {
  readonly flags: object;
  readonly banditReferences?: object;
}

/** Flags of all types, and one with a bandit. */
function flagsOf(): string {
  const [flags, shoes] = ["flags.json", "shoes.json"].map(read).map((it) => JSON.parse(it) as Body);
  return JSON.stringify({ ...shoes, flags: { ...flags?.flags, ...shoes?.flags } });
}

/** The server's response to each path. */
const FLAGS: string = flagsOf();
const BANDITS: string = read("shoe-bandits.json");
const answerTo = (path: string): string => (path.endsWith("/bandits") ? BANDITS : FLAGS);

/** Calls one method, and then requests an assignment and an action as usual. */
function callBy(sdk: NamedSdk, method: keyof ourSdk.EppoClient): OddSide {
  return (given) =>
    observed(answerTo, async () => {
      const events: unknown[] = [];
      const client = await open(sdk, {
        ...{ apiKey: "key", baseUrl: baseUrl(), pollingIntervalMs: INTERVAL_MS },
        assignmentLogger: { logAssignment: (event: unknown) => void events.push(event) },
        banditLogger: { logBanditAction: (event: unknown) => void events.push(event) },
      });
      client.stopPolling();
      const call = client[method] as (...given: unknown[]) => unknown;
      const result = await call.apply(client, given);
      client.getStringAssignment("test-checkout", "zoe", {}, "standard");
      client.getBanditAction("shoe-offer", "zoe", { age: 40 }, { nike: {} }, "none");
      await vi.advanceTimersByTimeAsync(1);
      const isSalted = typeof given[3] !== "undefined" && given[3] !== null;
      return { result: shown(result, isSalted), given, events: events.map(comparable) };
    });
}

/**
 * Makes a result comparable. Precomputed configurations are JSON inside JSON, with keys hashed with
 * a salt that is random by default.
 */
function shown(result: unknown, isSalted: boolean): unknown {
  if (typeof result !== "string" || !result.startsWith("{")) return comparable(result);
  const { precomputed } = JSON.parse(result) as { precomputed: { response: string } };
  const { flags, bandits, ...response } = JSON.parse(precomputed.response) as {
    flags: object;
    bandits: object;
    salt: unknown;
  };
  if (isSalted) return { ...precomputed, response: { ...response, flags, bandits } };
  const counts = [flags, bandits].map((them) => Object.keys(them).length);
  return { ...precomputed, response: { ...response, salt: "random" }, counts };
}

const callOf = (name: keyof ourSdk.EppoClient, valid: () => unknown[]): OddCall => ({
  callee: `EppoClient#${name}`,
  valid,
  theirs: callBy(VENDOR, name),
  ours: callBy(OURS, name),
});

const attributes = () => ({ country: "NL", age: 30 });
const actions = () => ({ nike: { brandAffinity: 2 }, adidas: { brandAffinity: 1 } });
const TYPED: readonly (readonly [string, string, unknown])[] = [
  ["String", "test-checkout", "standard"],
  ["Boolean", "new-ui", false],
  ["Integer", "column-count", 1],
  ["Numeric", "free-delivery-from", 1.5],
  ["JSON", "spring-campaign", { a: 1 }],
];
const typed = (suffix: string): OddCall[] =>
  TYPED.map(([type, flag, fallback]) =>
    callOf(`get${type}Assignment${suffix}` as keyof ourSdk.EppoClient, () => [
      ...[flag, "alice", attributes(), structuredClone(fallback)],
    ]),
  );
const choice = () => ["shoe-offer", "bob", attributes(), actions(), "none"];

const sdk = createRequire(import.meta.url).resolve("@eppo/node-server-sdk");
const common = createRequire(sdk).resolve("@eppo/js-client-sdk-common");
const source = {
  declarations: common.replace(/\.js$/, ".d.ts"),
  isVendorFile: (path: string) => path.includes("/@eppo/"),
  page: fileURLToPath(new URL("../differences.md", import.meta.url)),
  hasEntries: true,
};

/** Tries getters, with their results and logged events. */
export const GETTERS_SUITE: OddOptionsSuite = {
  ...source,
  calls: [
    ...typed(""),
    ...typed("Details"),
    callOf("getBoolAssignment", () => ["new-ui", "alice", attributes(), false]),
    callOf("getBanditAction", choice),
    callOf("getBanditActionDetails", choice),
    callOf("getBestAction", () => ["shoe-offer", attributes(), actions(), "none"]),
    callOf("getAssignmentDetail", () => ["test-checkout", "alice", attributes(), "STRING"]),
    callOf("getPrecomputedConfiguration", () => [
      ...["alice", attributes(), { "shoe-offer": actions() }, "salt"],
    ]),
    callOf("getExperimentContainerEntry", () => [
      {
        ...{ flagKey: "test-checkout", controlVariationEntry: "c" },
        treatmentVariationEntries: ["t1", "t2"],
      },
      ...["alice", attributes()],
    ]),
  ],
  differences: [
    {
      name: "types of what leaves",
      because: "hashes of keys are then not their MD5",
      explains: ({ input, value, kind }) =>
        kind === "effects differ" &&
        (input === "salt" || (input === "subjectAttributes" && value === "null")),
    },
  ],
};

/** A program's own store without content. */
const store = () => ({
  ...{ init: async () => {}, get: () => null, entries: () => ({}), getKeys: () => [], salt: "" },
  ...{ isInitialized: () => true, isExpired: async () => false, setEntries: async () => true },
  ...{ getFormat: () => "SERVER", setFormat() {}, getEnvironment: () => null, setEnvironment() {} },
  ...{ getConfigFetchedAt: () => null, setConfigFetchedAt() {} },
  ...{ getConfigPublishedAt: () => null, setConfigPublishedAt() {} },
});
const cache = () => ({ has: () => false, set() {} });

/** Tries setters of objects that a program creates, and how the client behaves afterwards. */
export const SETTERS_SUITE: OddOptionsSuite = {
  ...source,
  calls: [
    callOf("setLogger", () => [{ logAssignment() {} }]),
    callOf("setIsObfuscated", () => [true]),
    callOf("setEventDispatcher", () => [{ dispatch() {}, attachContext() {} }]),
    callOf("useCustomAssignmentCache", () => [cache()]),
    callOf("useCustomBanditAssignmentCache", () => [cache()]),
    callOf("setFlagConfigurationStore", () => [store()]),
    callOf("setBanditVariationConfigurationStore", () => [store()]),
    callOf("setBanditModelConfigurationStore", () => [store()]),
    callOf("parseOverrides", () => [undefined]),
  ],
  differences: [
    {
      name: "part without its methods",
      because: "events that a cache cannot remember are logged",
      explains: ({ callee, kind }) =>
        /#useCustom.*Cache$/.test(callee) && kind === "effects differ",
    },
    {
      name: "stores of bandits alone",
      because: "Polls replace the configuration, which never changes once it is compiled",
      explains: ({ callee, kind }) =>
        /#setBandit.*ConfigurationStore$/.test(callee) && kind === "effects differ",
    },
  ],
};
