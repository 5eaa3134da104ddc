import {
  bytesOf,
  type Clock,
  type ConfigurationOrigin,
  DecodeError,
  type Failure,
  type FetchResult,
  NetworkError,
  type Payload,
  type PayloadSet,
  relayHint,
  serverOf,
} from "@sortition/core/internal";
import { RenewedEtags, retryAfterMs, statusFailure, thrownFailure } from "@sortition/node/internal";
import type { PosthogDialect } from "../dialect/factory.js";
import { lateMessage, notJsonMessage, statusMessage } from "../http/answer-message.js";
import type { Requester, ServerAnswer } from "../http/requester.js";
import {
  bodyOf,
  cacheDataOf,
  type FlagDefinitionCacheInput,
  type FlagDefinitionCacheProvider,
} from "./flag-definition-cache.js";
import { jsonOf } from "./json.js";

const PART = "flags";

export interface DefinitionsSettings {
  readonly dialect: PosthogDialect;
  readonly host: string;
  readonly projectApiKey: string;
  /** If `null`, only the cache is read. */
  readonly secretKey: string | null;
  readonly requestTimeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly provider: FlagDefinitionCacheProvider<FlagDefinitionCacheInput> | null;
}

export interface DefinitionsPorts {
  readonly clock: Clock;
  readonly request: Requester;
  /**
   * Called when the server confirmed the current definitions.
   *
   * @param isSent - whether it sent them again.
   */
  onConfirmed(isSent: boolean): void;
  /** Called when the server responded with 304 before it had sent definitions. */
  onUnchangedNothing(): void;
  /** Called when the quota is exceeded. The vendor's SDK drops all flags then. */
  onQuotaExceeded(): void;
  /** Called when the server refuses a request. Loads on demand should wait. */
  onRefused(): void;
  /** Reports a problem to the user's listeners. Does not throw. */
  onError(error: Error): void;
}

/**
 * Fetches definitions from PostHog, or from a cache that workers share. Differs from `posthogOrigin` because the class
 * sends the vendor's requests, with its headers, the `fetch` of the options, and the connection for events.
 */
export function definitionsOrigin(
  settings: DefinitionsSettings,
  ports: DefinitionsPorts,
): ConfigurationOrigin {
  const { dialect, host, provider, requestTimeoutMs, secretKey } = settings;
  const renewedEtags = new RenewedEtags();
  /** The ETag of a 304 that the server sent before any definitions. */
  let earlyEtag: string | null = null;

  const fetchFromServer = async (
    current: PayloadSet | null,
    publishes: boolean,
    signal: AbortSignal,
  ): Promise<FetchResult> => {
    const held = current?.find(({ part }) => part === PART);
    let answer: ServerAnswer;
    try {
      const etag = held === undefined ? earlyEtag : renewedEtags.of(held);
      answer = await ports.request(requestOf(settings, etag, signal));
    } catch (cause) {
      return failed(cause);
    }
    if (answer.status === 304 && held !== undefined) {
      renewedEtags.renew(held, answer.header("etag"));
      ports.onConfirmed(false);
      return { kind: "unchanged" };
    }
    if (answer.status === 304) {
      earlyEtag = answer.header("etag") ?? earlyEtag;
      ports.onUnchangedNothing();
    }
    if (answer.status !== 200) {
      reportStatus(answer.status, ports);
      return { kind: "failed", failure: failureOf(answer, host, ports.clock.now()) };
    }
    if (isNotJson(answer.bytes)) return failed(new DecodeError("$", notJsonMessage(host)));
    const payload: Payload = {
      part: PART,
      bytes: answer.bytes,
      etag: answer.header("etag"),
      fetchedAtMs: ports.clock.now(),
      from: "network",
      place: `${serverOf(host)}: is host right, is the answer whole?`,
    };
    if (held !== undefined && Buffer.compare(held.bytes, answer.bytes) === 0)
      ports.onConfirmed(true);
    if (publishes) {
      await guarded("Failed to store in cache", ports, undefined, async () => {
        const body = jsonOf(answer.bytes);
        if (typeof body !== "object" || body === null || !("flags" in body)) return;
        const data = cacheDataOf(body as Parameters<typeof cacheDataOf>[0]); // has the members that are read
        await provider?.onFlagDefinitionsReceived(data);
      });
    }
    return { kind: "payloads", payloads: [payload] };
  };

  const readCache = (): Promise<FetchResult | null> =>
    guarded("Failed to load from cache", ports, null, async () => {
      const data = await provider?.getFlagDefinitions();
      if (!data) return null;
      const bytes = bytesOf(JSON.stringify(bodyOf(data)));
      const fetchedAtMs = ports.clock.now();
      return {
        kind: "payloads",
        payloads: [{ part: PART, bytes, etag: null, fetchedAtMs, from: "redis" }],
      };
    });

  return {
    dialect,
    scope: host,
    requestTimeoutMs,
    // A slow cache does not indicate a wrong host.
    lateHint: provider === null ? lateMessage(host) : undefined,
    async fetchOnce(current, { signal }) {
      const ended = signal as AbortSignal; // Node's polling source passes an AbortSignal
      if (provider === null) return fetchFromServer(current, false, ended);
      const kept: FetchResult =
        current === null ? failed(new Error("the cache is empty")) : { kind: "unchanged" };
      if (secretKey === null) return (await readCache()) ?? kept;
      const fetches = await guarded("Error in shouldFetchFlagDefinitions", ports, true, () =>
        provider.shouldFetchFlagDefinitions(),
      );
      if (fetches) return fetchFromServer(current, true, ended);
      const cached = await readCache();
      if (cached !== null) return cached;
      // Without definitions, no flag could be evaluated, so the provider's decision is ignored.
      return current === null ? fetchFromServer(null, false, ended) : kept;
    },
  };
}

function requestOf(settings: DefinitionsSettings, etag: string | null, signal: AbortSignal) {
  const { headers, host, projectApiKey, requestTimeoutMs: timeoutMs, secretKey } = settings;
  if (secretKey === null) {
    throw new NetworkError("a secret key is needed to request flag definitions", null);
  }
  const query = `token=${encodeURIComponent(projectApiKey)}&send_cohorts`;
  return {
    url: `${host}/flags/definitions?${query}`,
    method: "GET" as const,
    headers: {
      ...headers,
      authorization: `Bearer ${secretKey}`,
      ...(etag ? { "if-none-match": etag } : {}),
    },
    timeoutMs,
    signal,
  };
}

/** Calls the cache. Reports a failure as this problem, and returns the fallback. */
async function guarded<T>(
  problem: string,
  ports: DefinitionsPorts,
  otherwise: T,
  call: () => T | Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    ports.onError(new Error(`${problem}: ${cause}`));
    return otherwise;
  }
}

/** Statuses with which the server refuses a request. */
const REFUSALS: Readonly<Record<number, string>> = {
  401: "Your project key or secret key is invalid.",
  403: "Your secret key may not fetch feature flag definitions.",
  429: "You are being rate limited.",
};

function reportStatus(status: number, ports: DefinitionsPorts): void {
  if (status === 402) ports.onQuotaExceeded();
  const problem = REFUSALS[status];
  if (problem === undefined) return;
  ports.onRefused();
  ports.onError(new Error(problem));
}

/** Refusals are retried at our own pace. Other failures are retried after `Retry-After`, if the server sends it. */
function failureOf({ header, status }: ServerAnswer, host: string, nowMs: number): Failure {
  const delayMs = retryAfterMs({
    retryAfter: header("retry-after"),
    date: header("date"),
    nowMs,
  });
  return statusFailure(status, delayMs, statusMessage(status, host, keyHintOf(host)));
}

function keyHintOf(host: string): string {
  return serverOf(host).endsWith(".posthog.com") ? KEY_HINT : `${KEY_HINT}${relayHint("host")}`;
}

const KEY_HINT = "may secretKey (personalApiKey) read the flag definitions of this project?";

const LESS_THAN = 0x3c;

/** Returns whether the body is empty or HTML, such as a login page, or a proxy's error page with status 200. */
function isNotJson(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte > 0x20);
  return first === undefined || first === LESS_THAN;
}

function failed(cause: unknown): FetchResult {
  return { kind: "failed", failure: thrownFailure(cause) };
}
