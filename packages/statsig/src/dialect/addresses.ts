import type { DialectAddresses } from "@sortition/core/dialect";
import type { SdkName } from "./evaluation/sdk-rules.js";

/** Name of a configuration's only part. */
export const SPECS = "flags";

/** The versions of the definitions, by the SDK that reads them. */
export const VERSIONS: Readonly<Record<SdkName, "v1" | "v2">> = { core: "v2", legacy: "v1" };

/** Returns the address of Statsig's definitions, which is all that a source needs of the dialect. */
export function statsigAddresses(sdk: SdkName): Omit<DialectAddresses, "name"> {
  return {
    endpoints: [
      {
        part: SPECS,
        path: ({ apiKey }) => pathOf(sdk, encodeURIComponent(apiKey)),
        query: () => [],
        headers: () => ({}),
        isNeeded: () => true,
      },
    ],
    keyProblem,
    defaultBaseUrl: () => "https://api.statsigcdn.com",
  };
}

/** Returns the path of the definitions, as in messages if there is no key. */
export function pathOf(sdk: SdkName, key: string = "<secret>"): string {
  return `/${VERSIONS[sdk]}/download_config_specs/${key}.json`;
}

/** Returns why a key is not a server secret, or `null`. */
function keyProblem(key: string): string | null {
  if (key.startsWith("client-"))
    return "expected a server secret (secret-…); client-… is a client key";
  if (key.startsWith("console-")) {
    return "expected a server secret (secret-…); console-… is a key of the console's API";
  }
  return null;
}
