import { type ConfigurationOrigin, sha256 } from "@sortition/core/source";
import { httpOrigin } from "@sortition/node/source";
import { HttpTransport } from "@sortition/node/transport";
import { amplitude } from "../dialect/dialect.js";
import { CohortLooks, MAX_DOWNLOADS } from "./cohort-look.js";
import { Looks } from "./look.js";
import { type AmplitudeOriginOptions, checkedOptions } from "./options.js";

/**
 * Creates an origin for Amplitude's servers. One look fetches the flags and, at most four at a time, the
 * cohorts that they refer to: new ones at once, known ones every minute. Each cohort is an optional part of
 * the configuration. A download that fails holds nothing back: the former members stay, and it is tried
 * again at the next look.
 *
 * @throws OptionError for an unknown option or a bad value.
 */
export function amplitudeOrigin(options: AmplitudeOriginOptions): ConfigurationOrigin {
  const { clock, cohortSync, maxBodyBytes, requestTimeoutMs, serverUrl } = checkedOptions(options);
  const { deploymentKey, dispatcher, proxy, serverZone } = options;
  const dialect = amplitude({ serverZone });
  const flags = httpOrigin({
    dialect,
    apiKey: deploymentKey,
    baseUrl: serverUrl,
    requestTimeoutMs,
    maxBodyBytes,
    dispatcher,
    proxy,
    clock,
  });
  const transport = new HttpTransport({ connections: MAX_DOWNLOADS, dispatcher, proxy });
  const cohorts =
    cohortSync === null ? null : new CohortLooks({ ...cohortSync, transport, maxBodyBytes, clock });
  const looks = new Looks({ flags, cohorts, clock, timeoutMs: requestTimeoutMs });
  return {
    dialect,
    requestTimeoutMs,
    scope: scopeOf([flags.scope, cohortSync === null ? "" : cohortSync.url]),
    fetchOnce: (current, { signal }) => looks.fetchOnce(current, signal),
    release() {
      flags.release?.();
      transport.release();
    },
  };
}

/** Names caches of these servers without showing them. */
function scopeOf(parts: readonly string[]): string {
  return Buffer.from(sha256(Buffer.from(parts.join("\0")))).toString("hex");
}
