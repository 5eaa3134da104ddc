import {
  type AbortSignalLike,
  callback,
  explainedOn,
  HttpStatusError,
  isRefusalStatus,
  OptionError,
  parseUrl,
  type Readers,
  type Refusal,
  readOptions,
  requireMethods,
  sendInParts,
  serverFaultHint,
  type UrlLike,
} from "@sortition/core/internal";
import { readFetch } from "../origin/read-fetch.js";
import { discard, type FetchLike, type WebResponse } from "../origin/web.js";
import type { EdgeExposure, SendExposures, SendResult } from "./send.js";

/** Options of {@link postTo}. */
export interface PostToOptions {
  /** URL that receives exposures. Messages never contain its path or query. */
  readonly url: string;
  /** Request headers. Default `content-type`: `application/json`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /**
   * Returns the request body as a string or as a value that is sent as JSON. Default: `{ exposures: [{ kind, …event }] }`.
   */
  readonly body?: ((exposures: readonly EdgeExposure[]) => unknown) | undefined;
  /** Sends the requests. Default: the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined;
}

const ATTEMPTS = 2;
/** Used instead of the status of a request that may succeed later. */
const TEMPORARY = 0;

const READERS = () =>
  ({
    url: readUrl,
    headers: (path, value = {}) => {
      requireMethods(path, value, []);
      return value as Readonly<Record<string, string>>;
    },
    body: callback<PostToOptions["body"]>(),
    fetch: readFetch,
  }) satisfies Readers<PostToOptions>;

/**
 * Creates a function that sends exposures in one POST. If there is no response or a 5xx response, it retries once with
 * the same IDs, so that the receiver can remove duplicates by `messageId`. If the receiver refuses the request with 400, 403,
 * 413 or 422, or both attempts fail, it is halved, so that one bad exposure does not take the others with it.
 *
 * @throws OptionError for an unknown or invalid option.
 */
export function postTo(options: PostToOptions): SendExposures {
  if (typeof options === "string" || isUrl(options)) {
    throw new OptionError("postTo", "expected an object, got an address: write postTo({ url })");
  }
  const {
    body = defaultBody,
    fetch,
    headers,
    url: target,
  } = readOptions(READERS(), options, "postTo", explainedOn("/guides/edge.md"));
  const { url } = options;
  const post = async (
    exposures: readonly EdgeExposure[],
    signal: AbortSignalLike,
    attempts: number,
  ): Promise<Refusal<EdgeExposure> | null> => {
    const content = body(exposures);
    const init = {
      method: "POST",
      headers: { "content-type": "application/json", ...lowerCase(headers) },
      body: typeof content === "string" ? content : JSON.stringify(content),
      redirect: "manual",
      signal,
    };
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === attempts || signal.aborted;
      try {
        const response = (await fetch(url, init)) as WebResponse; // every `fetch` returns one
        discard(response);
        const { status } = response;
        if (status >= 200 && status < 300) return null;
        const message = `${target.origin} answered with status ${status}${statusHint(status)}`;
        const error = new HttpStatusError(status, null, message);
        if (isRefusalStatus(status)) return { items: exposures, status, error };
        if (status < 500) throw error;
        if (isLast) return { items: exposures, status: TEMPORARY, error };
      } catch (error) {
        if (signal.aborted || error instanceof HttpStatusError) throw error;
        if (isLast) return { items: exposures, status: TEMPORARY, error };
      }
    }
  };
  return async (exposures, { signal }): Promise<SendResult> => {
    const refused: EdgeExposure[] = [];
    const failed: EdgeExposure[] = [];
    const refusal = await post(exposures, signal, ATTEMPTS);
    if (refusal === null) return { refused, failed };
    if (exposures.length === 1) throw refusal.error;
    await sendInParts(refusal, {
      async send(part) {
        try {
          return await post(part, signal, refusal.status === TEMPORARY ? 1 : ATTEMPTS);
        } catch {
          failed.push(...part);
          return null;
        }
      },
      refused({ items, status }, isAlone) {
        (isAlone && status !== TEMPORARY ? refused : failed).push(...items);
      },
    });
    if (failed.length === exposures.length) throw refusal.error;
    return { refused, failed };
  };
}

function statusHint(status: number): string {
  if (status === 401 || status === 403) return ": are the headers of postTo right?";
  const isAddress = status < 400 || status === 404 || status === 405;
  return isAddress ? ": is the url of postTo right?" : serverFaultHint(status);
}

function readUrl(path: string, value: unknown): UrlLike {
  const url = typeof value === "string" ? parseUrl(value) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  const advice = value === undefined ? ": is the environment variable that holds it set?" : "";
  throw new OptionError(path, `expected an http: or https: URL${advice}`);
}

function defaultBody(exposures: readonly EdgeExposure[]): object {
  return { exposures: exposures.map(({ event, kind }) => ({ kind, ...event })) };
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(headers);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

/** Detects a `URL`, which has no own members and would be taken for empty options. */
function isUrl(options: PostToOptions): boolean {
  return typeof options === "object" && options !== null && "href" in options;
}
