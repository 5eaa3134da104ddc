import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { OddCall, OddOptionsSuite, OddSide } from "@sortition/dialect-kit/odd-options";
import { vi } from "vitest";
import type { EppoClient } from "../../src/index.js";
import { type NamedSdk, OURS, VENDOR } from "../sdks.js";
import { INTERVAL_MS, OBSERVED_MS, observed, open, settled } from "./scene.js";

const sdk = createRequire(import.meta.url).resolve("@eppo/node-server-sdk");
const common = createRequire(sdk).resolve("@eppo/js-client-sdk-common");
const declarationsOf = (script: string): string => script.replace(/\.js$/, ".d.ts");
const isVendorFile = (path: string): boolean => path.includes("/@eppo/");
const page = fileURLToPath(new URL("../../../../docs/vendors/eppo.md", import.meta.url));
const FLAGS = {
  createdAt: "2026-01-01T00:00:00Z",
  format: "SERVER",
  environment: { name: "test" },
  flags: {
    a: {
      ...{ key: "a", enabled: true, variationType: "BOOLEAN", totalShards: 10_000 },
      variations: { on: { key: "on", value: true } },
      allocations: [
        { key: "all", rules: [], splits: [{ variationKey: "on", shards: [] }], doLog: true },
      ],
    },
  },
};
const howMany = (count: number): number | string => (count > 10 ? "very many" : count);

function initBy(sdk: NamedSdk): OddSide {
  return ([config]) =>
    observed(
      () => JSON.stringify(FLAGS),
      async (requests) => {
        if (typeof config !== "object" || config === null)
          return await settled(sdk.sdk.init(config as never));
        const client = await open(sdk, config);
        const first = requests.length;
        const value = client.getBooleanAssignment("a", "alice", {}, false);
        await vi.advanceTimersByTimeAsync(OBSERVED_MS);
        client.stopPolling();
        return {
          value,
          first: howMany(first),
          polls: howMany(requests.length - first),
          path: requests[0],
        };
      },
    );
}

const config = () => ({
  apiKey: "key",
  baseUrl: "https://flags.invalid/api",
  pollingIntervalMs: INTERVAL_MS,
  assignmentLogger: { logAssignment() {} },
});

/** Calls a method, and then evaluates flags for some users twice. */
function methodBy(sdk: NamedSdk, method: keyof EppoClient): OddSide {
  return (given) =>
    observed(
      () => JSON.stringify(FLAGS),
      async (requests) => {
        const subjects: string[] = [];
        const assignmentLogger = {
          logAssignment: ({ subject }: { subject: string }) => void subjects.push(subject),
        };
        const client = await open(sdk, { ...config(), assignmentLogger });
        client.stopPolling();
        const result: unknown = await (client[method] as (...given: unknown[]) => unknown).apply(
          client,
          given,
        );
        const values: unknown[] = [];
        for (const subject of ["a", "b", "c", "d", "c", "d", "a", "b"]) {
          values.push(client.getBooleanAssignment("a", subject, {}, false));
        }
        const from = requests.length;
        await settled(client.fetchFlagConfigurations());
        const first = requests.length - from;
        await vi.advanceTimersByTimeAsync(OBSERVED_MS);
        client.stopPolling();
        const isClient = typeof result === "object" && result !== null;
        const polls = howMany(requests.length - from - first);
        return {
          result: isClient ? typeof result : result,
          values,
          subjects,
          first: howMany(first),
          polls,
        };
      },
    );
}

const METHODS: readonly { readonly name: keyof EppoClient; valid(): unknown[] }[] = [
  { name: "useLRUInMemoryAssignmentCache", valid: () => [3] },
  { name: "useExpiringInMemoryBanditAssignmentCache", valid: () => [3, 1_000] },
  {
    name: "setConfigurationRequestParameters",
    valid: () => [
      { ...config(), sdkName: "s", sdkVersion: "1", pollAfterSuccessfulInitialization: true },
    ],
  },
  { name: "setIsGracefulFailureMode", valid: () => [true] },
  { name: "setOverrideStore", valid: () => [{ get: () => null, entries: () => ({}) }] },
  { name: "withOverrides", valid: () => [{}] },
  { name: "setAssignmentLogger", valid: () => [{ logAssignment() {} }] },
  { name: "setBanditLogger", valid: () => [{ logBanditAction() {} }] },
  { name: "setContext", valid: () => ["key", "value"] },
  { name: "track", valid: () => ["type", {}] },
];

const methodCalls: readonly OddCall[] = METHODS.map(({ name, valid }) => ({
  callee: `EppoClient#${name}`,
  valid,
  theirs: methodBy(VENDOR, name),
  ours: methodBy(OURS, name),
}));

/** Tries `init`. */
export const INIT_SUITE: OddOptionsSuite = {
  ...{ declarations: declarationsOf(sdk), isVendorFile, page },
  calls: [
    {
      ...{ callee: "init", isTyped: true, valid: () => [config()] },
      ...{ theirs: initBy(VENDOR), ours: initBy(OURS) },
    },
  ],
  differences: [
    {
      name: "interval that is no time",
      because: "polls a thousand times per second",
      explains: ({ input, value, kind }) =>
        input.endsWith(".pollingIntervalMs") &&
        kind === "effects differ" &&
        ["NaN", "Infinity"].includes(value),
    },
  ],
};

/** Tries the methods of the client, whose class is in another of the vendor's packages. */
export const METHODS_SUITE: OddOptionsSuite = {
  ...{ declarations: declarationsOf(common), isVendorFile, page },
  calls: methodCalls.filter(({ callee }) => !callee.endsWith("Parameters")),
  differences: [
    {
      name: "part without its methods",
      because: "An override store then overrides nothing",
      explains: ({ callee, kind }) =>
        callee === "EppoClient#setOverrideStore" && kind === "effects differ",
    },
  ],
};

/** Tries the method that accepts the options of `init`. */
export const PARAMETERS_SUITE: OddOptionsSuite = {
  ...METHODS_SUITE,
  calls: methodCalls
    .filter(({ callee }) => callee.endsWith("Parameters"))
    .map((it) => ({ ...it, isTyped: true })),
  differences: [
    ...INIT_SUITE.differences,
    {
      name: "address without a scheme",
      because: "is an `https:` address | such requests fail",
      explains: ({ input, value, kind }) =>
        input.endsWith(".baseUrl") && value.startsWith('"') && kind === "effects differ",
    },
  ],
};
