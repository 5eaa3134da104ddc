import { eppoAddresses } from "@sortition/core/eppo";
import { type ConfigurationOrigin, OptionError } from "@sortition/core/internal";
import { type DialectOriginOptions, httpOrigin } from "@sortition/node/internal";
import type { OriginRoute } from "./request-parameters.js";
import type { TakenValues } from "./taken-values.js";

const DEFAULT_TIMEOUT_MS = 5_000;
/** Maximum request time-out, because a hanging request delays the next ones. */
const MAX_TIMEOUT_MS = 600_000;

/**
 * Creates the origin of configurations. An invalid address makes requests fail, as in the vendor's
 * SDK.
 */
export function originOf(
  means: Pick<DialectOriginOptions, "clock" | "dispatcher" | "proxy" | "send">,
  { apiKey, baseUrl, requestTimeoutMs }: OriginRoute,
  taken: TakenValues,
): ConfigurationOrigin {
  const options: DialectOriginOptions = {
    ...means,
    dialect: eppoAddresses(),
    // The vendor converts any key to a string.
    apiKey: `${apiKey}`.trim() === "" ? JSON.stringify(apiKey) : `${apiKey}`,
    requestTimeoutMs: taken.delayMs(
      "requestTimeoutMs",
      requestTimeoutMs,
      DEFAULT_TIMEOUT_MS,
      MAX_TIMEOUT_MS,
    ),
  };
  try {
    // A URL would drop the space before the path.
    if (/\s/.test(`${baseUrl}`)) throw new OptionError("baseUrl", "contains white space");
    return httpOrigin({ ...options, baseUrl: baseUrl ?? undefined });
  } catch (error) {
    if (!(error instanceof OptionError) || error.option !== "baseUrl") throw error;
    taken.report("baseUrl", baseUrl, "followed by the path and the query, whatever it contains");
    const locate = (path: string, query: string): URL => new URL(`${baseUrl}${path}?${query}`);
    const origin = httpOrigin({ ...options, locate });
    return { ...origin, scope: `${origin.scope} ${baseUrl}` };
  }
}
