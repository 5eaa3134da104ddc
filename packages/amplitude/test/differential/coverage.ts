import { CoverageCounts, type Tally } from "@sortition/dialect-kit/differential";
import type { Case } from "./plan.js";
import { FAMILIES, OPERATORS, PROPERTY_VALUES } from "./values.js";

const OPERATOR_NAMES: readonly string[] = FAMILIES.flatMap((family) => [...OPERATORS[family]]);

const FEATURES: readonly string[] = [
  "dependencies",
  "cycle thrown",
  "TypeError",
  "user cohorts",
  "group cohorts",
  "groups",
  "(none)",
  "flag keys",
  "no flag keys",
  "deprecated call",
  "default variant",
  "no result",
  "assignment",
  "suppressed assignment",
  "exposures",
  "suppressed exposures",
];

/** Counts which cases the generated calls cover. */
export class Coverage implements Tally<Case> {
  readonly #counts = new CoverageCounts({
    operator: OPERATOR_NAMES,
    value: Object.keys(PROPERTY_VALUES),
    feature: FEATURES,
  });
  #latest: { readonly configuration: Case["configuration"]; readonly text: string } | null = null;

  add({ call, configuration, vendor }: Case): void {
    const text = this.#textOf(configuration);
    for (const operator of OPERATOR_NAMES) {
      if (text.includes(`"op":${JSON.stringify(operator)}`)) this.#counts.add("operator", operator);
    }
    this.#counts.addAll("value", call.kinds);
    const features: Readonly<Record<string, boolean>> = {
      dependencies: text.includes('"dependencies":["'),
      "user cohorts": text.includes('"user","cohort_ids"'),
      "group cohorts": /"groups","[^"]+","cohort_ids"/.test(text),
      groups: Object.keys(call.user.groups ?? {}).length > 0,
      "(none)": text.includes("(none)"),
      "flag keys": call.flagKeys !== undefined && call.flagKeys.length > 0,
      "no flag keys": call.flagKeys?.length === 0,
      "deprecated call": call.isDeprecated,
      ...outcomeFeatures(vendor, call.tracksExposure),
    };
    for (const [feature, isMet] of Object.entries(features)) {
      if (isMet) this.#counts.add("feature", feature);
    }
  }

  /** Caches the text, because the cases of a configuration are consecutive. */
  #textOf(configuration: Case["configuration"]): string {
    if (this.#latest?.configuration !== configuration) {
      this.#latest = { configuration, text: JSON.stringify(configuration.flags) };
    }
    return this.#latest.text;
  }

  get missing(): readonly string[] {
    return this.#counts.missing;
  }

  toString(): string {
    return String(this.#counts);
  }
}

function outcomeFeatures(
  outcome: Case["vendor"],
  tracksExposure: boolean,
): Readonly<Record<string, boolean>> {
  if ("throws" in outcome) {
    const isCycle = outcome.message !== "";
    return { "cycle thrown": isCycle, TypeError: outcome.throws === "TypeError" };
  }
  const { assignments, exposures, order, variants } = outcome;
  const isDefault = JSON.stringify(variants).includes('"default":true');
  return {
    "default variant": isDefault,
    "no result": order.length === 0,
    assignment: assignments.length > 0,
    "suppressed assignment": assignments.length === 0 && order.length > 0,
    exposures: exposures.length > 0,
    "suppressed exposures":
      tracksExposure && exposures.length === 0 && order.length > 0 && !isDefault,
  };
}
