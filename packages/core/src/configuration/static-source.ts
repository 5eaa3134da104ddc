import type { Configuration } from "../model/configuration.js";
import type { ConfigurationSource } from "./source.js";

/** A source that offers one configuration, once, and never goes stale. */
export function staticSource(configuration: Configuration): ConfigurationSource {
  return {
    kind: "static",
    intervalMs: null,
    dialect: configuration.dialect,
    subscribe(sink) {
      void sink.offer(configuration.payloads);
      return { end: async () => {} };
    },
    refresh: async () => ({ outcome: "unchanged" }),
  };
}
