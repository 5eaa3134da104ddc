import type { DialectAddresses } from "@sortition/core/dialect";

/** Name of the only part of a configuration. */
const FLAGS = "flags";
const PATH = "/api/v2/feature-flagging/config/rules-based/server";

/**
 * Returns the addresses of Datadog's configurations.
 *
 * @param site - e.g. `datadoghq.com`.
 * @param environment - name of the environment; `null`: requests do not send one.
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
        // The server returns JSON unless this header requests protobuf.
        accept: null,
        isNeeded: () => true,
      },
    ],
    defaultBaseUrl: () => `https://ufc-server.ff-cdn.${site}`,
  };
}

/** Replaces characters that a header cannot contain. The server refuses such a key anyway. */
function headerText(key: string): string {
  return key.replace(/[^\x20-\x7e]/gu, "?");
}
