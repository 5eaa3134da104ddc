import { type Attributes, type Client, OptionError } from "@sortition/core";
import { explanationOf } from "../explaining/explanation-of.js";
import { shown } from "../flags/shown.js";
import { Probe, type VariationName } from "../subjects/probe.js";
import { kindOf } from "./kind-of.js";
import type { Verdict } from "./verdict.js";

/** Whether a subject gets a variation. Nothing is logged. */
export function haveAssigned(
  call: string,
  received: unknown,
  flagKey: string,
  subjectKey: string,
  variation: VariationName,
  attributes: Attributes = {},
): Verdict {
  const client = clientOf(`${call}(${JSON.stringify(flagKey)})`, received);
  if (typeof variation === "object") {
    const form = "flagKey, subjectKey, variation, attributes";
    throw new OptionError(call, `the variation is an object: write ${form} in this order`);
  }
  const isFlag = (key: string): boolean => client.getConfiguration()?.flag(key) != null;
  const hasFlag = isFlag(flagKey);
  if (!hasFlag && isFlag(subjectKey)) {
    const form = "flagKey, subjectKey, variation";
    throw new OptionError(call, `"${subjectKey}" is a flag: write ${form} in this order`);
  }
  const pass = hasFlag && new Probe(client, flagKey, call).isIn(subjectKey, attributes, variation);
  const expected = `expected ${subjectKey} ${pass ? "not " : ""}to get ${shown(variation)}`;
  const message = (): string =>
    `${expected}\n\n${explanationOf(client, flagKey, subjectKey, attributes)}`;
  return { pass, message };
}

function clientOf(call: string, received: unknown): Client<object> {
  // `instanceof` would reject clients of another copy of the package.
  const client = received as Partial<Client<object>> | null | undefined;
  if (typeof client?.getOverrideVariationKeys === "function") return client as Client<object>;
  throw new OptionError(
    call,
    `expected a client, e.g. from flags.client(), received ${kindOf(received)}`,
  );
}
