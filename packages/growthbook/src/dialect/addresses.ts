import type { DialectAddresses } from "@sortition/core/dialect";

/** Name of the only part of a configuration: the payload. */
export const PART = "flags";

const DEFAULT_HOST = "https://cdn.growthbook.io";

/** Addresses of GrowthBook's payloads. A source needs no more of the dialect. */
export const ADDRESSES: DialectAddresses = {
  name: "growthbook",
  endpoints: [
    {
      part: PART,
      path: ({ apiKey }) => `/api/features/${encodeURIComponent(apiKey)}`,
      query: () => [],
      headers: () => ({}),
      isNeeded: () => true,
    },
  ],
  defaultBaseUrl: () => DEFAULT_HOST,
};
