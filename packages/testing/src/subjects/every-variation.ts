import { type Attributes, type Client, OptionError } from "@sortition/core";
import { Probe } from "./probe.js";
import { subjectsIn } from "./subjects-in.js";

/**
 * Returns each variation of a flag with a subject that gets it. Nothing is logged.
 *
 * @throws NoSubjectError if no subject with these attributes gets a variation, because its test would never run.
 * @throws OptionError if the variations are unknown. In that case, pass the dialect's explainer to `testFlags`.
 */
export function everyVariation(
  client: Client<object>,
  flagKey: string,
  attributes: Attributes = {},
): (readonly [variation: string, subjectKey: string])[] {
  const call = `everyVariation(client, ${JSON.stringify(flagKey)})`;
  const { variations } = new Probe(client, flagKey, call);
  if (variations === null) {
    throw new OptionError(call, "expected test flags that describe it, or that have an explainer");
  }
  return variations.map((variation) => {
    const [subject] = subjectsIn(client, flagKey, variation, { attributes });
    return [variation, subject as string]; // subjectsIn throws if it finds none
  });
}
