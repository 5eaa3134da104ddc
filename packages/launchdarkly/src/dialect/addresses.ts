import type { DialectAddresses } from "@sortition/core/dialect";

/** Name of a configuration's only part, which contains flags and segments. */
export const FLAGS = "flags";

/** Returns the addresses of LaunchDarkly's flags, which is all that a source needs of the dialect. */
export function launchdarklyAddresses(): DialectAddresses {
  return {
    name: "launchdarkly",
    endpoints: [
      {
        part: FLAGS,
        path: () => "/sdk/latest-all",
        query: () => [],
        headers: ({ apiKey }) => ({ authorization: headerText(apiKey) }),
        isNeeded: () => true,
      },
    ],
    keyProblem,
    defaultBaseUrl: () => "https://sdk.launchdarkly.com",
  };
}

/** Returns why a key is not an SDK key, or `null`. Old SDK keys have no prefix. */
export function keyProblem(key: string): string | null {
  if (key.startsWith("mob-")) return "expected an SDK key (sdk-…); mob-… is a mobile key";
  if (key.startsWith("api-"))
    return "expected an SDK key (sdk-…); api-… is a token of the REST API";
  if (/^[0-9a-f]{24}$/.test(key)) {
    return "expected an SDK key (sdk-…); 24 hex digits without a prefix are a client-side ID";
  }
  return null;
}

/** A header cannot contain other characters, and the server refuses such a key anyway. */
function headerText(key: string): string {
  return key.replace(/[^\x21-\x7e]/gu, "?");
}
