import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { TokenConfig } from "../config/config.js";
import { flagFilter } from "./flag-filter.js";

/**
 * What a token allows. `cohorts`: read the members of Amplitude's cohorts, which are user ids. `remote-eval`: request
 * GrowthBook's remote evaluation instead of the rules.
 */
export type Permission =
  | "configuration"
  | "cohorts"
  | "secrets"
  | "evaluate"
  | "manifest"
  | "remote-eval";

/** A known token, without its secret value. */
export interface Token {
  /** Name in logs and metrics. */
  readonly name: string;
  readonly permissions: readonly Permission[];
  /** SHA-256 of the token, 64 hexadecimal digits. */
  readonly sha256: string;
  /** Whether the token may evaluate a flag and see it in the manifest. */
  readonly hasFlag: (key: string) => boolean;
  /** Flag keys that the token lists without a wildcard. */
  readonly flagKeys: readonly string[];
}

/** A vendor key that opens an environment without tokens. */
export interface VendorKey {
  readonly key: string;
  readonly permission: Permission;
}

/** Name of a vendor key in logs and metrics. */
const VENDOR_KEY_NAME = "vendor-key";

/**
 * Tokens of one environment by their SHA-256. Lookups compare only digests, so their duration reveals nothing about a token,
 * and the relay's own tokens are not in memory.
 */
export class Tokens {
  readonly #vendorKeys: readonly VendorKey[];
  #configs: readonly TokenConfig[] = [];
  #bySha256: ReadonlyMap<string, Token> = new Map();

  /** @param vendorKeys - keys that open the environment if it has no tokens. */
  constructor(tokens: readonly TokenConfig[], vendorKeys: readonly VendorKey[]) {
    this.#vendorKeys = vendorKeys;
    this.#bySha256 = this.#read(tokens);
    this.#configs = tokens;
  }

  /**
   * Replaces the tokens. Unchanged ones stay the same objects.
   *
   * @returns the tokens that were removed or changed.
   */
  replace(tokens: readonly TokenConfig[]): ReadonlySet<Token> {
    const former = [...this.#bySha256.values()];
    this.#bySha256 = this.#read(tokens);
    this.#configs = tokens;
    return new Set(former.filter((it) => this.#bySha256.get(it.sha256) !== it));
  }

  #read(tokens: readonly TokenConfig[]): ReadonlyMap<string, Token> {
    const all = tokens.length > 0 ? tokens.map((it) => this.#tokenOf(it)) : this.#keys();
    return new Map(all.map((it) => [it.sha256, it]));
  }

  #tokenOf(config: TokenConfig): Token {
    const { flags, name, remoteEval, scopes, sha256 } = config;
    const known = this.#bySha256.get(sha256);
    if (known !== undefined && this.#configs.some((it) => isDeepStrictEqual(it, config))) {
      return known;
    }
    const permissions: readonly Permission[] = remoteEval
      ? ["remote-eval"]
      : scopes.flatMap((scope) =>
          scope === "configuration" ? (["configuration", "cohorts"] as const) : [scope],
        );
    const hasFlag = flagFilter(flags);
    const flagKeys = (flags.include ?? []).filter((it) => !it.includes("*") && hasFlag(it));
    return { name, sha256, permissions, hasFlag, flagKeys };
  }

  #keys(): readonly Token[] {
    return this.#vendorKeys.map(({ key, permission }) => {
      const sha256 = sha256Of(key);
      const known = this.#configs.length === 0 ? this.#bySha256.get(sha256) : undefined;
      const token = { name: VENDOR_KEY_NAME, sha256, permissions: [permission] };
      return known ?? { ...token, hasFlag: () => false, flagKeys: [] };
    });
  }

  /** Returns the token with this credential if it has the permission, otherwise `null`. */
  find(credential: string | null, needed: Permission): Token | null {
    const token = this.identify(credential);
    return token?.permissions.includes(needed) === true ? token : null;
  }

  /** Returns the token with this credential, whatever its permissions are. */
  identify(credential: string | null): Token | null {
    return credential === null ? null : (this.#bySha256.get(sha256Of(credential)) ?? null);
  }

  /** Whether this is a key of the vendor, which does not open an environment that has tokens. */
  isVendorKey(credential: string | null): boolean {
    const sha256 = credential === null ? null : sha256Of(credential);
    return this.#vendorKeys.some(({ key }) => sha256Of(key) === sha256);
  }

  /** All tokens, and the vendor's keys if there are none. */
  get all(): readonly Token[] {
    return [...this.#bySha256.values()];
  }

  /** Returns all tokens with a permission. */
  with(permission: Permission): readonly Token[] {
    return [...this.#bySha256.values()].filter((it) => it.permissions.includes(permission));
  }
}

/** Returns 64 hexadecimal digits. */
export function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
