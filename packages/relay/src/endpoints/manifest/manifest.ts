import type { Configuration } from "@sortition/core";
import type { Explainer, Steps } from "@sortition/core/dialect";
import { manifestFlag, typedFlags } from "@sortition/core/dialect-internal";

/**
 * Creates OpenFeature's manifest of a configuration, in the format of the sync API.
 *
 * @param hasFlag - whether to include a flag.
 */
export function* manifestOf(
  configuration: Configuration,
  explainer: Explainer,
  hasFlag: (key: string) => boolean,
): Steps<Uint8Array> {
  // Otherwise, reading the issues would decode all flags at once.
  yield* configuration.inspect();
  /** Their members have other names than those in a manifest file. */
  const flags: object[] = [];
  for (const flag of typedFlags(configuration, explainer, configuration.issues)) {
    yield;
    const { key } = flag.description;
    if (!hasFlag(key)) continue;
    const own = explainer.defaultValueOf?.(configuration, key);
    // The sync API has no lists.
    const found = manifestFlag(flag, Array.isArray(own) ? [] : [own]);
    if (found === null) continue;
    const { defaultValue, description, flagType } = found.entry;
    flags.push({ key, type: flagType, description, defaultValue });
  }
  return Buffer.from(JSON.stringify({ flags }));
}
