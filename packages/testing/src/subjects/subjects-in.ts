import { type Attributes, type Client, OptionError } from "@sortition/core";
import { rejectUnknownOptions } from "@sortition/core/internal";
import { explanationOf } from "../explaining/explanation-of.js";
import { shown } from "../flags/shown.js";
import { Probe, type VariationName } from "./probe.js";

/** Options of {@link subjectsIn}. */
export interface SubjectsOptions {
  /** Attributes of the subjects. Default: none. */
  readonly attributes?: Attributes | undefined;
  /** Number of subjects to find. Default: 1. */
  readonly count?: number | undefined;
  /** Keys to choose from. Default: `subject-1`, `subject-2`, … */
  readonly among?: Iterable<string> | undefined;
  /** Maximum number of keys to try. Default: 100,000. */
  readonly maxTries?: number | undefined;
}

/** Thrown if too few subjects get a variation. The message explains the first subject's result. */
export class NoSubjectError extends Error {
  override readonly name = "NoSubjectError";
}

const MAX_TRIES = 100_000;

/**
 * Finds subjects that get a variation. For the same flag, it finds the same subjects on every machine. Nothing is logged.
 *
 * @throws NoSubjectError if too few are found; OptionError if the flag or the variation does not exist.
 */
export function subjectsIn(
  client: Client<object>,
  flagKey: string,
  variation: VariationName,
  options: SubjectsOptions = {},
): string[] {
  const call = `subjectsIn(client, ${JSON.stringify(flagKey)}, ${shown(variation)})`;
  rejectUnknownOptions(options, ["among", "attributes", "count", "maxTries"], call);
  const { among = defaultKeys(), attributes = {}, count = 1, maxTries = MAX_TRIES } = options;
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new OptionError(call, `expected a count of 1 or more, received ${count}`);
  }
  // The default keys are endless, so with NaN an unsuccessful search would never end.
  if (!(maxTries >= 1)) {
    throw new OptionError(call, `expected maxTries of 1 or more, received ${maxTries}`);
  }
  const probe = new Probe(client, flagKey, call);
  requireVariation(probe, variation);
  const found: string[] = [];
  let tries = 0;
  let first: string | null = null;
  for (const key of among) {
    if (tries >= maxTries) break;
    tries += 1;
    first ??= key;
    if (!probe.isIn(key, attributes, variation)) continue;
    found.push(key);
    if (found.length === count) return found;
  }
  const outcome = found.length === 0 ? "none" : `only ${found.length}`;
  const explanation =
    first === null ? "" : `\n\n${explanationOf(client, flagKey, first, attributes)}`;
  throw new NoSubjectError(
    `${call}: ${outcome} of ${tries} subjects with these attributes ${found.length === 1 ? "gets" : "get"} it${explanation}`,
  );
}

/** @throws OptionError if the variation is known not to exist. */
function requireVariation({ call, variations }: Probe, variation: VariationName): void {
  if (variations === null || typeof variation === "boolean" || variations.includes(variation))
    return;
  // PostHog's boolean flags have no variations.
  if (variation === "on" || variation === "off" || variations.length === 0) return;
  const known = variations.map((key) => JSON.stringify(key)).join(", ");
  throw new OptionError(call, `expected one of ${known}`);
}

function* defaultKeys(): Generator<string> {
  for (let i = 1; ; i++) yield `subject-${i}`;
}
