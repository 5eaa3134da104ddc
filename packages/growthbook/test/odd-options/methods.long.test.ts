import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import {
  attempt,
  describeOddOptions,
  type Input,
  ignoreRejectionsOf,
  ODD_CONTENTS,
  THREW,
  VendorCalls,
} from "@sortition/dialect-kit/odd-options";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type * as sortition from "../../src/index.js";
import { GROWTHBOOK_SURFACE } from "../client/surface.js";
import { attributes, features, type Stage, sides } from "./scene.js";

const manifest = createRequire(import.meta.url).resolve("@growthbook/growthbook/package.json");
const source = {
  declarations: manifest.replace("package.json", "dist/index.d.ts"),
  isVendorFile: (path: string) => path.includes("/@growthbook/growthbook/"),
};

const EXPERIMENT = { key: "inline", variations: ["a", "b"], weights: [0, 1], coverage: 1 };
const REDIRECT: sortition.AutoExperiment = {
  key: "redirect",
  changeId: "c1",
  manual: true,
  variations: [{}, { urlRedirect: "https://shop.test/b" }],
  weights: [0, 1],
  urlPatterns: [{ include: true, type: "simple", pattern: "https://shop.test/a" }],
};
const URL_A = "https://shop.test/a?x=1";
const payload = (): sortition.FeatureApiResponse => ({
  features: structuredClone(features),
  experiments: [{ ...REDIRECT }],
});
const user = () => ({ attributes: { ...attributes }, url: URL_A });
const event = () => ["bought", { price: 1 }];
const TRACKED = {
  experiment: EXPERIMENT,
  result: { hashAttribute: "id", hashValue: "alice", variationId: 1, key: "1" },
};
const call = () => {};

/** Creates valid arguments for each method, by class. */
const VALID = {
  GrowthBook: {
    setPayload: () => [payload()],
    initSync: () => [{ payload: payload() }],
    init: () => [{ timeout: 100 }],
    loadFeatures: () => [{ timeout: 100 }],
    refreshFeatures: () => [{ timeout: 100 }],
    setFeatures: () => [structuredClone(features)],
    setEncryptedFeatures: () => ["", "", undefined],
    setExperiments: () => [[{ ...REDIRECT }]],
    setEncryptedExperiments: () => ["", "", undefined],
    setAttributes: () => [{ id: "ben" }],
    updateAttributes: () => [{ plan: "free" }],
    setAttributeOverrides: () => [{ plan: "free" }],
    setForcedVariations: () => [{ inline: 0 }],
    setForcedFeatures: () => [new Map([["flag", "forced"]])],
    setURL: () => ["https://shop.test/c"],
    subscribe: () => [call],
    _subscribeFeatureUsage: () => [call],
    _subscribeExperimentViewed: () => [call],
    _subscribeCustomEvents: () => [call],
    onDestroy: () => [call],
    setRenderer: () => [null],
    destroy: () => [{}],
    forceVariation: () => ["inline", 0],
    run: () => [{ ...EXPERIMENT }],
    triggerExperiment: () => ["redirect"],
    isOn: () => ["flag"],
    isOff: () => ["flag"],
    getFeatureValue: () => ["none", "fallback"],
    feature: () => ["flag"],
    evalFeature: () => ["flag"],
    log: () => ["message", { a: 1 }],
    setDeferredTrackingCalls: () => [[structuredClone(TRACKED)]],
    setTrackingCallback: () => [call],
    setFeatureUsageCallback: () => [call],
    setEventLogger: () => [call],
    logEvent: event,
    refreshStickyBuckets: () => [payload()],
    generateStickyBucketAssignmentDocsSync: () => [
      { getAllAssignmentsSync: () => ({}) },
      payload(),
    ],
  },
  GrowthBookClient: {
    setPayload: () => [payload()],
    initSync: () => [{ payload: payload() }],
    init: () => [{ timeout: 100 }],
    refreshFeatures: () => [{ timeout: 100 }],
    setGlobalAttributes: () => [{ country: "de" }],
    destroy: () => [{}],
    setEventLogger: () => [call],
    logEvent: () => [...event(), user()],
    runInlineExperiment: () => [{ ...EXPERIMENT }, user()],
    isOn: () => ["flag", user()],
    isOff: () => ["flag", user()],
    getFeatureValue: () => ["none", "fallback", user()],
    evalFeature: () => ["tested", user()],
    log: () => ["message", { a: 1 }],
    setTrackingCallback: () => [call],
    setFeatureUsageCallback: () => [call],
    applyStickyBuckets: () => [user(), { getAllAssignments: async () => ({}) }],
    createScopedInstance: () => [user(), []],
  },
  UserScopedGrowthBook: {
    runInlineExperiment: () => [{ ...EXPERIMENT }],
    isOn: () => ["flag"],
    isOff: () => ["flag"],
    getFeatureValue: () => ["none", "fallback"],
    evalFeature: () => ["tested"],
    logEvent: event,
    setTrackingCallback: () => [call],
    setFeatureUsageCallback: () => [call],
    _subscribeExperimentViewed: () => [call],
    setURL: () => ["https://shop.test/c"],
    updateAttributes: () => [{ plan: "free" }],
    setAttributeOverrides: () => [{ plan: "free" }],
    setForcedVariations: () => [{ inline: 0 }],
    setForcedFeatures: () => [new Map([["flag", "forced"]])],
  },
} satisfies Readonly<Record<string, Readonly<Record<string, () => unknown[]>>>>;

const ATTRIBUTES: readonly Input["path"][] = [
  [0, "id"],
  [0, "plan"],
];

/** Members of records with open types. Their effect shows in events and requests. */
const CONTENTS: Readonly<Record<string, readonly Input["path"][]>> = {
  setAttributes: [...ATTRIBUTES],
  updateAttributes: [...ATTRIBUTES],
  setAttributeOverrides: [...ATTRIBUTES],
  setGlobalAttributes: [...ATTRIBUTES],
  setFeatures: [
    [0, "flag", "rules", "0", "force"],
    [0, "tested", "defaultValue"],
    [0, "tested", "rules", "0", "id"],
    [0, "tested", "rules", "0", "variations", "0"],
  ],
  setForcedVariations: [
    [0, "inline"],
    [0, "tested"],
  ],
  setDeferredTrackingCalls: [[0, "0", "result", "hashValue"]],
  logEvent: [[0], [1, "price"], [2, "attributes", "id"], [2, "url"]],
  run: [[0, "variations", "1"]],
  runInlineExperiment: [
    [0, "variations", "1"],
    [1, "attributes", "id"],
  ],
  getFeatureValue: [[1]],
  evalFeature: [[1, "attributes", "id"]],
  createScopedInstance: [[0, "attributes", "id"]],
  log: [[1, "a"]],
};

type ClassName = keyof typeof VALID;
type Members = Record<string, (...given: unknown[]) => unknown>;

/** Getters of all classes, whose results are compared after the call. */
const GETTERS = [
  ...["getPayload", "getDecryptedPayload", "getFeatures", "getExperiments", "getApiInfo"],
  ...["getAttributes", "getForcedVariations", "getForcedFeatures", "getUrl", "getGlobalAttributes"],
  ...["getAllResults", "getDeferredTrackingCalls", "getCompletedChangeIds", "getRedirectUrl"],
  ...["getStickyBucketAssignmentDocs", "isDestroyed", "inDevMode", "getUserContext"],
];

/** How the instance is configured: with the usual options, with remote evaluation, or with callbacks that record events. */
type Kind = "usual" | "remote" | "observed";

/** Creates the instance on which a method is called. */
function create(owner: ClassName, kind: Kind, { sdk, note }: Stage): Members {
  const callbacks =
    kind === "observed"
      ? {
          trackingCallback: (...given: unknown[]) => note("tracked", given),
          onFeatureUsage: (...given: unknown[]) => note("used", given),
          eventLogger: (...given: unknown[]) => note("event", given),
        }
      : {};
  const log = (...given: unknown[]) => note("log", given);
  const shared = { clientKey: "sdk-1", log, ...callbacks };
  const navigate = (...given: unknown[]) => note("navigate", given);
  if (owner === "GrowthBook") {
    const isRemote = kind === "remote";
    const own = { ...user(), navigate, enableDevMode: !isRemote, remoteEval: isRemote };
    const gb = new sdk.GrowthBook({ ...shared, ...own } as sortition.Options);
    gb.initSync({ payload: payload() });
    return gb as unknown as Members;
  }
  const client = new sdk.GrowthBookClient({ ...shared, globalAttributes: { country: "at" } });
  client.initSync({ payload: payload() });
  if (owner === "GrowthBookClient") return client as unknown as Members;
  return client.createScopedInstance({ ...user(), enableDevMode: true }) as unknown as Members;
}

/** Copies a value as a string, in which functions appear by name only. */
const copyOf = (value: unknown): string =>
  value instanceof Promise ? "a promise" : inspect(value, { depth: 6, sorted: true });

/** Returns the comparable part of a returned value. */
function shown(value: unknown, self: Members, stage: Stage): unknown {
  if (value === self) return "itself";
  const { evalFeature } = (value ?? {}) as { evalFeature?: unknown };
  if (typeof evalFeature === "function") return answersOf(value as Members, [], stage);
  return typeof value === "function" ? "a function" : copyOf(value);
}

/** Returns the results of all getters and the arguments of all callbacks. */
function answersOf(it: Members, more: readonly unknown[], { taken }: Stage): object {
  const noted = taken();
  const getters = Object.fromEntries(
    GETTERS.map((name) => [name, attempt(() => copyOf(it[name]?.()))]),
  );
  const { logs } = it as { readonly logs?: readonly unknown[] };
  let told = logs?.length ?? 0;
  const asked = (method: string, ...given: unknown[]): unknown => {
    const answer = attempt(() => copyOf(it[method]?.(...given, ...more)));
    const events = [...taken(), copyOf(logs?.slice(told))];
    told = logs?.length ?? 0;
    return answer === THREW ? THREW : [answer, events];
  };
  const evaluated = [
    asked("evalFeature", "flag"),
    asked("evalFeature", "tested"),
    asked(it["run"] === undefined ? "runInlineExperiment" : "run", { ...EXPERIMENT }),
    asked("logEvent", "after", {}),
  ];
  // An instance that can no longer evaluate any feature is treated as one that throws.
  if (evaluated[0] === THREW && evaluated[1] === THREW) throw new Error("no feature is evaluated");
  const [flag, tested, run, logged] = evaluated;
  return { noted, flag, tested, run, logged, ready: it["ready"], ...getters };
}

const play = (owner: ClassName, kind: Kind, method: string) =>
  sides(async (stage, given) => {
    const it = create(owner, kind, stage);
    // Evaluation lines in the debug log differ between the packages, so it is enabled only for this call.
    if (method === "log") Object.assign(it, { debug: true });
    const returned = it[method]?.(...given);
    Object.assign(it, { debug: false });
    // It may reject while time passes, and is awaited only afterwards.
    void Promise.allSettled([returned]);
    await vi.advanceTimersByTimeAsync(200);
    const answer = shown(await returned, it, stage);
    const answers = answersOf(it, owner === "GrowthBookClient" ? [user()] : [], stage);
    await vi.advanceTimersByTimeAsync(200);
    attempt(() => it["destroy"]?.({ destroyAllStreams: true }));
    return { answer, ...answers };
  });

// With an odd sticky bucket service, the vendor's SDK leaves unhandled rejections, which would end the process.
ignoreRejectionsOf("/@growthbook/growthbook/");
// Pollers and streams load this module on first use, which no fake clock waits for.
beforeAll(() => import("@sortition/node/internal"));

it.each(Object.keys(VALID) as ClassName[])("the plan covers every method of %s", (owner) => {
  const calls = new VendorCalls(source);
  const takes = (name: string): boolean => {
    try {
      return calls.inputsOf(`${owner}#${name}`).length > 0;
    } catch {
      return false;
    }
  };
  const { inner, notThere } = GROWTHBOOK_SURFACE;
  const isThere = (name: string): boolean => !(name in notThere) && !inner.includes(name);
  const there = calls.methodsOf(owner).filter((name) => isThere(`${owner}.${name}`));
  expect(Object.keys(VALID[owner]).sort()).toEqual(there.filter(takes).sort());
});

const page = fileURLToPath(new URL("../differences.md", import.meta.url));

function contentsOf(method: string, count: number): Input[] {
  const paths = (CONTENTS[method] ?? []).filter(([index]) => index < count);
  return paths.map((path) => ({ name: `content ${path.join(".")}`, path }));
}

const KINDS: Readonly<Record<Kind, readonly ClassName[]>> = {
  usual: ["GrowthBook"],
  observed: ["GrowthBook", "GrowthBookClient", "UserScopedGrowthBook"],
  remote: ["GrowthBook"],
};

describe.each(Object.keys(KINDS) as Kind[])("%s instances", (kind) => {
  describeOddOptions("@growthbook/growthbook", {
    ...source,
    calls: KINDS[kind].flatMap((owner) =>
      Object.entries(VALID[owner]).map(([method, valid]) => ({
        callee: `${owner}#${method}`,
        valid,
        ...play(owner, kind, method),
        also: contentsOf(method, valid().length),
        contents: ODD_CONTENTS,
      })),
    ),
    page,
    differences: [],
  });
});
