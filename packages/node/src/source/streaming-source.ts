import {
  type ConfigurationOrigin,
  type ConfigurationSource,
  OptionError,
} from "@sortition/core/internal";
import { originSource } from "./origin-source.js";
import { type PollingSourceOptions, pacingOf } from "./polling-source.js";

/**
 * Creates a source that follows an origin's stream and serves changes as soon as the server sends
 * them. Attempts continue at the interval. They cost no request while the stream is up, and become
 * requests while it is lost, as in {@link pollingSource}. Clients that are given the same source
 * share one stream.
 *
 * @param options - `pollIntervalMs: null`: no attempts except the first one, those that the stream
 * asks for, and `refresh`.
 * @throws OptionError if an option is unknown or invalid, or if the origin has no stream.
 * @see docs/spec/lifecycle.md §1.7
 */
export function streamingSource(
  origin: ConfigurationOrigin,
  options: PollingSourceOptions = {},
): ConfigurationSource {
  if (typeof origin?.follow !== "function") {
    throw new OptionError("origin", "it has no stream to follow: use pollingSource");
  }
  return originSource(origin, { kind: "streaming", pacing: pacingOf(options) });
}
