import { AsyncResource } from "node:async_hooks";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describeOddOptions, type OddCall, readCalls } from "@sortition/dialect-kit/odd-options";
import { PostHog as VendorPostHog } from "posthog-node";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { PostHog } from "../../src/index.js";
import { POSTHOG_SURFACE } from "../surface/surface.js";
import { HOST, playCall, type SceneClient, sceneFetch } from "./scene.js";

const entry = createRequire(import.meta.url).resolve("posthog-node");
const source = {
  declarations: entry.replace(/\.c?js$/, ".d.ts"),
  isVendorFile: (path: string) => /node_modules\/(posthog-node|@posthog\/core)\//.test(path),
};

const who = { distinctId: "anna", properties: { a: 1 } };
const groups = { company: "acme" };
const options = { groups, personProperties: { a: 1 }, groupProperties: { company: { b: 2 } } };
const event = { ...who, event: "bought", groups, sendFeatureFlags: false };

/** New arguments with which each method works. */
const VALID: Readonly<Record<string, () => unknown[]>> = {
  capture: () => [{ ...event }],
  captureImmediate: () => [{ ...event }],
  captureException: () => [new Error("boom"), "anna", { a: 1 }],
  captureExceptionImmediate: () => [new Error("boom"), "anna", { a: 1 }],
  identify: () => [{ ...who }],
  identifyImmediate: () => [{ ...who }],
  alias: () => [{ distinctId: "anna", alias: "a" }],
  aliasImmediate: () => [{ distinctId: "anna", alias: "a" }],
  groupIdentify: () => [{ groupType: "company", groupKey: "acme", properties: { a: 1 } }],
  groupIdentifyImmediate: () => [{ groupType: "company", groupKey: "acme", properties: { a: 1 } }],
  setPersonProperties: () => [{ ...who }],
  unsetPersonProperties: () => [{ distinctId: "anna", properties: ["a"] }],
  isFeatureEnabled: () => ["remote", "anna", { ...options }],
  getFeatureFlag: () => ["remote", "anna", { ...options }],
  getFeatureFlagResult: () => ["remote", "anna", { ...options }],
  getFeatureFlagPayload: () => ["remote", "anna", undefined, { ...options }],
  getAllFlags: () => ["anna", { ...options }],
  getAllFlagsAndPayloads: () => ["anna", { ...options }],
  evaluateFlags: () => ["anna", { ...options }],
  getRemoteConfigPayload: () => ["remote"],
  getFeatureFlagEvaluationRuntime: () => ["local"],
  getFeatureFlagKeysByEvaluationRuntime: () => ["server"],
  overrideFeatureFlags: () => [{ flags: { local: "b" } }],
  waitForLocalEvaluationReady: () => [1_000],
  register: () => [{ everywhere: true }],
  unregister: () => ["everywhere"],
  withContext: () => [{ distinctId: "carl" }, () => "done", { fresh: true }],
  enterContext: () => [{ distinctId: "carl" }, { fresh: true }],
  debug: () => [false],
  on: () => ["capture", () => {}],
  shutdown: () => [1_000],
};

type Side = OddCall["ours"];

const side =
  (Client: new (...given: never[]) => unknown, method: string): Side =>
  (given) => {
    const create = () => {
      const shared = {
        host: HOST,
        secretKey: "phx_key",
        fetch: sceneFetch,
        featureFlagsPollingInterval: null,
      };
      return new Client(
        ...(["phc_key", { ...shared, disableCompression: true }] as never[]),
      ) as SceneClient;
    };
    // A context that is entered ends with the scene.
    return new AsyncResource("scene").runInAsyncScope(() =>
      playCall(create, (client) => {
        const methods = client as unknown as Record<string, (...parts: unknown[]) => unknown>;
        return methods[method]?.(...given);
      }),
    );
  };

beforeAll(() => {
  for (const level of ["debug", "info", "warn", "error", "log"] as const) {
    vi.spyOn(console, level).mockImplementation(() => {});
  }
});
afterAll(() => {
  vi.restoreAllMocks();
});

it("tries every method that works", () => {
  const { inputsOf, methodsOf } = readCalls(source);
  const takes = (name: string): boolean => {
    try {
      return inputsOf(`PostHog#${name}`).length > 0;
    } catch {
      return false;
    }
  };
  const works = methodsOf("PostHog").filter((name) =>
    POSTHOG_SURFACE.works.includes(`PostHog.${name}`),
  );
  // After something else than a promise the vendor's `shutdown` never ends.
  const left = ["addPendingPromise"];
  expect([...Object.keys(VALID), ...left].sort()).toEqual(works.filter(takes).sort());
});

describeOddOptions("posthog-node", {
  ...source,
  calls: Object.entries(VALID).map(([method, valid]) => ({
    callee: `PostHog#${method}`,
    valid,
    theirs: side(VendorPostHog, method),
    ours: side(PostHog, method),
    // What an event has is compared in other tests: here, what is asked for with it, and options.
    isOffered: (input) => /^options|\.sendFeatureFlags|^overrides|^timeoutMs|^enabled/.test(input),
  })),
  page: fileURLToPath(new URL("../../../../docs/migrate/from-posthog-node.md", import.meta.url)),
  differences: [
    {
      name: "types",
      because: "`groups` of `null` is none: the vendor drops the event of the flag",
      explains: ({ input, value }) => input === "options.groups" && value === "null",
    },
  ],
});
