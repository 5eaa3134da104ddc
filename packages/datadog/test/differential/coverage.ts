import { CoverageCounts, type Tally } from "@sortition/dialect-kit/differential";
import type { Case } from "./plan.js";
import { ATTRIBUTE_VALUES, FAMILIES, OPERATORS } from "./values.js";

const OPERATOR_NAMES: readonly string[] = FAMILIES.flatMap((family) => [...OPERATORS[family]]);
const OUTCOMES = [
  ...["TARGETING_MATCH", "SPLIT", "DEFAULT", "STATIC", "DISABLED"],
  ...["FLAG_NOT_FOUND", "PARSE_ERROR", "TYPE_MISMATCH", "TARGETING_KEY_MISSING"],
];
const KEYS = ["empty", "missing", "null"];

/** Counts the features that the generated calls covered. */
export class Coverage implements Tally<Case> {
  readonly #counts = new CoverageCounts({
    operator: OPERATOR_NAMES,
    value: Object.keys(ATTRIBUTE_VALUES),
    outcome: OUTCOMES,
    "targeting key": KEYS,
    exposure: ["logged", "not logged", "with a serial id"],
  });

  add({ call, text, vendor }: Case): void {
    for (const operator of OPERATOR_NAMES) {
      if (text.includes(`"operator":"${operator}"`)) this.#counts.add("operator", operator);
    }
    this.#counts.addAll("value", call.kinds);
    const outcome = vendor.errorCode ?? vendor.reason;
    if (OUTCOMES.includes(outcome)) this.#counts.add("outcome", outcome);
    const { targetingKey } = call;
    if (targetingKey === "") this.#counts.add("targeting key", "empty");
    if (targetingKey === undefined) this.#counts.add("targeting key", "missing");
    if (targetingKey === null) this.#counts.add("targeting key", "null");
    const [exposure] = vendor.exposures;
    this.#counts.add("exposure", exposure === undefined ? "not logged" : "logged");
    if (exposure !== undefined && "serial_id" in exposure) {
      this.#counts.add("exposure", "with a serial id");
    }
  }

  get missing(): readonly string[] {
    return this.#counts.missing;
  }

  toString(): string {
    return String(this.#counts);
  }
}
