import type { DialectAddresses } from "@sortition/core/dialect";

/** Name of a configuration's only part, the payload. */
export const PART = "flags";

const DEFAULT_HOST = "https://cdn.growthbook.io";

/** Returns why a key cannot request a payload; `null`: it may. */
export function keyProblem(apiKey: string): string | null {
  return apiKey.startsWith("secret_") ? "is a secret key: use the client key, sdk-…" : null;
}

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
  keyProblem,
  defaultBaseUrl: () => DEFAULT_HOST,
};
