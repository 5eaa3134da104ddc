/** Codes of a connection that was cut off, or answered in another protocol. */
export const CUT_OFF: RegExp = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_)/;

/** Codes of a server that was not reached. A certificate of another host counts, too. */
export const UNREACHABLE: RegExp =
  /^E(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|HOSTUNREACH|NETUNREACH|RR_TLS_CERT_A)/;

/** Further codes of connections: by the system, undici, axios, HTTP/2 and OpenSSL. */
const CONNECTION =
  /^(E(CONN|AI_|HOST|NET|ADDRNOTAVAIL|PROTO$)|ERR_(NETWORK$|HTTP2_|SSL_|TLS_)|UND_ERR_|CERT_|(DEPTH_ZERO_)?SELF_SIGNED_|UNABLE_TO_)/;

/** Whether a code says that a request failed on its way: `ECONNREFUSED` does, `ENOSPC` and `ERR_MODULE_NOT_FOUND` do not. */
export function isNetworkCode(code: string): boolean {
  return CUT_OFF.test(code) || UNREACHABLE.test(code) || CONNECTION.test(code);
}
