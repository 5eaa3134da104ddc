import type { Attributes, Configuration } from "@sortition/core";
import { type JsonObject, whyText } from "@sortition/core/dialect";
import type { DialectName } from "../config/config.js";
import { hasHashedKeys } from "../environment/hashed-keys.js";
import { EXPLAINERS } from "./explainers.js";
import { findFlags } from "./find-flags.js";
import { observedClient } from "./observed-client.js";
import { type Page, pageOf } from "./paging.js";
import { plainReason } from "./plain-words.js";

/** Asks for the flags of one subject. */
export interface SubjectCall {
  readonly subjectKey: string;
  readonly attributes: JsonObject;
  /** Epoch ms. */
  readonly nowMs: number;
  /** Part of the keys of the flags; empty: all flags. */
  readonly search: string;
  /** Index of the first flag. */
  readonly from: number;
}

/** What a subject gets from a flag, and why. */
export interface SubjectFlag {
  readonly key: string;
  readonly isAssigned: boolean;
  /** As the client returns it; `null` if nothing is assigned. */
  readonly value: unknown;
  readonly variation: string | null;
  readonly allocation: string | null;
  /** `assigned`, or why nothing is, see `AssignmentDetails.reason`. */
  readonly reason: string;
  /** One line, for people. */
  readonly why: string;
  /** The same in plain words, without the vendor's notation. */
  readonly plainWhy: string;
}

/** Evaluates flags for a subject as a client does. Nothing is logged. */
export function explainSubject(
  configuration: Configuration,
  dialect: DialectName,
  { attributes, from, nowMs, search, subjectKey }: SubjectCall,
): Page<SubjectFlag> {
  const explainer = EXPLAINERS[dialect];
  const client = observedClient(configuration, explainer, nowMs);
  const found = findFlags(configuration, explainer, search);
  // A hash is not a flag key.
  const keys = hasHashedKeys(configuration)
    ? found.filter((it) => configuration.flag(it) !== null)
    : found;
  const page = pageOf(keys, from);
  const items = page.items.map((flagKey): SubjectFlag => {
    const { details, explanation } = client.evaluate({
      flagKey,
      subjectKey,
      subjectAttributes: attributes as Attributes, // any JSON is an attribute
    });
    const { allocationKey, reason, variation, variationKey } = details;
    return {
      key: flagKey,
      isAssigned: reason === "assigned",
      value: variation ?? null,
      variation: variationKey,
      allocation: allocationKey,
      reason,
      why: whyText(explanation),
      plainWhy: plainReason(explanation),
    };
  });
  client.close();
  return { ...page, items };
}
