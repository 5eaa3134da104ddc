import { OptionError } from "@sortition/core/internal";
import type { HttpOriginOptions, PollingSourceOptions } from "@sortition/node/internal";

/** Options of `datadogOrigin`. */
export interface DatadogOriginOptions extends Omit<HttpOriginOptions, "dialect"> {
  /** Name of the environment, sent as `dd_env`. */
  readonly env: string;
  /** Datadog site of the organisation, e.g. `us5.datadoghq.com` or `datadoghq.eu`. Default: `datadoghq.com`. */
  readonly site?: string | undefined;
}

/** Options of `datadogSource`. */
export interface DatadogSourceOptions extends DatadogOriginOptions, PollingSourceOptions {}

export const ORIGIN_OPTION_NAMES: readonly (keyof DatadogOriginOptions)[] = [
  "apiKey",
  "env",
  "site",
  "baseUrl",
  "requestTimeoutMs",
  "maxBodyBytes",
  "proxy",
  "dispatcher",
  "headers",
  "clock",
];

/** @throws OptionError for a client token, which is meant for browsers. */
export function checkKey(apiKey: unknown): void {
  if (typeof apiKey !== "string" || !/^pub[0-9a-f]{32}$/i.test(apiKey)) return;
  throw new OptionError("apiKey", "this is a client token for browsers; expected an API key");
}
