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
  const given = host ?? "";
  const text = typeof given === "string" ? given.trim() : null;
  if (text === "") return US;
  if (text === null || !/^https?:\/\/./.test(text) || !URL.canParse(text)) {
    throw new OptionError("host", "expected an http: or https: URL");
  }
  const origin = text.replace(/\/+$/, "");
  return INGESTION_HOSTS.get(origin) ?? origin;
}
