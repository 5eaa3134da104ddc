import { type ConfigurationOrigin, scopeOf } from "@sortition/core/internal";
import { httpOrigin } from "@sortition/node/internal";
import { addressesOf } from "../dialect/addresses.js";
import { checkedOptions, type DatadogOriginOptions } from "./options.js";

/**
 * Creates an origin for Datadog's server, which returns the flags of one environment as JSON.
 *
 * @throws OptionError for an unknown or invalid option.
 */
export function datadogOrigin(options: DatadogOriginOptions): ConfigurationOrigin {
  const { env, site } = checkedOptions(options);
  const { env: _env, site: _site, ...others } = options;
  const dialect = addressesOf(site, env);
  const origin = httpOrigin(
    { ...others, dialect },
    others.baseUrl === undefined ? "site" : "baseUrl",
    "is apiKey an API key of the organisation, site its site, and env one of its environments?",
  );
  return {
    dialect,
    requestTimeoutMs: origin.requestTimeoutMs,
    get lateHint() {
      return origin.lateHint;
    },
    // All environments share one address, so the scope includes the environment.
    get scope() {
      return scopeOf(origin.scope, env);
    },
    fetchOnce: (current, context) => origin.fetchOnce(current, context),
    release: () => origin.release?.(),
  };
}
