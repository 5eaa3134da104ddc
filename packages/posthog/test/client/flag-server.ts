import type { FetchAnswer } from "../../src/index.js";

export interface SeenRequest {
  readonly path: string;
  readonly body: unknown;
}

export interface FlagServerOptions {
  readonly definitions?: unknown;
  readonly definitionsStatus?: number;
  /** Body of `/flags`. A number is a status, and `null` or an error breaks the connection. */
  readonly flags?: unknown;
  /** Raw body of `/flags`, instead of `flags`. */
  readonly flagsText?: string;
  readonly remoteConfig?: unknown;
}

/** PostHog's server, for the option `fetch` of a client. */
export class FlagServer {
  readonly requests: SeenRequest[] = [];
  /** Number of requests for definitions. */
  definitionsRequests = 0;
  answers: FlagServerOptions;

  constructor(answers: FlagServerOptions) {
    this.answers = answers;
  }

  readonly fetch = async (
    url: string,
    { body }: { readonly body?: unknown },
  ): Promise<FetchAnswer> => {
    const {
      definitions,
      definitionsStatus = 200,
      flags = {},
      flagsText,
      remoteConfig,
    } = this.answers;
    const { pathname, search } = new URL(url);
    const text = typeof body === "string" ? body : body === undefined ? "null" : String(body);
    if (!pathname.endsWith("/definitions")) {
      this.requests.push({ path: pathname + search, body: JSON.parse(text) });
    }
    if (pathname.endsWith("/definitions")) {
      this.definitionsRequests += 1;
      return answer(definitionsStatus, definitions);
    }
    if (pathname.endsWith("/remote_config")) return answer(200, remoteConfig);
    if (!pathname.startsWith("/flags")) return answer(200, {});
    if (flagsText !== undefined) return new Response(flagsText);
    if (flags === null || flags instanceof Error) {
      throw new TypeError("fetch failed", { cause: flags });
    }
    return typeof flags === "number" ? answer(flags, {}) : answer(200, flags);
  };

  /** Events of all batches, in order. */
  get events(): readonly Record<string, unknown>[] {
    return this.requests.flatMap(({ body, path }) =>
      path.startsWith("/batch") ? (body as { batch: Record<string, unknown>[] }).batch : [],
    );
  }
}

function answer(status: number, body: unknown): FetchAnswer {
  const hasBody = status !== 304;
  return new Response(hasBody ? JSON.stringify(body) : null, { status, headers: { etag: '"1"' } });
}
