import { parseUrl } from "@sortition/core/internal";

const US = "https://us.i.posthog.com";
const EU = "https://eu.i.posthog.com";
/** Addresses of the application, which people copy from their browser. */
const INGESTION_HOSTS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["https://app.posthog.com", US],
  ["https://us.posthog.com", US],
  ["https://eu.posthog.com", EU],
]);

/** The server that a client talks to, without slashes at the end. Blank: the one in the US. */
export function ingestionHost(host: string | null | undefined): string {
  const origin = host?.trim().replace(/\/+$/, "") || US;
  return INGESTION_HOSTS.get(origin) ?? origin;
}

/** Whether requests can be sent to it. */
export function isHttpUrl(host: string): boolean {
  return /^https?:\/\/./.test(host) && parseUrl(host) !== null;
}
