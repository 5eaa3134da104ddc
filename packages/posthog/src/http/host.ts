import { parseUrl } from "@sortition/core/internal";

const US = "https://us.i.posthog.com";
const EU = "https://eu.i.posthog.com";
/** Addresses of the web application, which users copy from their browser. */
const INGESTION_HOSTS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["https://app.posthog.com", US],
  ["https://us.posthog.com", US],
  ["https://eu.posthog.com", EU],
]);

/** Returns the client's server, without trailing slashes. Default: the one in the US. */
export function ingestionHost(host: string | null | undefined): string {
  const origin = host?.trim().replace(/\/+$/, "") || US;
  return INGESTION_HOSTS.get(origin) ?? origin;
}

/** Returns whether requests can be sent to the host. */
export function isHttpUrl(host: string): boolean {
  return /^https?:\/\/./.test(host) && parseUrl(host) !== null;
}
