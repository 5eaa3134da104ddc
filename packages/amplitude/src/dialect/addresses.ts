import type { DialectAddresses } from "@sortition/core/dialect";
import { serverUrlsOf } from "./zone.js";

/** The part that contains the flags. All other parts are cohorts. */
export const FLAGS = "flags";

/**
 * Returns the addresses of a zone's flags, which is all that a source needs of the dialect.
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

/**
 * Returns why a key cannot request flags; `null`: it may. Keys of other servers may have any form. Not part of the addresses,
 * because the drop-in only warns.
 */
export function keyProblem(key: string): string | null {
  return key.startsWith("client-")
    ? "expected the key of a server deployment (server-…); client-… is for browsers and apps"
    : null;
}

/** A header cannot contain other characters, and the server refuses such a key anyway. */
function headerText(key: string): string {
  return key.replace(/[^\x20-\x7e]/gu, "?");
}
