import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { OddOptionsSuite, OddSide } from "@sortition/dialect-kit/odd-options";
import { vi } from "vitest";
import type { EppoClient, IClientConfig } from "../../src/index.js";
import { type NamedSdk, OURS, VENDOR } from "../sdks.js";
import { baseUrl, INTERVAL_MS, OBSERVED_MS, observed, open, settled } from "./scene.js";

const sdk = createRequire(import.meta.url).resolve("@eppo/node-server-sdk");
const common = createRequire(sdk).resolve("@eppo/js-client-sdk-common");
export const FLAGS: object = {
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
export const howMany = (count: number): number | string => (count > 10 ? "very many" : count);

export const config = (): IClientConfig => ({
  apiKey: "key",
  baseUrl: baseUrl(),
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
  { name: "setIsGracefulFailureMode", valid: () => [true] },
  { name: "setOverrideStore", valid: () => [{ get: () => null, entries: () => ({}) }] },
  { name: "withOverrides", valid: () => [{}] },
  { name: "setAssignmentLogger", valid: () => [{ logAssignment() {} }] },
  { name: "setBanditLogger", valid: () => [{ logBanditAction() {} }] },
  { name: "setContext", valid: () => ["key", "value"] },
  { name: "track", valid: () => ["type", {}] },
];

/** Tries the methods of the client, whose class is in another of the vendor's packages. */
export const METHODS_SUITE: OddOptionsSuite = {
  declarations: common.replace(/\.js$/, ".d.ts"),
  isVendorFile: (path) => path.includes("/@eppo/"),
  page: fileURLToPath(new URL("../differences.md", import.meta.url)),
  calls: METHODS.map(({ name, valid }) => ({
    callee: `EppoClient#${name}`,
    valid,
    theirs: methodBy(VENDOR, name),
    ours: methodBy(OURS, name),
  })),
  differences: [
    {
      name: "part without its methods",
      because: "An override store then overrides nothing",
      explains: ({ callee, kind }) =>
        callee === "EppoClient#setOverrideStore" && kind === "effects differ",
    },
  ],
};
