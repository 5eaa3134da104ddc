import { namesOf } from "@sortition/core/internal";
import type { NamedExperiment, UnhashedListener } from "../dialect/evaluation/evaluation-call.js";
import type { Reports } from "./reports.js";

/**
 * Reports attributes that experiments and rollouts hash, but that the user lacks. Such a user silently gets no
 * variation. Users without any attributes, or with an empty value, are not reported, because that is intentional.
 *
 * @param reports - called only for the first report.
 */
export function unhashedListener(reports: () => Reports): UnhashedListener {
  return (attribute, owner, { attributeOverrides, attributes }) => {
    try {
      if (attribute in attributes || isEmpty(attributes)) return;
      if (attributeOverrides !== null && attribute in attributeOverrides) return;
    } catch {
      return; // JavaScript callers may pass a value that is not an object, which has already been reported
    }
    reports().mistake("missing hash attribute", ownKeyOf(owner), () => ({
      message: `${nameOf(owner)} is split by the attribute "${attribute}", but the user does not have it: no variation is assigned; pass it in the attributes (the user has ${namesOf(attributes)}), or split by another attribute`,
      facts: { ...factOf(owner), attribute },
    }));
  };
}

function isEmpty(attributes: object): boolean {
  for (const _ in attributes) return false;
  return true;
}

/** Key under which a report is remembered. */
function ownKeyOf(owner: NamedExperiment | string): string {
  return typeof owner === "string" ? owner : owner.key;
}

function factOf(owner: NamedExperiment | string): { feature: string } | { experiment: string } {
  if (typeof owner === "string") return { feature: owner };
  const { featureKey } = owner.origin;
  return featureKey === undefined ? { experiment: owner.key } : { feature: featureKey };
}

function nameOf(owner: NamedExperiment | string): string {
  const fact = factOf(owner);
  return "feature" in fact ? `feature "${fact.feature}"` : `experiment "${fact.experiment}"`;
}
