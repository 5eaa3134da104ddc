import type { DialectAddresses } from "@sortition/core/dialect";

/** The one part of a configuration. */
const FLAGS = "flags";
const PATH = "/api/v2/feature-flagging/config/rules-based/server";

/**
 * Where Datadog's configurations are.
 *
 * @param site - e.g. `datadoghq.com`.
 * @param environment - name of the environment; `null`: requests do not name one.
 */
export function addressesOf(site: string, environment: string | null): DialectAddresses {
  return {
    name: "datadog",
    endpoints: [
      {
        part: FLAGS,
        path: () => PATH,
        query: () => (environment === null ? [] : [["dd_env", environment]]),
        headers: ({ apiKey }) => ({ "dd-api-key": headerText(apiKey) }),
        // The server chooses between JSON and protobuf by this header, and has JSON without it.
        accept: null,
        isNeeded: () => true,
      },
    ],
    defaultBaseUrl: () => `https://ufc-server.ff-cdn.${site}`,
  };
}

/** A header cannot contain other characters; the server refuses such a key anyway. */
function headerText(key: string): string {
  return key.replace(/[^\x20-\x7e]/gu, "?");
}
