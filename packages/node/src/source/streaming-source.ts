import {
  type ConfigurationOrigin,
  type ConfigurationSource,
  OptionError,
} from "@sortition/core/internal";
import { originSource } from "./origin-source.js";
import { type PollingSourceOptions, pacingOf } from "./polling-source.js";

/**
 * A source that follows the stream of an origin: changes are served when the server sends them. Attempts go on at the
 * interval, which cost no request while the stream is up; while it is lost they are requests, as those of
 * {@link pollingSource}. Clients that are given the same source share one stream.
 *
 * @param options - `pollIntervalMs: null`: no attempt but the first, those that the stream asks for, and `refresh`.
 * @throws OptionError for an unknown option or a bad value, and if the origin has no stream.
 * @see docs/spec/lifecycle.md §1.7
 */
export function streamingSource(
  origin: ConfigurationOrigin,
  options: PollingSourceOptions = {},
): ConfigurationSource {
  if (typeof origin?.follow !== "function") {
    throw new OptionError("origin", "it has no stream that could be followed: use pollingSource");
  }
  return originSource(origin, { kind: "streaming", pacing: pacingOf(options) });
}
