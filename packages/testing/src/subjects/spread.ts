import { type Attributes, type Client, OptionError } from "@sortition/core";
import type { TrafficShares } from "@sortition/core/dialect";
import { chiSquareTest } from "@sortition/proof";
import { allocationsOf } from "../explaining/explanation-of.js";
import { rememberedFlags } from "../explaining/remembered.js";
import { printMistake } from "../flags/test-diagnostics.js";
import { Probe } from "./probe.js";

/** Options of {@link spread}. */
export interface SpreadOptions {
  /** Number of subjects to evaluate: `subject-1`, `subject-2`, … Default: 10,000. */
  readonly subjects?: number | undefined;
  /** Attributes of all subjects. Default: none. */
  readonly attributes?: Attributes | undefined;
}

/** Distribution of subjects over the variations of a flag. */
export interface Spread {
  /** Observed shares, from 0 to 1. */
  readonly observed: TrafficShares;
  /**
   * Configured shares for subjects with these attributes; `null` if they are unknown because there is no explainer, or
   * because several allocations share the subjects.
   */
  readonly configured: TrafficShares | null;
  /** Probability of a difference this large by chance alone; `null` if the configured shares are unknown. */
  readonly pValue: number | null;
  /** Whether chance explains the difference, which means `pValue` is 0.001 or more; `null` if `pValue` is. */
  readonly isByChance: boolean | null;
}

const LEVEL = 0.001;

/**
 * Evaluates a flag for many subjects and compares the result with the configured shares. Nothing is logged.
 *
 * @throws OptionError if the flag does not exist.
 */
export function spread(
  client: Client<object>,
  flagKey: string,
  options: SpreadOptions = {},
): Spread {
  const { attributes = {}, subjects = 10_000 } = options;
  const call = `spread(client, ${JSON.stringify(flagKey)})`;
  if (!Number.isSafeInteger(subjects) || subjects < 1) {
    throw new OptionError(call, `expected a number of subjects, received ${subjects}`);
  }
  const probe = new Probe(client, flagKey, call);
  const counts = new Map<string, number>();
  let unassigned = 0;
  for (let i = 1; i <= subjects; i++) {
    const { name } = probe.landingOf(`subject-${i}`, attributes);
    if (name === null) unassigned += 1;
    else counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  noteMissingExplainer(client);
  const configured = configuredShares(client, flagKey, attributes);
  const observed: TrafficShares = {
    byVariation: new Map([...counts].map(([name, count]) => [name, count / subjects])),
    unassigned: unassigned / subjects,
  };
  if (configured === null) return { observed, configured, pValue: null, isByChance: null };
  const names = [...new Set([...configured.byVariation.keys(), ...counts.keys()])];
  const { pValue } = chiSquareTest(
    [...names.map((name) => counts.get(name) ?? 0), unassigned],
    [...names.map((name) => configured.byVariation.get(name) ?? 0), configured.unassigned],
  );
  return { observed, configured, pValue, isByChance: pValue >= LEVEL };
}

let hasNotedExplainer = false;

/** Prints once that the configured shares are unknown without an explainer. */
function noteMissingExplainer(client: Client<object>): void {
  const configuration = client.getConfiguration();
  const flags = configuration === null ? null : rememberedFlags(configuration);
  if (flags === null || flags.explainer !== null || hasNotedExplainer) return;
  hasNotedExplainer = true;
  printMistake(
    "spread: the configured shares are unknown without an explainer: write testFlags({ dialect, explainer }), with the one from /explain of the dialect's package",
  );
}

/** Number of subjects whose evaluations are explained. */
const ASKED = 50;

/** Returns the shares of the allocation that decides for all these subjects; `null` unless there is exactly one. */
function configuredShares(
  client: Client<object>,
  flagKey: string,
  attributes: Attributes,
): TrafficShares | null {
  const open = new Map<number, TrafficShares | null>();
  for (let i = 1; i <= ASKED; i++) {
    const allocations = allocationsOf(client, flagKey, `subject-${i}`, attributes);
    if (allocations === null) return null;
    for (const [index, { outcome, traffic }] of allocations.entries()) {
      if (outcome === "applies" || outcome === "no-split-matches") open.set(index, traffic);
    }
  }
  const [only, ...others] = open.values();
  return others.length === 0 ? (only ?? null) : null;
}
