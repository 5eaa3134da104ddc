import type { Clock, Diagnostics } from "@sortition/core";

const REPORT_PAUSE_MS = 60_000;

/** Why requests are refused. The response is the same, so that names cannot be guessed. */
type Cause =
  | "requests with a wrong token"
  | "requests with a token that lacks a scope"
  | "requests for an unknown environment";

/** Counts requests with a wrong token. Reports them at most once a minute, so that guesses do not fill the log. */
export class Refusals {
  readonly #diagnostics: Diagnostics;
  readonly #clock: Clock;
  readonly #causes = new Map<Cause, { unreported: number; reportedAtMs: number }>();
  #count = 0;

  constructor(diagnostics: Diagnostics, clock: Clock) {
    this.#clock = clock;
    this.#diagnostics = diagnostics;
  }

  get count(): number {
    return this.#count;
  }

  /** @param route - template of the route. */
  note(route: string): void {
    this.#note("requests with a wrong token", () => ({ route }));
  }

  /**
   * Notes a request whose token is known, but may not do this.
   *
   * @param token - its name.
   */
  noteScope(route: string, token: string): void {
    this.#note("requests with a token that lacks a scope", () => ({ route, token }));
  }

  /**
   * Notes a request for an environment that does not exist, or has another dialect. What it asked for may be a secret in the
   * wrong place, so it is not logged.
   *
   * @param known - returns the names of some environments that the route serves.
   */
  noteUnknown(route: string, known: () => readonly string[]): void {
    this.#note("requests for an unknown environment", () => ({ route, known: known().join(", ") }));
  }

  #note(cause: Cause, facts: () => Readonly<Record<string, string>>): void {
    this.#count += 1;
    const { reportedAtMs = Number.NEGATIVE_INFINITY, unreported = 0 } =
      this.#causes.get(cause) ?? {};
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - reportedAtMs < REPORT_PAUSE_MS) {
      this.#causes.set(cause, { reportedAtMs, unreported: unreported + 1 });
      return;
    }
    this.#causes.set(cause, { reportedAtMs: nowMs, unreported: 0 });
    this.#diagnostics.warn(cause, { count: unreported + 1, ...facts() });
  }
}
