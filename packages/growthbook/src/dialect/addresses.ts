import type { DialectAddresses } from "@sortition/core/dialect";

/** The part that the payload is. */
export const PART = "flags";

const DEFAULT_HOST = "https://cdn.growthbook.io";

/** Where GrowthBook's payloads are: all that a source needs of the dialect. */
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
