import { type DialectAddresses, type EndpointContext, OptionError } from "@sortition/core/dialect";

/** The part that the definitions are. */
export const FLAGS = "flags";

/** Where PostHog's definitions are: all that a source needs of the dialect. */
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
    defaultBaseUrl: () => host,
  };
}

/** No key has other characters. A request with them could not be made; this one is refused. */
function sendable(key: string): string {
  return key.replace(/[^\x21-\x7e]/g, "?");
}

function projectApiKeyOf(key: string | undefined): string {
  if (key !== undefined) return key.trim();
  throw new OptionError(
    "projectApiKey",
    "is needed to request flag definitions: give posthog({ projectApiKey })",
  );
}
