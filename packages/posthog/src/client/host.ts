import { OptionError } from "@sortition/core/client";

const US = "https://us.i.posthog.com";
const EU = "https://eu.i.posthog.com";
/** Addresses of the application, which people copy from their browser. */
const INGESTION_HOSTS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["https://app.posthog.com", US],
  ["https://us.posthog.com", US],
  ["https://eu.posthog.com", EU],
]);

/**
 * The server that a client talks to, without slashes at the end. Blank: the one in the US.
 *
 * @throws OptionError without the value, which may contain a password.
 */
export function ingestionHost(host: unknown): string {
  if (host === undefined || host === null || (typeof host === "string" && host.trim() === "")) {
    return US;
  }
  if (
    typeof host !== "string" ||
    !/^https?:\/\/./.test(host.trim()) ||
    !URL.canParse(host.trim())
  ) {
    throw new OptionError("host", "expected an http: or https: URL");
  }
  const origin = host.trim().replace(/\/+$/, "");
  return INGESTION_HOSTS.get(origin) ?? origin;
}
