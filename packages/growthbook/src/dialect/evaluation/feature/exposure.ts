import { type ExposureBase, viaOf } from "@sortition/core/dialect";
import { safeText } from "../../safe-text.js";

const NOTHING = /* @__PURE__ */ Object.freeze({});

/** The exposure of a bucketed user. Its deduplication key is built when it is first logged. */
class Exposure implements ExposureBase {
  #deduplicationKey: string | null = null;
  #via: string | null | undefined = undefined;

  constructor(
    readonly experiment: string,
    readonly featureFlag: string,
    readonly allocation: string | null,
    readonly variation: string,
  ) {}

  get extraLogging(): ExposureBase["extraLogging"] {
    return NOTHING;
  }

  /** The key includes the experiment, because a feature may run several. Holdouts come first. */
  get deduplicationKey(): string {
    this.#deduplicationKey ??= `${this.featureFlag}\0${this.experiment}`;
    return this.#deduplicationKey;
  }

  get via(): string | null {
    if (this.#via === undefined) this.#via = viaOf(this.featureFlag, this);
    return this.#via;
  }
}

export function exposureOf(
  featureKey: string,
  ruleId: unknown,
  experimentKey: unknown,
  variation: unknown,
): ExposureBase {
  const allocation = ruleId ? safeText(ruleId) : null;
  return new Exposure(safeText(experimentKey), featureKey, allocation, safeText(variation));
}
