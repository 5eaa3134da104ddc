import { OptionError } from "../errors/errors.js";
import { soundKey } from "../errors/key-fault.js";
import { integer, type Reader, type ReadersOf } from "../errors/read-options.js";
import type { Endpoint, EndpointContext } from "../model/dialect.js";
import { parseUrl } from "../runtime/host.js";
import { parseBaseUrl } from "./base-url.js";

/** Options of the requests for a configuration, for any transport. */
export interface RequestOptions {
  /** Address of the server. The default scheme is `https`. Default: the dialect's address. */
  readonly baseUrl?: string | undefined;
  /** Deadline of one attempt with all its requests, redirects and bodies, from 1 to 600,000 ms. Default: 5,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Maximum size of each body, both compressed and decompressed, at least 1,024 bytes. Default: 64 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** Additional headers. Headers that the library sets are rejected. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The options that {@link requestReaders} reads, with defaults. Headers have lower-case names. */
export type CheckedRequestOptions = {
  readonly [Name in Exclude<keyof RequestOptions, "baseUrl">]-?: NonNullable<RequestOptions[Name]>;
};

const OWN_HEADERS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "accept",
  "accept-encoding",
  "user-agent",
  "if-none-match",
]);

/** Returns the readers of the requests' options except the address, which some vendors name differently. */
export function requestReaders(): ReadersOf<CheckedRequestOptions> {
  return {
    requestTimeoutMs: integer(1, 600_000, 5_000),
    maxBodyBytes: integer(1_024, Number.MAX_SAFE_INTEGER, 64 * 1_024 * 1_024),
    headers: (_, value = {}) => checkedHeaders(value),
  };
}

/** Reads the address of a server. `null`: the dialect's address. */
export function readBaseUrl(path: string, value: unknown): string | null {
  return value === undefined ? null : parseBaseUrl(value, path);
}

/** @throws OptionError if an address is blank, because it would silently mean the vendor's cloud. */
export function refuseBlank(path: string, value: unknown): void {
  if (typeof value !== "string" || value.trim() !== "") return;
  throw new OptionError(path, "is blank: is the environment variable that holds it set?");
}

/** Reads a key of any form, as drop-ins accept it. The message does not contain the value. */
export function readAnyKey(path: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  const [isMissing, isText] = [value === undefined || value === null, typeof value === "string"];
  const found = isMissing ? "none" : isText ? "a blank string" : typeof value;
  const isUnset = isMissing || isText;
  const advice = isUnset ? "is the environment variable that holds it set?" : "pass it as a string";
  throw new OptionError(path, `expected a key, got ${found}: ${advice}`);
}

/**
 * Returns a reader of a vendor's key, which must not be in quotes or contain spaces. Messages do not contain the key.
 *
 * @param what - the expected key.
 * @param problemOf - why a key is another kind of key.
 */
export function vendorKey(what: string, problemOf: (key: string) => string | null): Reader<string> {
  return (path, value) => {
    if (typeof value !== "string" || value.trim() === "") {
      const advice = "is the environment variable that holds it set?";
      throw new OptionError(path, `expected ${what}: ${advice}`);
    }
    return soundKey(path, value, problemOf);
  };
}

/** Returns a reader of an address without a query, whose trailing slashes are removed. */
export function serverAddress(example: string): Reader<string | undefined> {
  return (path, value) => {
    if (value === undefined) return undefined;
    refuseBlank(path, value);
    const isUsable =
      typeof value === "string" && /^https?:\/\/[^?#]+$/i.test(value) && parseUrl(value) !== null;
    if (!isUsable) throw new OptionError(path, `expected an address, such as ${example}`);
    return value.replace(/\/+$/, "");
  };
}

/** Reads a key, which must not be in quotes or contain spaces. */
export function readApiKey(path: string, value: unknown): string {
  return soundKey(path, readAnyKey(path, value));
}

/** @throws OptionError if a header is one that an endpoint sets, such as the one with the key. */
export function refuseEndpointHeaders(
  headers: CheckedRequestOptions["headers"],
  endpoints: readonly Endpoint[],
  who: EndpointContext,
): void {
  const own = endpoints.flatMap((endpoint) => Object.keys(endpoint.headers(who)));
  const name = own.map((it) => it.toLowerCase()).find((it) => Object.hasOwn(headers, it));
  if (name !== undefined) throw ownHeader(name);
}

const ownHeader = (name: string): OptionError =>
  new OptionError("headers", `${name} is set by the library: leave it out`);

/**
 * Returns headers with lower-case names. Messages contain neither values nor names that HTTP does not allow, because
 * they may be secrets.
 */
function checkedHeaders(headers: unknown): Readonly<Record<string, string>> {
  if (typeof headers !== "object" || headers === null) {
    throw new OptionError("headers", "expected an object: write { name: value }");
  }
  // A `Headers` or a `Map` has no members of its own, so none of its headers would be sent.
  if (Symbol.iterator in headers) {
    const form = Array.isArray(headers) ? '{ "x-team": "shop" }' : "Object.fromEntries(headers)";
    throw new OptionError("headers", `expected an object: write ${form}`);
  }
  const entries = Object.entries(headers).map(([name, value]): [string, string] => {
    const lowerName = name.toLowerCase();
    if (OWN_HEADERS.has(lowerName)) throw ownHeader(lowerName);
    if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(name)) {
      throw new OptionError("headers", "a name has characters that HTTP does not allow");
    }
    if (typeof value !== "string" || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
      const advice = value === undefined ? ": is the environment variable that holds it set?" : "";
      throw new OptionError(
        "headers",
        `${lowerName}: expected a string of characters that HTTP allows${advice}`,
      );
    }
    return [lowerName, value];
  });
  return Object.fromEntries(entries);
}
