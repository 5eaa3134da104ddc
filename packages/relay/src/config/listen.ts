import { OptionError } from "@sortition/core/internal";

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

const MAX_PORT = 65_535;
const FORM = /^(?:(\[[^\]]+\]|[^:\s]+):)?(\d{1,5})$/;

/**
 * Reads `8080`, `"8080"`, `"host:8080"` or `"[::1]:8080"`.
 *
 * @param option - name for messages.
 * @param defaultHost - host if the value is only a port.
 * @throws OptionError for another form.
 */
export function listenAddress(option: string, value: unknown, defaultHost: string): ListenAddress {
  const text = typeof value === "number" ? `${value}` : value;
  const [, host = "", digits = ""] = typeof text === "string" ? (FORM.exec(text) ?? []) : [];
  const port = Number(digits);
  if (digits === "" || port > MAX_PORT) {
    const [, address = ""] = /^\w+:\/\/([^/@]+)\/?$/.exec(String(text)) ?? [];
    const form = FORM.test(address) ? `: write "${address}"` : "";
    throw new OptionError(option, `expected a port, or "host:port"${form}`);
  }
  return { host: host === "" ? defaultHost : host.replace(/^\[|\]$/g, ""), port };
}

/** The address in a URL. */
export function urlOf({ host, port }: ListenAddress): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
