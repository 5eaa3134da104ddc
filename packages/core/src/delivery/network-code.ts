/** Codes of connections that were cut off or answered in another protocol. */
export const CUT_OFF: RegExp = /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|HPE_)/;

/** Codes of servers that could not be reached, including a certificate for another host. */
export const UNREACHABLE: RegExp =
  /^E(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|HOSTUNREACH|NETUNREACH|RR_TLS_CERT_A)/;

/** Codes of requests that were not sent, because there was no connection, or the server's certificate was refused. */
export const NOT_CONNECTED: RegExp =
  /^(E(NOTFOUND|AI_AGAIN|CONNREFUSED|HOSTUNREACH|NETUNREACH)|UND_ERR_CONNECT_|ERR_TLS_|CERT_|(DEPTH_ZERO_)?SELF_SIGNED_|UNABLE_TO_)/;

/** Other connection codes of the system, undici, axios, HTTP/2 and OpenSSL. */
const CONNECTION =
  /^(E(CONN|AI_|HOST|NET|ADDRNOTAVAIL|PROTO$)|ERR_(NETWORK$|HTTP2_|SSL_|TLS_)|UND_ERR_|CERT_|(DEPTH_ZERO_)?SELF_SIGNED_|UNABLE_TO_)/;

/** Whether a code is a network error, such as `ECONNREFUSED`, and not e.g. `ENOSPC` or `ERR_MODULE_NOT_FOUND`. */
export function isNetworkCode(code: string): boolean {
  return CUT_OFF.test(code) || UNREACHABLE.test(code) || CONNECTION.test(code);
}

/** What to check when a certificate was refused. Empty for other failures. `text` begins with the code. */
export function certificateHint(text: string): string {
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)/.test(text)) {
    return ": is the clock of this machine right? If it is, the server needs another certificate";
  }
  return /^(?!ERR).*(CERT|LEAF)/.test(text) ? ": is its authority in NODE_EXTRA_CA_CERTS?" : "";
}
