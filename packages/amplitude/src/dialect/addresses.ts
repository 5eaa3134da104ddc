import type { DialectAddresses } from "@sortition/core/dialect";
import { serverUrlsOf } from "./zone.js";

/** The part that the flags are. All others are cohorts. */
export const FLAGS = "flags";

/**
 * Where the flags of a zone are: all that a source needs of the dialect.
 *
 * @throws OptionError if the zone is not a string.
 */
export function addressesOf(serverZone: string | undefined): DialectAddresses {
  const baseUrl = serverUrlsOf(serverZone).flags;
  return {
    name: "amplitude",
    endpoints: [
      {
        part: FLAGS,
        path: () => "/sdk/v2/flags",
        query: () => [],
        headers: ({ apiKey, sdkName, sdkVersion }) => ({
          Authorization: `Api-Key ${headerText(apiKey)}`,
          "X-Amp-Exp-Library": `${sdkName}/${sdkVersion}`,
        }),
        isNeeded: () => true,
      },
    ],
    defaultBaseUrl: () => baseUrl,
  };
}

/** A header cannot contain other characters; the server refuses such a key anyway. */
function headerText(key: string): string {
  return key.replace(/[^\x20-\x7e]/gu, "?");
}
