import type { Clock, Diagnostics } from "@sortition/core";
import type { Tokens } from "../access/tokens.js";

const REPORT_PAUSE_MS = 60_000;
/** Longer ones are not logged, because callers choose them. */
const MAX_ORIGIN_LENGTH = 200;

/** The response for all causes, so that names cannot be guessed. Only the log has the cause. */
export const TOKEN_REFUSED =
  "the token is missing or wrong, or there is no such environment at this address";

/** Messages by cause. */
const CAUSES = {
  wrongToken: "requests with a wrong token",
  vendorKey: "requests with the vendor's key, but the environment lists tokens: send one of them",
  scope: "requests with a token that lacks a scope",
  unknown: "requests for an unknown environment: is its name in the SDK's address right?",
  otherVendor:
    "requests for an environment of another vendor: is its name in the SDK's address right?",
  unnamed:
    "requests without an environment, and none is the default: add its name to the SDK's address",
  origin: "requests from web pages whose origin is not in origins",
  tls: "requests over TLS, which the relay does not terminate: write http:// in the SDK's address",
} as const;

type Facts = Readonly<Record<string, string>>;

/** The environment that a path names. */
export interface Named {
  /** `undefined`: the path names none. */
  readonly name: string | undefined;
  /** The environment of this name, or the default one; `null`: there is none. */
  readonly found: { readonly name: string; readonly tokens: Pick<Tokens, "isVendorKey"> } | null;
}

/** Counts requests with a wrong token. Reports them at most once a minute, so that guesses do not fill the log. */
export class Refusals {
  readonly #diagnostics: Diagnostics;
  readonly #clock: Clock;
  readonly #causes = new Map<keyof typeof CAUSES, { unreported: number; reportedAtMs: number }>();
  #count = 0;

  constructor(diagnostics: Diagnostics, clock: Clock) {
    this.#clock = clock;
    this.#diagnostics = diagnostics;
  }

  get count(): number {
    return this.#count;
  }

  /**
   * Notes a request without a known token.
   *
   * @param route - template of the route.
   * @param credential - what it has instead, which is not logged.
   */
  note(route: string, found: Named["found"], credential: string | null): void {
    this.#count += 1;
    if (found?.tokens.isVendorKey(credential) === true) {
      this.#report("vendorKey", () => ({ route, environment: found.name }));
    } else {
      this.#report("wrongToken", () => ({ route }));
    }
  }

  /**
   * Notes a request whose token is known, but may not do this.
   *
   * @param token - its name.
   */
  noteScope(route: string, token: string): void {
    this.#count += 1;
    this.#report("scope", () => ({ route, token }));
  }

  /**
   * Notes a request for an environment that does not exist, or has another dialect. What it asked for may be a secret in the
   * wrong place, so it is not logged.
   *
   * @param known - returns the names of some environments that the route serves.
   */
  noteUnknown(route: string, { found, name }: Named, known?: () => readonly string[]): void {
    this.#count += 1;
    const cause = found !== null ? "otherVendor" : name === undefined ? "unnamed" : "unknown";
    const environment = found === null ? {} : { environment: found.name };
    const names = known === undefined ? {} : { known: known().join(", ") };
    this.#report(cause, () => ({ route, ...environment, ...names }));
  }

  /** Notes that a browser asked for the permission of a page whose origin is not listed. It tells the page no reason. */
  noteOrigin(environment: string, origin: string): void {
    const isPlain = origin.length <= MAX_ORIGIN_LENGTH && URL.canParse(origin);
    this.#report("origin", () => ({
      environment,
      ...(isPlain && { origin: new URL(origin).origin }),
    }));
  }

  noteTls(): void {
    this.#report("tls", () => ({}));
  }

  #report(cause: keyof typeof CAUSES, facts: () => Facts): void {
    const { reportedAtMs = Number.NEGATIVE_INFINITY, unreported = 0 } =
      this.#causes.get(cause) ?? {};
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - reportedAtMs < REPORT_PAUSE_MS) {
      this.#causes.set(cause, { reportedAtMs, unreported: unreported + 1 });
      return;
    }
    this.#causes.set(cause, { reportedAtMs: nowMs, unreported: 0 });
    this.#diagnostics.warn(CAUSES[cause], { count: unreported + 1, ...facts() });
  }
}
