import {
  type AbortSignalLike,
  type ConfigurationOrigin,
  type Dialect,
  type Failure,
  type FetchResult,
  HttpStatusError,
  NetworkError,
  type Payload,
  sha256,
} from "@sortition/core/kit";

/** A response. `bytes` is empty unless the status is 200. */
export interface ToyAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly bytes: Uint8Array;
}

/** Sends one GET request. Rejects if there is no response. */
export type ToyGet = (
  url: string,
  options: { readonly etag: string | null; readonly signal: AbortSignalLike },
) => Promise<ToyAnswer>;

/** What {@link toyOrigin} fetches, and how. */
export interface ToyOriginOptions {
  readonly dialect: Dialect;
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly get: ToyGet;
  readonly now: () => number;
}

/**
 * Fetches the flags, and the cohorts as an optional part, because flags are usable without them.
 */
export function toyOrigin(options: ToyOriginOptions): ConfigurationOrigin {
  const { apiKey, baseUrl, dialect } = options;
  const context = { apiKey, sdkName: "toy", sdkVersion: "1.0.0" };
  const urls = new Map<string, string>();
  for (const { part, path } of dialect.endpoints) urls.set(part, baseUrl + path(context));
  urls.set("cohorts", `${baseUrl}/cohorts`);
  return {
    dialect,
    scope: scopeOf(`${dialect.name}\0${baseUrl}\0${apiKey}`),

    async fetchOnce(current, { signal }): Promise<FetchResult> {
      const payloads: Payload[] = [];
      const warnings: Failure[] = [];
      let hasNews = false;
      for (const [part, url] of urls) {
        const isOptional = part !== "flags";
        const held = current?.find((payload) => payload.part === part);
        try {
          const { bytes, etag, status } = await options.get(url, {
            etag: held?.etag ?? null,
            signal,
          });
          if (status === 304 && held !== undefined) {
            payloads.push(held);
          } else if (status === 200) {
            const fetchedAtMs = options.now();
            payloads.push({ part, bytes, etag, fetchedAtMs, from: "network", isOptional });
            hasNews = true;
          } else {
            throw new HttpStatusError(status, null);
          }
        } catch (cause) {
          const failure = failureOf(part, cause);
          if (!isOptional) return { kind: "failed", failure };
          // Older cohorts are better than none.
          if (held !== undefined) payloads.push(held);
          warnings.push(failure);
        }
      }
      if (!hasNews && warnings.length === 0) return { kind: "unchanged" };
      return { kind: "payloads", payloads, warnings };
    },
  };
}

function failureOf(part: string, cause: unknown): Failure {
  const error = cause instanceof HttpStatusError ? cause : new NetworkError("no response", cause);
  return { kind: "transient", error, retryAfterMs: null, part };
}

/** Returns a cache name for this server and key that does not reveal the key. */
function scopeOf(text: string): string {
  const digest = sha256(Uint8Array.from(text, (character) => character.codePointAt(0) ?? 0));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
