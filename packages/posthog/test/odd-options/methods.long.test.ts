import { AsyncResource } from "node:async_hooks";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import {
  describeOddOptions,
  type Input,
  ODD_CONTENTS,
  type OddCall,
  readCalls,
} from "@sortition/dialect-kit/odd-options";
import { PostHog as VendorPostHog } from "posthog-node";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { PostHog } from "../../src/index.js";
import { POSTHOG_SURFACE } from "../surface/surface.js";
import { HOST, playCall, type SceneClient, type SceneFetch } from "./scene.js";

const entry = createRequire(import.meta.url).resolve("posthog-node");
const source = {
  declarations: entry.replace(/\.c?js$/, ".d.ts"),
  isVendorFile: (path: string) => /node_modules\/(posthog-node|@posthog\/core)\//.test(path),
};

const who = { distinctId: "anna", properties: { a: 1 } };
const groups = { company: "acme" };
const options = { groups, personProperties: { a: 1 }, groupProperties: { company: { b: 2 } } };
const event = { ...who, event: "bought", groups, sendFeatureFlags: false };

/** Creates valid arguments for each method. */
const VALID: Readonly<Record<string, () => unknown[]>> = {
  capture: () => [structuredClone(event)],
  captureImmediate: () => [structuredClone(event)],
  captureException: () => [new Error("boom"), "anna", { a: 1 }],
  captureExceptionImmediate: () => [new Error("boom"), "anna", { a: 1 }],
  identify: () => [structuredClone(who)],
  identifyImmediate: () => [structuredClone(who)],
  alias: () => [{ distinctId: "anna", alias: "a" }],
  aliasImmediate: () => [{ distinctId: "anna", alias: "a" }],
  groupIdentify: () => [{ groupType: "company", groupKey: "acme", properties: { a: 1 } }],
  groupIdentifyImmediate: () => [{ groupType: "company", groupKey: "acme", properties: { a: 1 } }],
  setPersonProperties: () => [structuredClone(who)],
  unsetPersonProperties: () => [{ distinctId: "anna", properties: ["a"] }],
  isFeatureEnabled: () => ["remote", "anna", structuredClone(options)],
  getFeatureFlag: () => ["remote", "anna", structuredClone(options)],
  getFeatureFlagResult: () => ["remote", "anna", structuredClone(options)],
  getFeatureFlagPayload: () => ["remote", "anna", undefined, structuredClone(options)],
  getAllFlags: () => ["anna", structuredClone(options)],
  getAllFlagsAndPayloads: () => ["anna", structuredClone(options)],
  evaluateFlags: () => ["anna", structuredClone(options)],
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

const MEMBERS: readonly Input["path"][] = [
  [0, "properties", "a"],
  [0, "properties", "$set"],
  [0, "properties", "$groups"],
  [0, "groups", "company"],
];
const OPTIONS: readonly Input["path"][] = [
  [2, "groups", "company"],
  [2, "personProperties", "a"],
  [2, "groupProperties", "company"],
];

/** Members of records with open types. Their effect shows in events and requests. */
const CONTENTS: Readonly<Record<string, readonly Input["path"][]>> = {
  capture: [...MEMBERS, [0, "timestamp"], [0, "distinctId"]],
  captureImmediate: MEMBERS,
  captureException: [[0], [2, "a"]],
  captureExceptionImmediate: [[0], [2, "a"]],
  identify: [...MEMBERS.slice(0, 2), [0, "properties", "$set_once"]],
  identifyImmediate: [[0, "properties", "a"]],
  alias: [[0, "alias"]],
  groupIdentify: [
    [0, "groupKey"],
    [0, "properties", "a"],
  ],
  setPersonProperties: [[0, "properties", "a"]],
  unsetPersonProperties: [[0, "properties", "0"]],
  getFeatureFlag: OPTIONS,
  getFeatureFlagResult: OPTIONS,
  getAllFlags: [
    [1, "groups", "company"],
    [1, "personProperties", "a"],
  ],
  overrideFeatureFlags: [[0, "flags", "local"]],
  register: [[0, "everywhere"]],
  withContext: [[0, "properties", "a"]],
};

type Side = OddCall["ours"];

const side =
  (Client: new (...given: never[]) => unknown, method: string): Side =>
  (given) => {
    const create = (fetch: SceneFetch) => {
      const shared = {
        host: HOST,
        secretKey: "phx_key",
        fetch,
        featureFlagsPollingInterval: null,
      };
      return new Client(
        ...(["phc_key", { ...shared, disableCompression: true }] as never[]),
      ) as SceneClient;
    };
    // An entered context ends with the scene.
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

it("the plan covers every method that works", () => {
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
  // After a value that is not a promise, the vendor's `shutdown` never ends.
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
    // Calls after `shutdown` are a separate difference. Sources of frames are read outside of the fake clock, and an
    // invalid listener makes each of the vendor's events throw.
    isOffered: () => !/^(captureException|on$|shutdown)/.test(method),
    also: (CONTENTS[method] ?? []).map((path) => ({ name: `content ${path.join(".")}`, path })),
    contents: ODD_CONTENTS,
  })),
  page: fileURLToPath(new URL("../../../../docs/vendors/posthog.md", import.meta.url)),
  differences: [
    {
      name: "types",
      because:
        "`groups: null` is treated as absent. An event whose name is not a string is dropped, because the server would refuse its whole batch. A `distinctId` that JSON cannot express is replaced with its string form or a random one",
      explains: ({ input, value }) =>
        (/\.groups$/.test(input) && value === "null") ||
        // The same applies if the event name is missing.
        (/^props(\.event)?$/.test(input) && (value !== "null" || input === "props.event")) ||
        (input.endsWith("distinctId") && /^(a (symbol|function)|no date)$/.test(value)),
    },
  ],
});
