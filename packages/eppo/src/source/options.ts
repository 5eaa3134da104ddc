import { DOCUMENTATION_URL, type OptionHints } from "@sortition/core/internal";
import type { HttpOriginOptions, PollingSourceOptions } from "@sortition/node/internal";

/** Options of `eppoOrigin`. */
export type EppoOriginOptions = Omit<HttpOriginOptions, "dialect">;

/** Options of `eppoSource`. */
export interface EppoSourceOptions extends EppoOriginOptions, PollingSourceOptions {}

/** The options passed to `httpOrigin`, which checks their values. */
export const ORIGIN_OPTION_NAMES: readonly (keyof EppoOriginOptions)[] = [
  "apiKey",
  "baseUrl",
  "requestTimeoutMs",
  "maxBodyBytes",
  "proxy",
  "dispatcher",
  "headers",
  "clock",
];

/** Hints for options of other vendors' sources. */
export const NO_STREAM: OptionHints = {
  page: `${DOCUMENTATION_URL}/guides/streaming.md`,
  names: { streaming: "Eppo's server has no stream, so flags and bandits are polled" },
};
