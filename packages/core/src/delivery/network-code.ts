/** Codes of connections that were cut off or answered in another protocol. */
export const CUT_OFF: RegExp = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_)/;

/** Codes of servers that could not be reached, including a certificate for another host. */
export const UNREACHABLE: RegExp =
  /^E(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|HOSTUNREACH|NETUNREACH|RR_TLS_CERT_A)/;

/** Other connection codes of the system, undici, axios, HTTP/2 and OpenSSL. */
const CONNECTION =
  /^(E(CONN|AI_|HOST|NET|ADDRNOTAVAIL|PROTO$)|ERR_(NETWORK$|HTTP2_|SSL_|TLS_)|UND_ERR_|CERT_|(DEPTH_ZERO_)?SELF_SIGNED_|UNABLE_TO_)/;

/** Whether a code is a network error, such as `ECONNREFUSED`, and not e.g. `ENOSPC` or `ERR_MODULE_NOT_FOUND`. */
export function isNetworkCode(code: string): boolean {
  return CUT_OFF.test(code) || UNREACHABLE.test(code) || CONNECTION.test(code);
}
