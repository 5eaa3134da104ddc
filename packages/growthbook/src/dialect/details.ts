import type { Answer, Trace } from "@sortition/core/dialect";
import type { Observer } from "./evaluation/observer.js";
import { freshValue } from "./fresh-value.js";
import type { FeatureResult } from "./wire.js";

/** Details of an evaluation: the vendor's result of the feature. */
export type GrowthbookDetails = FeatureResult;

/** Records one call of core's client. */
export class GrowthbookTrace implements Trace<GrowthbookDetails>, Observer {
  #result: FeatureResult | null = null;

  viewed(): void {}

  /** The requested feature is the last one: its parents come first. */
  used(_key: string, result: FeatureResult): void {
    this.#result = result;
  }

  details({ override }: Answer): GrowthbookDetails {
    if (override !== null) {
      const value = freshValue(override.value);
      return { value, on: !!value, off: !value, source: "override", ruleId: "" };
    }
    return (
      this.#result ?? { value: null, on: false, off: true, source: "unknownFeature", ruleId: "" }
    );
  }
}
