import { parseUrl } from "@sortition/core/internal";
import { MISSING_KEY } from "../messages/option-checks.js";
import type { OptionsWithoutPlugins } from "./options.js";

/**
 * Checks the options for remote evaluation.
 *
 * @throws Error in the same cases as the vendor's SDK.
 */
export function checkRemoteOptions(options: OptionsWithoutPlugins): void {
  const { apiHost, cacheKeyAttributes, clientKey, decryptionKey, remoteEval } = options;
  if (!remoteEval) {
    if (cacheKeyAttributes) throw new Error("cacheKeyAttributes are only used for remoteEval");
    return;
  }
  if (decryptionKey) throw new Error("Encryption is not available for remoteEval");
  if (!clientKey) throw new Error(MISSING_KEY);
  if (isVendorsCloud(apiHost)) throw new Error("Cannot use remoteEval on GrowthBook Cloud");
}

function isVendorsCloud(host: string | undefined): boolean {
  return /growthbook\.io$/i.test(parseUrl(host || "")?.hostname ?? "");
}
