import { createHash } from "node:crypto";
import type { TokenConfig } from "../config/config.js";

/** What a request needs. `cohorts`: members of Amplitude's cohorts, which have user ids. */
export type Permission = "configuration" | "cohorts" | "secrets";

/** A token that was found, without the token itself. */
export interface Token {
  /** For logs and metrics. */
  readonly name: string;
  readonly permissions: readonly Permission[];
}

/** A key of the vendor's that opens an environment without tokens. */
export interface VendorKey {
  readonly key: string;
  readonly permission: Permission;
}

/** Name of the vendor's key in logs and metrics. */
const VENDOR_KEY_NAME = "vendor-key";

/**
 * Tokens of one environment by their SHA-256. A look-up compares digests alone, so that its time says nothing about
 * the tokens, and no token of the relay's own is in memory.
 */
export class Tokens {
  readonly #bySha256: ReadonlyMap<string, Token>;

  /** @param vendorKeys - open the environment if it has no tokens. */
  constructor(tokens: readonly TokenConfig[], vendorKeys: readonly VendorKey[]) {
    this.#bySha256 = new Map(
      tokens.length > 0
        ? tokens.map(({ name, scopes, sha256 }) => [
            sha256,
            {
              name,
              permissions: scopes.flatMap((scope) =>
                scope === "configuration" ? (["configuration", "cohorts"] as const) : [scope],
              ),
            },
          ])
        : vendorKeys.map(({ key, permission }) => [
            sha256Of(key),
            { name: VENDOR_KEY_NAME, permissions: [permission] },
          ]),
    );
  }

  /** The token that a request has, if it may do what the request needs. */
  find(credential: string | null, needed: Permission): Token | null {
    if (credential === null) return null;
    const token = this.#bySha256.get(sha256Of(credential));
    return token?.permissions.includes(needed) === true ? token : null;
  }
}

/** 64 hexadecimal digits. */
export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
