import type { DialectAddresses } from "@sortition/core/dialect";

/** Name of a configuration's only part, the payload. */
export const PART = "flags";

const DEFAULT_HOST = "https://cdn.growthbook.io";

/** Addresses of GrowthBook's payloads. A source needs no other part of the dialect. */
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
