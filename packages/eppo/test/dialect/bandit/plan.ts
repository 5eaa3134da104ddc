import { inspect } from "node:util";
import { type AssignmentEvent, type Client, Configuration, createClient } from "@sortition/core";
import { eppo, withEppoNodeEventNames } from "@sortition/core/eppo";
import {
  CoverageCounts,
  type DifferentialPlan,
  type Random,
  type Tally,
} from "@sortition/dialect-kit/differential";
import { vi } from "vitest";
import type { Outcome } from "../outcome.js";
import { NOON_MS } from "../windows.js";
import { type BanditCall, CALL_EDGES, generateCall } from "./calls.js";
import { FLAG_EDGES, type GeneratedBandits, generateBandits } from "./configurations.js";
import { type BanditCase, DELIBERATE } from "./deliberate.js";
import { MODEL_EDGES } from "./models.js";
import { BanditVendor } from "./vendor.js";

/** Edge cases where only one SDK chooses an action, after which the deduplication caches differ. */
const CHOSEN_BY_ONE: readonly string[] = [
  ...["subject: null", "subject: undefined", "attributes: some inherited"],
  ...["action: inherited name", "action: lone surrogate"],
  ...["attribute: own member of an inherited name", "model of an inherited name"],
];

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** How much to compare. */
export interface BanditExtent {
  readonly models: number;
  readonly calls: number;
  /** Whether both SDKs deduplicate, with a small cache that expires. */
  readonly isDeduplicated: boolean;
}

/** Compares bandits with generated models, flags and calls. */
export const BANDITS_PLAN: DifferentialPlan<BanditCase, BanditExtent> = {
  name: "eppo bandits",
  named: DELIBERATE,
  cases: compareBandits,
  createTally: () => new BanditTally(),
  show({ call, edges }) {
    const { flag: _, ...asked } = call;
    return `${inspect(asked, { depth: 5 })}\n${edges}`;
  },
};

/** Counts edges, and outcomes of the vendor's bandits. */
class BanditTally implements Tally<BanditCase> {
  readonly #counts = new CoverageCounts({
    outcomes: ["chosen", "failed", "without an action"],
    edges: [...MODEL_EDGES, ...FLAG_EDGES, ...CALL_EDGES],
  });

  add({ vendor, edges }: BanditCase): void {
    this.#counts.add("outcomes", outcomeOf(vendor));
    this.#counts.addAll("edges", edges);
  }

  get missing(): readonly string[] {
    return this.#counts.missing;
  }

  toString(): string {
    return this.#counts.toString();
  }
}

function outcomeOf({ details, threw, value }: Outcome): string {
  const code = (details as { flagEvaluationCode?: string } | null)?.flagEvaluationCode;
  const action = (value as { action?: unknown } | undefined)?.action ?? null;
  if (action !== null) return "chosen";
  return threw || code === "BANDIT_ERROR" ? "failed" : "without an action";
}

async function* compareBandits(random: Random, extent: BanditExtent): AsyncGenerator<BanditCase> {
  vi.setSystemTime(NOON_MS);
  const bandits = generateBandits(random, extent.models);
  const vendor = new BanditVendor((client) => {
    if (!extent.isDeduplicated) return;
    client.useLRUInMemoryAssignmentCache(50);
    client.useExpiringInMemoryBanditAssignmentCache(50, 60_000);
  });
  await vendor.load(bandits.flagsText, bandits.modelsText);
  const ours = createOurs(bandits, extent.isDeduplicated);
  for (let i = 0; i < extent.calls; i++) {
    vi.setSystemTime(NOON_MS + i * 100);
    const call = generateCall(random, bandits);
    const edges = edgesOf(call);
    const isChosenByOne = edges.some((edge) => CHOSEN_BY_ONE.includes(edge));
    if (extent.isDeduplicated && isChosenByOne) continue;
    yield { call, ours: ours(call), vendor: askVendor(vendor, call), edges };
  }
}

export function createOurs(bandits: GeneratedBandits, isDeduplicated: boolean) {
  const events: object[] = [];
  const client = createClient({
    dialect: eppo(),
    initialConfiguration: Configuration.from({
      dialect: eppo(),
      payloads: { flags: bandits.flagsText, bandits: bandits.modelsText },
    }),
    assignmentLogger: withEppoNodeEventNames({
      logAssignment: (event) => void events.push(event),
      logBanditAction: (event) => void events.push(event),
    }),
    deduplication: isDeduplicated
      ? { assignments: { max: 50 }, bandits: { max: 50, ttlMs: 60_000 } }
      : false,
    clock: { now: () => Date.now(), monotonicMs: () => Date.now() },
    diagnostics: SILENT,
  });
  return (call: BanditCall): Outcome => ask(client, call, () => events.splice(0));
}

export function askVendor(vendor: BanditVendor, call: BanditCall): Outcome {
  // The vendor's getters have the same names, but its types are narrower than the values that it
  // accepts.
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

/**
 * Contextual attributes are flattened for each event, so they are equal, but not the same object.
 */
function comparable(events: readonly object[]): readonly object[] {
  return events.map((event) => {
    const { subjectAttributes, ...rest } = event as Partial<AssignmentEvent>;
    return "subjectAttributes" in event ? { ...rest, flattened: subjectAttributes } : rest;
  });
}

export function edgesOf({ flag, edges }: BanditCall): readonly string[] {
  const models = flag?.references.flatMap(({ model }) => model?.edges ?? []) ?? [];
  return [...new Set([...edges, ...(flag?.edges ?? []), ...models])];
}
