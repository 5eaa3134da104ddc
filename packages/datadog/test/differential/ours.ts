import {
  type AssignmentEvent,
  type Attributes,
  type Client,
  Configuration,
  createClient,
  openFeatureReason,
} from "@sortition/core";
import type { Explanation } from "@sortition/core/dialect";
import { createExplainingClient, type ExplainingClient } from "@sortition/core/internal";
import { datadog } from "../../src/dialect.js";
import { datadogExplainer } from "../../src/explain.js";
import { exposureOf } from "../../src/index.js";
import type { Call } from "./calls.js";
import type { Outcome } from "./outcome.js";

/** Our client with the dialect. */
export class Ours {
  readonly #client: Client;
  readonly #explaining: ExplainingClient;
  #exposures: object[] = [];

  /** @throws DecodeError if the payload is refused as a whole. */
  constructor(text: string) {
    const dialect = datadog();
    const payloads = { flags: new TextEncoder().encode(text) };
    const initialConfiguration = Configuration.from({ dialect, payloads });
    this.#explaining = createExplainingClient(initialConfiguration, datadogExplainer);
    this.#client = createClient({
      ...{ dialect, initialConfiguration },
      assignmentLogger: {
        logAssignment: (event: AssignmentEvent) => void this.#exposures.push(exposureOf(event)),
      },
      deduplication: { assignments: false },
      diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    });
  }

  run({ attributes, defaultValue, flagKey, targetingKey, type }: Call): Outcome {
    this.#exposures = [];
    const details = this.#client.evaluate({
      flagKey,
      subjectKey: targetingKey ?? null,
      subjectAttributes: attributes as Attributes, // includes values that the type forbids
      defaultValue,
      expectedType: type === "object" ? "json" : type,
    });
    const outcome = openFeatureReason(details);
    return {
      value: details.value,
      reason: outcome.reason,
      errorCode: outcome.reason === "ERROR" ? outcome.errorCode : null,
      variant: details.variationKey,
      exposures: this.#exposures,
    };
  }

  explain({ attributes, flagKey, targetingKey }: Call): Explanation {
    const own = attributes as Attributes; // includes values that the type forbids
    const question = { flagKey, subjectKey: targetingKey ?? "", attributes: own };
    return this.#explaining.answer({ ...question, nowMs: Date.now() }).explanation;
  }
}
