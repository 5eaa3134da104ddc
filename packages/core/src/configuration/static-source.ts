import type { Configuration } from "../model/configuration.js";
import { rememberCompiled } from "./load.js";
import { requireConfiguration } from "./require-configuration.js";
import type { ConfigurationSource } from "./source.js";

/**
 * Creates a source that offers one configuration, once, and never becomes stale.
 *
 * @throws OptionError if the argument is not a configuration, e.g. a string.
 */
export function staticSource(configuration: Configuration): ConfigurationSource {
  requireConfiguration("configuration", configuration ?? null);
  rememberCompiled(configuration);
  return {
    kind: "static",
    intervalMs: null,
    dialect: configuration.dialect,
    subscribe(sink) {
      sink.offer(configuration.payloads).catch(() => {}); // a sink that rejects is not called again
      return { end: async () => {} };
    },
    refresh: async () => ({ outcome: "unchanged" }),
  };
}
