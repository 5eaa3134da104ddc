import { identityOfCookies } from "../events/cookies.js";
import type { ContextData } from "../events/messages.js";
import type { CaptureClient } from "./capture-client.js";

/** The members that we read of an Express request. */
export interface ExpressRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string | undefined;
  readonly path?: string | undefined;
  readonly socket?: { readonly remoteAddress?: string | undefined } | undefined;
}

/** The members that we read of an Express response. */
export interface ExpressResponse {
  readonly statusCode: number;
  readonly headersSent: boolean;
  readonly destroyed?: boolean | undefined;
  /** Adds a listener for one event. */
  once(event: "finish" | "close", listener: () => void): unknown;
  /** Removes a listener. */
  off(event: "finish" | "close", listener: () => void): unknown;
}

type Next = (error?: unknown) => void;
type Middleware = (request: ExpressRequest, response: ExpressResponse, next: Next) => void;
type ErrorMiddleware = (
  error: unknown,
  request: ExpressRequest,
  response: ExpressResponse,
  next: (error: never) => void,
) => void;

/** The method that we use of an Express application. */
export interface ExpressApp {
  /** Adds middleware. */
  use(middleware: Middleware | ErrorMiddleware): unknown;
}

/** The method that {@link setupExpressRequestContext} uses. */
export interface RequestContextApp {
  /** Adds middleware. */
  use(middleware: Middleware): unknown;
}

/** Options of {@link setupExpressRequestContext}. */
export interface RequestContextOptions {
  /** Name of a header with the device identifier. Default: no header is read. */
  readonly deviceIdHeader?: string | undefined;
}

const SESSION_HEADER = "x-posthog-session-id";
const DISTINCT_ID_HEADER = "x-posthog-distinct-id";
/** Header values are limited, because any client can set them. */
const MAX_HEADER_LENGTH = 1_000;
/** If the response takes longer, an error is captured without its status. */
const RESPONSE_WAIT_MS = 1_000;

/**
 * Runs each request in a context. It contains the identities from the tracing headers, and URL, method, path, user
 * agent and address as properties.
 */
export function setupExpressRequestContext(
  client: CaptureClient,
  app: RequestContextApp,
  { deviceIdHeader }: RequestContextOptions = {},
): void {
  app.use((request: ExpressRequest, _response: ExpressResponse, next: Next) => {
    client.withContext(contextOf(client, request), () => {
      if (deviceIdHeader !== undefined) {
        client.setContextDeviceId(headerOf(request, deviceIdHeader.toLowerCase()));
      }
      next();
    });
  });
}

/** Captures errors of earlier routes with the response status, and passes the errors on. */
export function setupExpressErrorHandler(client: CaptureClient, app: ExpressApp): void {
  // Express recognises error handlers by their four parameters.
  const handler: ErrorMiddleware = (error, request, response, next) => {
    const { distinctId, sessionId, properties } = contextOf(client, request);
    const session = sessionId === undefined ? {} : { $session_id: sessionId };
    client.captureFromMiddleware(error, distinctId, async () => {
      const status = await statusOf(response);
      const known = status === null ? {} : { $response_status_code: status };
      return { ...session, ...properties, ...known };
    });
    next(error as never); // Express accepts the error that it passed
  };
  app.use(handler);
}

function contextOf(client: CaptureClient, request: ExpressRequest): ContextData {
  const around = client.getContext();
  const identity = identityOf(client, request);
  const sessionId = around?.sessionId ?? identity.sessionId;
  const distinctId = around?.distinctId ?? identity.distinctId;
  const url = request.originalUrl || request.url;
  const values = {
    $current_url: client.hidesUrlHashes ? withoutHash(url) : url,
    $request_method: request.method,
    $request_path: client.hidesUrlHashes
      ? withoutHash(withoutQuery(request.path))
      : withoutQuery(request.path),
    $user_agent: first(request.headers["user-agent"]),
    $ip: addressOf(request),
  };
  const properties = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== "",
  );
  return {
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(distinctId === undefined ? {} : { distinctId }),
    properties: Object.fromEntries(properties),
  };
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}

/** Reads the identities from the tracing headers, or else from the cookies if the client's options allow it. */
function identityOf(
  client: CaptureClient,
  request: ExpressRequest,
): { readonly sessionId: string | undefined; readonly distinctId: string | undefined } {
  const sessionId = headerOf(request, SESSION_HEADER);
  const distinctId = headerOf(request, DISTINCT_ID_HEADER);
  const { cookieOptions } = client;
  if (sessionId !== undefined || distinctId !== undefined || cookieOptions === null) {
    return { sessionId, distinctId };
  }
  const found = identityOfCookies(request.headers["cookie"], client.apiKey, cookieOptions);
  return { sessionId: cleaned(found.sessionId), distinctId: cleaned(found.distinctId) };
}

function headerOf({ headers }: ExpressRequest, name: string): string | undefined {
  return cleaned(headers[name]);
}

/** Removes control characters and truncates the value. Returns `undefined` if nothing is left. */
function cleaned(given: unknown): string | undefined {
  for (const value of [given].flat()) {
    if (typeof value !== "string") continue;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removes control characters
    const clean = value.replace(/[\x00-\x1f\x7f-\x9f]/g, "").trim();
    if (clean) return clean.slice(0, MAX_HEADER_LENGTH);
  }
  return undefined;
}

function addressOf(request: ExpressRequest): string | undefined {
  const [forwarded] = first(request.headers["x-forwarded-for"])?.split(",") ?? [];
  return forwarded?.trim() || request.socket?.remoteAddress;
}

function withoutHash(url: string | undefined): string | undefined {
  return url?.replace(/#.*$/s, "");
}

function withoutQuery(path: string | undefined): string | undefined {
  return path?.replace(/^([^?#]*)\?[^#]*/, "$1");
}

/** Resolves when the response has ended, or with `null` if it takes too long. */
function statusOf(response: ExpressResponse): Promise<number | null> {
  const current = (): number | null => (response.headersSent ? response.statusCode : null);
  if (response.headersSent || response.destroyed) return Promise.resolve(current());
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      response.off("finish", end);
      response.off("close", end);
      resolve(current());
    };
    const timer = setTimeout(end, RESPONSE_WAIT_MS);
    timer.unref();
    response.once("finish", end);
    response.once("close", end);
  });
}
