import { type Attributes, type Client, createClient, type Diagnostics } from "@sortition/core";
import {
  type Configuration,
  type ExplainedAllocation,
  type Explanation,
  explanationText,
} from "@sortition/core/dialect";
import { rememberedFlags, timeOf } from "./remembered.js";

const SILENT: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Explains a subject's result in the words of `sortition explain`. If the dialect has no explainer,
 * the text contains only reason and variation. Nothing is logged.
 */
export function explanationOf(
  client: Client<object>,
  flagKey: string,
  subjectKey: string,
  attributes: Attributes,
): string {
  const title = `${flagKey} for ${subjectKey}`;
  const configuration = client.getConfiguration();
  const overridden = client.getOverrideVariationKeys()[flagKey];
  if (overridden !== undefined) return `${title}: the override "${overridden}"\n`;
  if (configuration === null) return `${title}: there is no configuration yet\n`;
  const asked: Asked = { client, flagKey, subjectKey, attributes };
  const explanation = explain(configuration, asked);
  if (explanation !== null) {
    const words = rememberedFlags(configuration)?.explainer?.words;
    return explanationText(explanation, { attributes, ...(words && { words }) });
  }
  const { reason, variationKey } = evaluate(configuration, asked);
  return `${title}: reason ${reason}, variation ${JSON.stringify(variationKey)}\n`;
}

/** Returns a flag's allocations with their outcomes for a subject; `null` without an explainer, or for an unknown flag. */
export function allocationsOf(
  client: Client<object>,
  flagKey: string,
  subjectKey: string,
  attributes: Attributes,
): readonly ExplainedAllocation[] | null {
  const configuration = client.getConfiguration();
  if (configuration === null) return null;
  const explanation = explain(configuration, { client, flagKey, subjectKey, attributes });
  return explanation?.flag?.allocations ?? null;
}

interface Asked {
  readonly client: Client<object>;
  readonly flagKey: string;
  readonly subjectKey: string;
  readonly attributes: Attributes;
}

function explain(configuration: Configuration, asked: Asked): Explanation | null {
  const explainer = rememberedFlags(configuration)?.explainer ?? null;
  if (explainer === null) return null;
  const observed = explainer.explaining(configuration);
  evaluate(observed.configuration, asked);
  return observed.explanation();
}

/** Evaluates with a separate client that logs nothing. */
function evaluate(configuration: Configuration, asked: Asked): ReturnType<Client["evaluate"]> {
  const own = createClient({
    dialect: configuration.dialect,
    initialConfiguration: configuration,
    assignmentLogger: null,
    diagnostics: SILENT,
    clock: { now: timeOf(asked.client) },
  });
  const { attributes, flagKey, subjectKey } = asked;
  const details = own.evaluate({ flagKey, subjectKey, subjectAttributes: attributes });
  void own.close();
  return details;
}
