import { type DialectAddresses, type EndpointContext, OptionError } from "@sortition/core/dialect";

/** Name of a configuration's only part, the definitions. */
export const FLAGS = "flags";

/** Returns the addresses of PostHog's definitions. A source needs no other part of the dialect. */
export function addressesOf(projectApiKey: string | undefined, host: string): DialectAddresses {
  return {
    name: "posthog",
    endpoints: [
      {
        part: FLAGS,
        path: () => "/flags/definitions",
        query: () => [
          ["token", projectApiKeyOf(projectApiKey)],
          ["send_cohorts", null],
        ],
        headers: ({ apiKey }: EndpointContext) => ({ Authorization: `Bearer ${sendable(apiKey)}` }),
        isNeeded: () => true,
      },
    ],
    keyProblem: (apiKey) =>
      apiKey.startsWith("phc_")
        ? "expected phx_… or phs_…; phc_… is the project key, for dialect: posthog({ projectApiKey })"
        : null,
    defaultBaseUrl: () => host,
  };
}

/**
 * No valid key has other characters. A header with them could not be sent, so they are replaced and the server rejects
 * the key.
 */
function sendable(key: string): string {
  return key.replace(/[^\x21-\x7e]/g, "?");
}

function projectApiKeyOf(key: string | undefined): string {
  if (key !== undefined) return key.trim();
  throw new OptionError(
    "projectApiKey",
    "is needed to request flag definitions: pass posthog({ projectApiKey })",
  );
}
