import { MISSING_KEY } from "../messages/option-checks.js";
import { Reports } from "../messages/reports.js";
import { hostsOf, type PayloadUser } from "../source/user.js";
import type { PrefetchOptions } from "./options.js";
import { refreshPayload, startBackgroundSync } from "./repository/repository.js";

/** Requests a payload and stores it in the cache of the process. */
export async function prefetchPayload(options: PrefetchOptions): Promise<void> {
  if (!options.clientKey) throw new Error(MISSING_KEY);
  const reports = new Reports(undefined);
  const nobody: PayloadUser = {
    getApiHosts: () => hostsOf(options),
    getClientKey: () => options.clientKey,
    remoteQuestion: () => null,
    mayStream: !!options.streaming,
    log: () => {},
    warn: (message) => reports.warn(message),
  };
  await refreshPayload(nobody, { skipCache: options.skipCache, allowStale: false });
  // Keeps the cache fresh until `clearCache`.
  if (options.streaming) startBackgroundSync(nobody, { streaming: true }, () => {});
}
