import { type Attributes, type Client, OptionError } from "@sortition/core";
import type { CompiledFlag, Configuration, Evaluation, Scope } from "@sortition/core/dialect";
import { nearestName, requireMethods, requireString } from "@sortition/core/internal";
import { rememberedFlags, timeOf } from "../explaining/remembered.js";

/** The result of a subject. */
export interface Landing {
  /** Key of the variation, or its value if the vendor has no keys. `null` if nothing was assigned. */
  readonly name: string | null;
  readonly evaluation: Evaluation;
}

/** Key of a variation. `true` and `false` are the variations of a boolean flag. */
export type VariationName = string | boolean;

/** Evaluates one flag for many subjects like a client, but logs nothing. */
export class Probe {
  readonly configuration: Configuration;
  readonly #flag: CompiledFlag;
  readonly #now: () => number;
  readonly #override: string | null;
  readonly #scope: Scope;
  #memo: Map<unknown, unknown> | null = null;

  /**
   * @param call - name of the call in errors.
   * @throws OptionError if the client does not have the flag.
   */
  constructor(
    client: Client<object>,
    readonly flagKey: string,
    readonly call: string,
  ) {
    requireMethods("client", client ?? null, ["getConfiguration"], ", such as flags.client()");
    requireString(call, flagKey, "expected the key of a flag as the second argument");
    const configuration = client.getConfiguration();
    if (configuration === null) throw new OptionError(call, "the client has no configuration yet");
    const flag = configuration.flag(flagKey);
    if (flag === null) {
      const nearest = nearestName(flagKey, configuration.flagKeys, flagKey.length / 3);
      const advice =
        nearest === null ? ": describe it first, or check its key" : `, did you mean "${nearest}"?`;
      throw new OptionError(call, `there is no flag "${flagKey}"${advice}`);
    }
    this.configuration = configuration;
    this.#flag = flag;
    this.#now = timeOf(client);
    this.#override = client.getOverrideVariationKeys()[flagKey] ?? null;
    this.#scope = {
      nowMs: this.#now,
      configuration,
      trace: null,
      expectedType: flag.valueType === "unknown" ? null : flag.valueType,
      memo: () => {
        this.#memo ??= new Map();
        return this.#memo;
      },
      expose() {},
      hashedBy() {},
      extras: null,
    };
  }

  /** Keys of the variations; `null` if they are unknown because there is no explainer. */
  get variations(): readonly string[] | null {
    const known = rememberedFlags(this.configuration);
    const described = known?.flags.get(this.flagKey);
    if (described !== undefined) return [...described.variations.keys()];
    const description = known?.explainer?.describe(this.configuration, this.flagKey);
    return description?.variations.map(({ key }) => key) ?? null;
  }

  /** Returns the result of a subject. */
  landingOf(subjectKey: string, attributes: Attributes): Landing {
    const evaluation = this.#evaluate(subjectKey, attributes);
    if (this.#override !== null) return { name: this.#override, evaluation };
    return { name: nameOf(evaluation), evaluation };
  }

  /** Whether a subject gets a variation. */
  isIn(subjectKey: string, attributes: Attributes, variation: VariationName): boolean {
    if (this.#override !== null) return this.#override === variation;
    return this.#isVariation(this.#evaluate(subjectKey, attributes), variation);
  }

  #evaluate(key: string, attributes: Attributes): Evaluation {
    this.#memo = null;
    try {
      return this.#flag.evaluate({ key, attributes }, this.#scope);
    } catch {
      return NOTHING; // if the search fails, the explanation shows the error
    }
  }

  #isVariation(evaluation: Evaluation, variation: VariationName): boolean {
    if (evaluation.kind !== "assigned") return false;
    const { json, value } = evaluation;
    const name = typeof variation === "boolean" ? (variation ? "on" : "off") : variation;
    if (evaluation.variation === name) return true;
    if (typeof value === "boolean") return value === SWITCHES[name];
    // GrowthBook has variation keys only in experiments, and LaunchDarkly's are indices.
    const declared = rememberedFlags(this.configuration)?.flags.get(this.flagKey)?.variations;
    if (evaluation.variation !== null && declared?.has(evaluation.variation) !== false)
      return false;
    return (json ?? JSON.stringify(value)) === JSON.stringify(declared?.get(name) ?? name);
  }
}

const NOTHING: Evaluation = { kind: "default", reason: "no-allocation" };

const SWITCHES: Readonly<Record<string, boolean | undefined>> = { on: true, off: false };

function nameOf(evaluation: Evaluation): string | null {
  if (evaluation.kind !== "assigned") return null;
  const { json, value, variation } = evaluation;
  if (variation !== null) return variation;
  // A PostHog flag that is off has the value false.
  if (value === false) return null;
  return typeof value === "string" ? value : (json ?? JSON.stringify(value));
}
