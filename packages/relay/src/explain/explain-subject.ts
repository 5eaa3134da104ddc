import { type Attributes, type Configuration, createClient } from "@sortition/core";
import type { Explanation, JsonObject } from "@sortition/core/dialect";
import {
  allocationTitle,
  decidedText,
  nameVariations,
  plainReason,
  type Unmatched,
} from "@sortition/core/dialect-internal";
import { createExplainingClient, SILENT_DIAGNOSTICS } from "@sortition/core/internal";
import type { AssignmentDetails } from "@sortition/node";
import type { DialectName } from "../config/config.js";
import { hasHashedKeys } from "../environment/hashed-keys.js";
import { EXPLAINERS } from "./explainers.js";
import { findFlags } from "./find-flags.js";
import { type Page, pageOf } from "./paging.js";

/** A subject, and the time at which to evaluate flags for it. */
export interface SubjectAt {
  readonly subjectKey: string;
  readonly attributes: JsonObject;
  /** Epoch ms. */
  readonly nowMs: number;
}

/** Requests the flags of one subject. */
export interface SubjectCall extends SubjectAt {
  /** Substring of the flag keys to include; empty: all flags. */
  readonly search: string;
  /** Index of the first flag. */
  readonly from: number;
}

/** A flag's value for a subject, and the reason. */
export interface SubjectFlag {
  readonly key: string;
  readonly isAssigned: boolean;
  /** As the client returns it; `null` if nothing is assigned. */
  readonly value: unknown;
  readonly variation: string | null;
  /** The variation's display name, or else its value; `null` if no allocation applies. */
  readonly variationName: string | null;
  /** Index of the variation on the flag's page; `null` if no allocation applies. */
  readonly variationIndex: number | null;
  readonly allocation: string | null;
  /** Display name of the applied allocation, such as `rule pilot`; `null` if none applies. */
  readonly allocationTitle: string | null;
  /** The split of the applied allocation: names of variations, and shares from 0 to 1. */
  readonly shares: readonly { readonly name: string; readonly share: number }[];
  /** See `AssignmentDetails.reason`. */
  readonly reason: string;
  readonly errorCode: string | null;
  /** The reason, in one line. */
  readonly why: string;
  /** The same for the form, which asks to enter what is missing. */
  readonly plainWhy: string;
  /** The earlier allocations that did not match. */
  readonly unmatched: readonly Unmatched[];
}

/** Values of flags without reasons, in the order of their keys. */
export interface FlagValues {
  /** By flag key. Two strings are equal if the values are equal. */
  readonly values: ReadonlyMap<string, string>;
  /** Number of requested flags, which may be more than were evaluated. */
  readonly requested: number;
}

/** Maximum number of flags to evaluate in one request, because very large configurations would block the process. */
const MAX_VALUES = 1_000;

/** Evaluates flags for a subject as a client does. Nothing is logged. */
export function explainSubject(
  configuration: Configuration,
  dialect: DialectName,
  { from, search, ...subject }: SubjectCall,
): Page<SubjectFlag> {
  const page = pageOf(keysOf(configuration, dialect, search), from);
  const items = explainFlags(configuration, dialect, subject, page.items);
  return { ...page, items };
}

/** Evaluates the named flags for a subject, see {@link explainSubject}. */
export function explainFlags(
  configuration: Configuration,
  dialect: DialectName,
  { attributes, nowMs, subjectKey }: SubjectAt,
  keys: readonly string[],
): readonly SubjectFlag[] {
  const client = createExplainingClient(configuration, EXPLAINERS[dialect]);
  const flags = keys.map((flagKey): SubjectFlag => {
    const { details, explanation } = client.evaluate({ flagKey, subjectKey, attributes, nowMs });
    const { allocationKey, errorCode, isDefault, reason, value, variationKey } = details;
    const because = plainReason(explanation, EXPLAINERS[dialect].words, attributes);
    return {
      key: flagKey,
      isAssigned: !isDefault,
      value: value ?? null,
      variation: variationKey,
      ...appliedIn(explanation, dialect),
      allocation: allocationKey,
      reason,
      errorCode,
      why: decidedText(because, "pass"),
      plainWhy: decidedText(because, "enter"),
      unmatched: because.unmatched,
    };
  });
  client.close();
  return flags;
}

/** Describes the applied allocation and the variation that it assigns. */
function appliedIn(
  { flag }: Explanation,
  dialect: DialectName,
): Pick<SubjectFlag, "allocationTitle" | "shares" | "variationIndex" | "variationName"> {
  const index = flag?.allocations.findIndex(({ outcome }) => outcome === "applies") ?? -1;
  const applied = flag?.allocations[index];
  if (flag === null || applied === undefined) {
    return { allocationTitle: null, shares: [], variationIndex: null, variationName: null };
  }
  const { words } = EXPLAINERS[dialect];
  const split = applied.splits.find(({ outcome }) => outcome === "holds");
  const names = nameVariations(flag).byAllocation[index];
  const named = names?.get(split?.variation ?? "");
  return {
    allocationTitle:
      words.isDefault?.(applied) === true ? null : allocationTitle(applied.key, index, words),
    shares: [...(applied.traffic?.byVariation ?? [])].map(([key, share]) => {
      return { name: names?.get(key)?.name ?? key, share };
    }),
    variationIndex: named?.index ?? null,
    variationName: named?.name ?? null,
  };
}

/** Evaluates the first flags whose keys contain a string, without explaining them. */
export function evaluateFlags(
  configuration: Configuration,
  dialect: DialectName,
  { attributes, nowMs, search, subjectKey }: Omit<SubjectCall, "from">,
): FlagValues {
  const client = createClient({
    dialect: configuration.dialect,
    initialConfiguration: configuration,
    assignmentLogger: null,
    clock: { now: () => nowMs },
    diagnostics: SILENT_DIAGNOSTICS,
  });
  const keys = keysOf(configuration, dialect, search);
  const values = keys.slice(0, MAX_VALUES).map((flagKey) => {
    const details: AssignmentDetails<unknown> = client.evaluate({
      flagKey,
      subjectKey,
      subjectAttributes: attributes as Attributes, // any JSON is an attribute
    });
    const { isDefault, value, variationKey } = details;
    return [flagKey, JSON.stringify([isDefault, value ?? null, variationKey])] as const;
  });
  // The client need not be closed, because it has no timers and sends nothing.
  void client.close();
  return { values: new Map(values), requested: keys.length };
}

function keysOf(
  configuration: Configuration,
  dialect: DialectName,
  search: string,
): readonly string[] {
  const found = findFlags(configuration, EXPLAINERS[dialect], search);
  // A hash is not a flag key.
  return hasHashedKeys(configuration)
    ? found.filter((it) => configuration.flag(it) !== null)
    : found;
}
