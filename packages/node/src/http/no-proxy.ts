import { BlockList, isIP } from "node:net";

/** Returns the value of `no_proxy`, or else of `NO_PROXY`. */
export function noProxyOf(environment: Readonly<Record<string, string | undefined>>): string {
  return environment["no_proxy"] ?? environment["NO_PROXY"] ?? "";
}

/**
 * Whether `NO_PROXY` contains the address that is a URL's host, or a network that includes it, such
 * as `10.0.0.0/8` or `fd00::/8`. As in curl, networks only match hosts that are written as
 * addresses: names are not resolved.
 */
export function isExemptAddress({ hostname }: Pick<URL, "hostname">, noProxy: string): boolean {
  const address = bare(hostname);
  const version = isIP(address);
  if (version === 0) return false;
  const exempt = new BlockList();
  for (const entry of noProxy.split(/[,\s]+/)) {
    const [network = "", bits, ...others] = entry.split("/");
    const family = isIP(bare(network));
    if (family !== version || others.length > 0) continue;
    const most = family === 4 ? 32 : 128;
    if (bits !== undefined && !(/^\d+$/.test(bits) && Number(bits) <= most)) continue;
    exempt.addSubnet(bare(network), Number(bits ?? most), nameOf(family));
  }
  return exempt.check(address, nameOf(version));
}

/** Removes the brackets around an IPv6 address in a URL. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

function nameOf(family: number): "ipv4" | "ipv6" {
  return family === 4 ? "ipv4" : "ipv6";
}
