import type { Configuration } from "../model/configuration.js";
import { rememberCompiled } from "./load.js";
import type { ConfigurationSource } from "./source.js";

/** A source that offers one configuration, once, and never goes stale. */
export function staticSource(configuration: Configuration): ConfigurationSource {
  rememberCompiled(configuration);
  return {
    kind: "static",
    intervalMs: null,
    dialect: configuration.dialect,
    subscribe(sink) {
      sink.offer(configuration.payloads).catch(() => {}); // a sink that rejects gets nothing else
      return { end: async () => {} };
    },
    refresh: async () => ({ outcome: "unchanged" }),
  };
}
