import { vi } from "vitest";
import {
  type AssignmentEvent,
  type Client,
  Configuration,
  createClient,
  withEppoNodeEventNames,
} from "../../../src/index.js";
import { compareOutcomes, type Difference } from "../compare.js";
import type { Outcome } from "../outcome.js";
import { Random } from "../random.js";
import { NOON_MS } from "../windows.js";
import { type BanditCall, CALL_EDGES, generateCall } from "./calls.js";
import { FLAG_EDGES, type GeneratedBandits, generateBandits } from "./configurations.js";
import { type BanditCase, DELIBERATE } from "./deliberate.js";
import { MODEL_EDGES } from "./models.js";
import { BanditVendor } from "./vendor.js";

/** Where we choose and the vendor does not, or the other way round: what is remembered differs from then on. */
const CHOSEN_BY_ONE: readonly string[] = [
  ...["subject: null", "subject: undefined", "attributes: some inherited"],
  ...["action: inherited name", "action: lone surrogate", "number that is a text"],
  ...["attribute: own member of an inherited name", "model of an inherited name"],
];

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** What to compare. */
export interface BanditRunOptions {
  readonly seed: number;
  readonly models: number;
  readonly calls: number;
  /** `true`: both SDKs remember what they logged, with a small cache that expires. */
  readonly isDeduplicated: boolean;
  /** Changes the models that are given to us, and to us alone. */
  readonly sabotage?: (modelsText: string) => string;
}

/** What a run found. */
export interface BanditRunResult {
  readonly calls: number;
  /** How often the vendor's bandit chose an action, failed, or had none to choose. */
  readonly chosen: number;
  readonly failed: number;
  readonly statusQuo: number;
  readonly edges: ReadonlyMap<string, number>;
  readonly deliberate: ReadonlyMap<string, number>;
  readonly unexplained: readonly {
    readonly case: BanditCase;
    readonly differences: readonly Difference[];
  }[];
}

/** Makes models, flags and calls, asks both SDKs, and compares all that they answer and log. */
export async function runBandits(options: BanditRunOptions): Promise<BanditRunResult> {
  vi.setSystemTime(NOON_MS);
  const random = new Random(options.seed);
  const bandits = generateBandits(random, options.models);
  const vendor = new BanditVendor((client) => {
    if (!options.isDeduplicated) return;
    client.useLRUInMemoryAssignmentCache(50);
    client.useExpiringInMemoryBanditAssignmentCache(50, 60_000);
  });
  await vendor.load(bandits.flagsText, bandits.modelsText);
  const ours = createOurs(bandits, options);
  const edges = new Map([...MODEL_EDGES, ...FLAG_EDGES, ...CALL_EDGES].map((edge) => [edge, 0]));
  const deliberate = new Map(DELIBERATE.map(({ name }) => [name, 0]));
  const unexplained: BanditRunResult["unexplained"][number][] = [];
  const counts = { chosen: 0, failed: 0, statusQuo: 0 };
  for (let i = 0; i < options.calls; i++) {
    vi.setSystemTime(NOON_MS + i * 100);
    const call = generateCall(random, bandits);
    const isChosenByOne = edgesOf(call).some((edge) => CHOSEN_BY_ONE.includes(edge));
    if (options.isDeduplicated && isChosenByOne) continue;
    const it: BanditCase = {
      call,
      ours: ours(call),
      vendor: askVendor(vendor, call),
      edges: edgesOf(call),
    };
    for (const edge of it.edges) edges.set(edge, (edges.get(edge) ?? 0) + 1);
    note(it, counts);
    const differences = explain(it, deliberate);
    if (differences.length > 0) unexplained.push({ case: it, differences });
  }
  return { calls: options.calls, ...counts, edges, deliberate, unexplained };
}

function createOurs(bandits: GeneratedBandits, options: BanditRunOptions) {
  const events: object[] = [];
  const client = createClient({
    initialConfiguration: Configuration.from({
      flagsConfiguration: bandits.flagsText,
      banditsConfiguration: options.sabotage?.(bandits.modelsText) ?? bandits.modelsText,
    }),
    assignmentLogger: withEppoNodeEventNames({
      logAssignment: (event) => void events.push(event),
      logBanditAction: (event) => void events.push(event),
    }),
    deduplication: options.isDeduplicated
      ? { assignments: { max: 50 }, bandits: { max: 50, ttlMs: 60_000 } }
      : false,
    clock: { now: () => Date.now(), monotonicMs: () => Date.now() },
    diagnostics: SILENT,
  });
  return (call: BanditCall): Outcome => ask(client, call, () => events.splice(0));
}

function askVendor(vendor: BanditVendor, call: BanditCall): Outcome {
  // Its getters have the same names, and its types are narrower than what it takes.
  return vendor.ask((it) => ask(it as unknown as Client, call, () => vendor.takeEvents()));
}

function ask(given: Client, call: BanditCall, takeEvents: () => readonly object[]): Outcome {
  const { method, flagKey, subjectKey, defaultValue } = call;
  const subject = call.subject as never;
  const actions = call.actions as never;
  try {
    const client = call.overrides === null ? given : given.withOverrides(call.overrides);
    if (method === "getBestAction") {
      const value = client.getBestAction(flagKey, subject, actions, defaultValue);
      return { threw: false, value, details: null, events: comparable(takeEvents()) };
    }
    const result = client[method](flagKey, subjectKey, subject, actions, defaultValue);
    return {
      threw: false,
      value: { variation: result.variation, action: result.action },
      details: "evaluationDetails" in result ? (result.evaluationDetails as object) : null,
      events: comparable(takeEvents()),
    };
  } catch {
    return { threw: true, value: undefined, details: null, events: comparable(takeEvents()) };
  }
}

/** Attributes of a subject whose kinds are apart are made flat for each event: equal, not the same object. */
function comparable(events: readonly object[]): readonly object[] {
  return events.map((event) => {
    const { subjectAttributes, ...rest } = event as Partial<AssignmentEvent>;
    return "subjectAttributes" in event ? { ...rest, flattened: subjectAttributes } : rest;
  });
}

function edgesOf({ flag, edges }: BanditCall): readonly string[] {
  const models = flag?.references.flatMap(({ model }) => model?.edges ?? []) ?? [];
  return [...new Set([...edges, ...(flag?.edges ?? []), ...models])];
}

function note(
  { vendor }: BanditCase,
  counts: { chosen: number; failed: number; statusQuo: number },
): void {
  const code = (vendor.details as { flagEvaluationCode?: string } | null)?.flagEvaluationCode;
  const action = (vendor.value as { action?: unknown } | undefined)?.action ?? null;
  if (action !== null) counts.chosen += 1;
  else if (vendor.threw || code === "BANDIT_ERROR") counts.failed += 1;
  else counts.statusQuo += 1;
}

/** Counts the deliberate differences of a case, and returns the others. */
function explain(it: BanditCase, deliberate: Map<string, number>): Difference[] {
  const names = new Set<string>();
  const others = compareOutcomes(it.ours, it.vendor).filter((difference) => {
    const reason = DELIBERATE.find((candidate) => candidate.explains(difference, it));
    if (reason !== undefined) names.add(reason.name);
    return reason === undefined;
  });
  for (const name of names) deliberate.set(name, (deliberate.get(name) ?? 0) + 1);
  return others;
}
