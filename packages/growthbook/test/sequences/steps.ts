import type { Random } from "@sortition/dialect-kit/differential";
import {
  EXPERIMENTS,
  FEATURES,
  generateExperiment,
  generatePayload,
  type Payload,
} from "../differential/payloads.js";
import { anyValue, IDS } from "../differential/values.js";

type Members = Record<string, unknown>;

/** The next step of a program with its instance, its client or its scoped instance. */
export type Step =
  | { readonly do: "evalFeature" | "isOn" | "isOff"; readonly key: string }
  | { readonly do: "getFeatureValue"; readonly key: string; readonly fallback: unknown }
  | { readonly do: "run"; readonly experiment: Members }
  | {
      readonly do: "setAttributes" | "updateAttributes" | "setAttributeOverrides";
      readonly attributes: Members;
    }
  | { readonly do: "setForcedVariations"; readonly variations: Record<string, number> }
  | { readonly do: "forceVariation"; readonly key: string; readonly variation: number }
  | { readonly do: "setForcedFeatures"; readonly values: readonly (readonly [string, unknown])[] }
  | { readonly do: "setURL"; readonly url: string }
  | { readonly do: "setPayload"; readonly payload: Payload }
  | { readonly do: "setFeatures"; readonly features: Record<string, unknown> }
  | { readonly do: "setExperiments"; readonly experiments: readonly Members[] }
  | { readonly do: "triggerExperiment"; readonly key: string }
  | { readonly do: "logEvent"; readonly name: string }
  | { readonly do: SimpleStep };

/** Steps without an argument. */
export type SimpleStep = (typeof SIMPLE_STEPS)[number];

const SIMPLE_STEPS = [
  "setTrackingCallback",
  "setFeatureUsageCallback",
  "setEventLogger",
  "subscribe",
  "unsubscribe",
  "setRenderer",
  "fireDeferredTrackingCalls",
  "keepDeferred",
  "triggerAutoExperiments",
  "refreshStickyBuckets",
  "new instance",
  "destroy",
] as const;

export const STEPS: readonly string[] = [
  ...["evalFeature", "isOn", "isOff", "getFeatureValue", "run", "setAttributes"],
  ...["updateAttributes", "setAttributeOverrides", "setForcedVariations", "forceVariation"],
  ...["setForcedFeatures", "setURL", "setPayload", "setFeatures", "setExperiments"],
  ...["triggerExperiment", "logEvent", ...SIMPLE_STEPS],
];

/** The kinds of objects that a program uses. */
export const KINDS: readonly string[] = ["instance", "client", "scoped"];

export interface Program {
  readonly kind: string;
  readonly payload: Payload;
  readonly attributes: Members;
  readonly url: string;
  readonly isSticky: boolean;
  readonly isDevMode: boolean;
  /** Whether the debug log is enabled. */
  readonly isLogged: boolean;
  readonly hasCallbacks: boolean;
  /** Whether there are subscribers from the start. */
  readonly isObserved: boolean;
  /** More options of the instance or the client. */
  readonly settings: object;
  readonly globalAttributes: Members | null;
  readonly steps: readonly Step[];
}

const URLS: readonly string[] = [
  "",
  "https://example.com/path",
  "https://example.com/path?exp-a=1&x=2",
  "https://example.com/other?exp-b=0",
];

const OVERRIDE: Members = { variations: ["p", "q", "r"], meta: [{}, { key: "m1" }, {}] };

const SETTINGS: readonly object[] = [
  { enabled: false },
  { qaMode: true },
  { forcedVariations: { "exp-a": 0, "exp-b": 1 } },
  { user: { id: "u1", device: "d2" }, groups: { beta: true } },
  { overrides: { "exp-a": { force: 0 }, "exp-b": { status: "draft" } } },
  { overrides: { "exp-a": { key: "new" }, "exp-b": OVERRIDE, "exp-c": { changeId: "c3" } } },
  { overrides: { one: { ...OVERRIDE, key: "new" }, "exp-a": { groups: ["beta"] } } },
  { blockedChangeIds: ["c1"] },
  { disableVisualExperiments: true },
  { disableJsInjection: true },
  { disableExperimentsOnLoad: true },
  { disableUrlRedirectExperiments: true },
  { disableCrossOriginUrlRedirectExperiments: true },
];

export function generateProgram(random: Random): Program {
  return {
    kind: random.deal("kinds", KINDS),
    payload: generateSoundPayload(random),
    attributes: generateAttributes(random),
    url: random.deal("urls", URLS),
    isSticky: random.chance(0.4),
    isDevMode: random.chance(0.3),
    isLogged: random.chance(0.3),
    hasCallbacks: random.chance(0.5),
    isObserved: random.chance(0.5),
    settings: random.chance(0.5) ? random.deal("settings", SETTINGS) : {},
    globalAttributes: random.chance(0.5) ? generateAttributes(random) : null,
    steps: random.times(random.integer(6, 16), () => generateStep(random)),
  };
}

/** Generates a payload without malformed features, for which the vendor's SDK throws. */
function generateSoundPayload(random: Random): Payload {
  const { faults, payload } = generatePayload(random);
  const sound = Object.entries(payload.features).filter(([key]) => !faults.has(key));
  const experiments = random.chance(0.5) ? { experiments: generateAutoExperiments(random) } : {};
  return { ...payload, ...experiments, features: Object.fromEntries(sound) };
}

function generateAttributes(random: Random): Members {
  return {
    ...(random.chance(0.9) ? { id: random.pick(IDS) } : {}),
    ...(random.chance(0.4) ? { company: random.pick(["acme", "umbrella", 5]) } : {}),
    ...(random.chance(0.4) ? { device: random.pick(["d1", "d2"]) } : {}),
    ...(random.chance(0.4) ? { country: anyValue(random) } : {}),
    ...(random.chance(0.4) ? { age: anyValue(random) } : {}),
  };
}

const REDIRECTED: Members = { urlPatterns: [{ type: "simple", include: true, pattern: "/path" }] };

const AUTO_EXPERIMENTS: readonly Members[] = [
  { variations: [{}, { css: "p {}" }] },
  { variations: [{}, { js: "1", domMutations: [] }] },
  { variations: [{}, {}] },
  { ...REDIRECTED, variations: [{}, { urlRedirect: "https://example.com/new" }] },
  { ...REDIRECTED, variations: [{}, { urlRedirect: "https://example.com/path" }] },
  { ...REDIRECTED, variations: [{}, { urlRedirect: "/relative" }] },
  { ...REDIRECTED, variations: [{}, { urlRedirect: "https://other.example/" }] },
];

function generateAutoExperiments(random: Random): Members[] {
  return random.times(random.integer(1, 3), () => ({
    key: random.pick(EXPERIMENTS),
    weights: random.pick([
      [0.5, 0.5],
      [0, 1],
    ]),
    ...(random.chance(0.3) ? { manual: true } : {}),
    ...(random.chance(0.5) ? { changeId: random.pick(["c1", "c2"]) } : {}),
    ...(random.chance(0.3) ? { persistQueryString: true } : {}),
    ...random.deal("auto experiments", AUTO_EXPERIMENTS),
  }));
}

function generateInline(random: Random): Members {
  const {
    contextualBanditRef: _,
    contextualVariations,
    ...experiment
  } = generateExperiment(random);
  return {
    ...(contextualVariations === undefined ? {} : { variations: contextualVariations }),
    ...experiment,
    key: random.pick(EXPERIMENTS),
    // One entry per variation, because the vendor's SDK throws otherwise.
    ...("meta" in experiment && random.chance(0.3) ? { fallbackAttribute: "device" } : {}),
  };
}

function generateStep(random: Random): Step {
  const name = random.chance(0.5)
    ? random.pick([
        ...["evalFeature", "evalFeature", "isOn", "getFeatureValue", "run"],
        ...["logEvent", "triggerExperiment"],
      ])
    : random.deal("steps", STEPS);
  const key = random.pick([...FEATURES, "none"]);
  switch (name) {
    case "evalFeature":
    case "isOn":
    case "isOff":
      return { do: name, key };
    case "getFeatureValue":
      return { do: name, key, fallback: anyValue(random) };
    case "run":
      return { do: name, experiment: generateInline(random) };
    case "setAttributes":
    case "updateAttributes":
    case "setAttributeOverrides":
      return { do: name, attributes: generateAttributes(random) };
    case "setForcedVariations":
      return { do: name, variations: { [random.pick(EXPERIMENTS)]: random.integer(-1, 3) } };
    case "forceVariation":
      return { do: name, key: random.pick(EXPERIMENTS), variation: random.integer(0, 2) };
    case "setForcedFeatures":
      return { do: name, values: random.chance(0.7) ? [[key, anyValue(random)]] : [] };
    case "setURL":
      return { do: name, url: random.pick(URLS) };
    case "setPayload":
      return { do: name, payload: generateSoundPayload(random) };
    case "setFeatures":
      return { do: name, features: generateSoundPayload(random).features };
    case "setExperiments":
      return { do: name, experiments: generateAutoExperiments(random) };
    case "triggerExperiment":
      return { do: name, key: random.pick(EXPERIMENTS) };
    case "logEvent":
      return { do: name, name: random.pick(["bought", "seen"]) };
    default:
      return { do: name as SimpleStep }; // all others are handled above
  }
}
