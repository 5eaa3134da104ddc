import type { Clock } from "@sortition/core";
import type { CredentialParts } from "./credentials.js";
import type { Token } from "./tokens.js";

const SECOND_MS = 1_000;

/** The last request with a token in this process. */
export interface TokenUse {
  /** Epoch ms. */
  readonly lastSeenAtMs: number;
  /** Name and version of the SDK, such as `posthog-python/7.42.0`; `null` if the request did not name one. */
  readonly sdk: string | null;
}

interface Use extends TokenUse {
  /** Start of the second in which requests are counted, by the monotonic clock. */
  startedAtMs: number;
  count: number;
}

/** Remembers the last request of each token, and limits the number of requests. */
export class TokenUses {
  readonly #clock: Clock;
  readonly #max: number;
  readonly #uses = new WeakMap<Token, Use>();

  /** @param requestsPerSecond - maximum number of requests with one token; `null`: no limit. */
  constructor(clock: Clock, requestsPerSecond: number | null) {
    this.#clock = clock;
    this.#max = requestsPerSecond ?? Number.POSITIVE_INFINITY;
  }

  /** Returns the last request with a token; `null` if there was none. */
  of(token: Token): TokenUse | null {
    return this.#uses.get(token) ?? null;
  }

  /** Counts a request, and returns whether it is within the limit. */
  admit(token: Token, request: CredentialParts): boolean {
    const nowMs = this.#clock.monotonicMs();
    const known = this.#uses.get(token);
    const isNew = known === undefined || nowMs - known.startedAtMs >= SECOND_MS;
    const use = {
      lastSeenAtMs: this.#clock.now(),
      sdk: sdkOf(request) ?? known?.sdk ?? null,
      startedAtMs: isNew ? nowMs : known.startedAtMs,
      count: isNew ? 1 : known.count + 1,
    };
    this.#uses.set(token, use);
    return use.count <= this.#max;
  }
}

/** Names such as `posthog-python/7.42.0`. Callers choose them, so anything else is ignored. */
const SDK = /^[A-Za-z][\w.-]{0,39}\/\d[\w.+-]{0,19}/;

/** Returns the name and version of the SDK that sent a request, or `null`. */
function sdkOf({ header, query }: CredentialParts): string | null {
  const given = [
    `${query("sdkName") ?? ""}/${query("sdkVersion") ?? ""}`, // Eppo
    header("x-amp-exp-library") ?? "",
    header("posthog-sdk-info") ?? "",
    header("user-agent") ?? "",
  ];
  for (const it of given) {
    const [name = null] = SDK.exec(it) ?? [];
    if (name !== null) return name;
  }
  return null;
}
