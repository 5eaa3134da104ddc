import { BlockList, isIP } from "node:net";

/** The value of `NO_PROXY`; its name in lower case wins. */
export function noProxyOf(environment: Readonly<Record<string, string | undefined>>): string {
  return environment["no_proxy"] ?? environment["NO_PROXY"] ?? "";
}

/**
 * Whether `NO_PROXY` exempts the address that a URL has as its host, by an address or a network such as `10.0.0.0/8` or
 * `fd00::/8`. As with curl, a network matches hosts that are written as addresses: no name is resolved for it.
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

/** Without the brackets that a URL has around an IPv6 address. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

function nameOf(family: number): "ipv4" | "ipv6" {
  return family === 4 ? "ipv4" : "ipv6";
}
