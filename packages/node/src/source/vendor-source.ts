import {
  type ConfigurationOrigin,
  type ConfigurationSource,
  markRelease,
} from "@sortition/core/internal";
import { originSource } from "./origin-source.js";
import { type PollingSourceOptions, pacingOf } from "./polling-source.js";

/**
 * Creates the source of a vendor's origin. It follows the origin's stream if it has one, and polls otherwise.
 *
 * @param originOf - gets the options without the intervals.
 * @param notice - reported as a warning when the source starts. `null`: none.
 */
export function vendorSource<Options extends PollingSourceOptions>(
  options: Options,
  release: Parameters<typeof markRelease>[1],
  originOf: (others: Omit<Options, keyof PollingSourceOptions>) => ConfigurationOrigin,
  notice: string | null = null,
): ConfigurationSource {
  const { pollIntervalMs, pollJitterMs, ...others } = options;
  const origin = originOf(others);
  const kind = origin.follow === undefined ? "polling" : "streaming";
  const pacing = pacingOf({ pollIntervalMs, pollJitterMs });
  return markRelease(originSource(origin, { kind, pacing, notice }), release);
}
