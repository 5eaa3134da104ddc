import { DatadogNodeServerProvider } from "@datadog/openfeature-node-server";
import type { EvaluationContext, JsonValue } from "@openfeature/server-sdk";
import type { Call } from "./calls.js";
import type { Outcome } from "./outcome.js";

type Options = ConstructorParameters<typeof DatadogNodeServerProvider>[0];
type Wanted = Parameters<DatadogNodeServerProvider["setConfiguration"]>[0];

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** The vendor's provider, without OpenFeature's SDK around it. */
export class Vendor {
  readonly #provider: DatadogNodeServerProvider;
  #exposures: object[] = [];

  /** @param configuration - the parsed payload. */
  constructor(configuration: unknown) {
    const exposureChannel = {
      hasSubscribers: true,
      publish: (event: object) => this.#exposures.push(event),
    };
    this.#provider = new DatadogNodeServerProvider({ exposureChannel } as unknown as Options);
    // Each exposure is compared: it deduplicates them by subject and attributes, and throws for those that JSON does not have.
    Object.assign(this.#provider, { exposureCache: { has: () => false, set() {}, clear() {} } });
    this.#provider.setConfiguration(configuration as Wanted);
  }

  async run(call: Call): Promise<Outcome> {
    this.#exposures = [];
    const { errorCode, reason, value, variant } = await this.#resolve(call);
    return {
      value,
      reason: reason ?? "",
      errorCode: errorCode ?? null,
      variant: variant ?? null,
      exposures: this.#exposures,
    };
  }

  #resolve({ attributes, defaultValue, flagKey, targetingKey, type }: Call) {
    const key = targetingKey === undefined ? {} : { targetingKey };
    const context = { ...attributes, ...key } as EvaluationContext;
    const provider = this.#provider;
    switch (type) {
      case "boolean":
        return provider.resolveBooleanEvaluation(flagKey, defaultValue as boolean, context, SILENT);
      case "string":
        return provider.resolveStringEvaluation(flagKey, defaultValue as string, context, SILENT);
      case "number":
        return provider.resolveNumberEvaluation(flagKey, defaultValue as number, context, SILENT);
      case "object":
        return provider.resolveObjectEvaluation(
          flagKey,
          defaultValue as JsonValue,
          context,
          SILENT,
        );
    }
  }
}
