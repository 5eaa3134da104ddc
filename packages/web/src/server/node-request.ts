/** The part of Node's `IncomingMessage`, of HTTP/1 or HTTP/2, and of Express's request, that a handler reads. */
export interface NodeRequest extends AsyncIterable<Uint8Array | string> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** The whole path in Express, where `url` does not contain the path of the router. */
  readonly originalUrl?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly httpVersionMajor?: number;
  /** The body, if a body parser has read it. Some parsers set it although they have not. */
  readonly body?: unknown;
  /** The body as it was received, if a parser or the platform kept it. */
  readonly rawBody?: unknown;
  readonly readableDidRead?: boolean;
  readonly readableEnded?: boolean;
  /** Whether the client closed the connection. */
  readonly aborted?: boolean;
  /** Whether the body was received. Always `true` in HTTP/2 after the client closed the connection. */
  readonly complete?: boolean;
  /** Returns what was received and not read yet. */
  read?(): unknown;
}

/** The part of Fastify's `FastifyRequest` that a handler reads. */
export interface FastifyRequest extends Pick<NodeRequest, "body" | "rawBody"> {
  /** Node's request, whose body Fastify has read. */
  readonly raw: NodeRequest;
}

/** The part of Koa's `ctx.request` that a handler reads. */
export interface KoaRequest extends Pick<NodeRequest, "body" | "rawBody"> {
  /** Node's request, whose body Koa's parsers have read. */
  readonly req: NodeRequest;
}

/** A request of a server that runs on Node. */
export type ServerRequest = NodeRequest | FastifyRequest | KoaRequest;

/** The body of a `Request`. */
type Body = Exclude<ConstructorParameters<typeof Response>[0], undefined>;

/** An address that no page has. Pages are recognized by the `Host` header instead. */
const BASE = "http://request.invalid";
const FORM = "application/x-www-form-urlencoded";
/** Methods that a `Request` cannot have. */
const FORBIDDEN = /^(CONNECT|TRACE|TRACK)$/i;

/** Returns Node's request, which has the state of the connection. */
export function sourceOf(request: ServerRequest): NodeRequest {
  if ("raw" in request) return request.raw;
  return "req" in request ? request.req : request;
}

/** Returns a request as a Fetch-style handler expects it, or the status of the response to an invalid one. */
export function fetchRequest(request: ServerRequest): Request | 400 | 405 {
  const source = sourceOf(request);
  const { method = "GET", originalUrl, url = "/" } = source;
  if (FORBIDDEN.test(method)) return 405;
  try {
    const headers = headersOf(source);
    const host = headers.get("host");
    if (host && !isHost(host)) return 400;
    const body = method === "GET" || method === "HEAD" ? null : bodyOf(source, request);
    // A body that is a stream needs `duplex`.
    const init = { method, headers, body: body === undefined ? "" : body, duplex: "half" } as const;
    const converted = new Request(addressOf(originalUrl ?? url), init);
    // Marks the body as used, which routes report.
    if (body === undefined) void converted.text();
    return converted;
  } catch {
    return 400; // its method, address or a header is invalid
  }
}

function headersOf({ headers: given }: NodeRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given)) {
    // The names of HTTP/2's pseudo-headers start with a colon.
    if (value === undefined || name.startsWith(":")) continue;
    headers.set(name, Array.isArray(value) ? value.join(", ") : `${value}`);
  }
  // Empty without both, because the check of the origin would otherwise read the host of `BASE`.
  const { ":authority": authority = headers.get("host") ?? "" } = given;
  headers.set("host", `${authority}`);
  return headers;
}

function isHost(host: string): boolean {
  return /^[!-~]+$/.test(host) && URL.canParse(`http://${host}`);
}

/** Clients that use a proxy send a whole address. Only its path is used. */
function addressOf(target: string): string {
  if (target.startsWith("/")) return BASE + target;
  const { pathname, search } = new URL(target);
  return BASE + pathname + search;
}

/** Returns the body that a parser has read, or reads it. `undefined`: it was read, and nobody kept it. */
function bodyOf(
  source: NodeRequest,
  { body: parsed, rawBody }: Pick<NodeRequest, "body" | "rawBody">,
): Body | undefined {
  const { headers, readableDidRead, readableEnded } = source;
  if (!readableDidRead && !readableEnded) return streamOf(source);
  for (const it of [rawBody, parsed]) {
    if (typeof it === "string") return it;
    if (it instanceof Uint8Array) return new Uint8Array(it);
  }
  // Some parsers set an empty object for a body of a type that they do not read.
  const isUnread = JSON.stringify(parsed) === "{}" && headers["content-length"] !== "2";
  if (parsed === undefined || isUnread) return undefined;
  if (typeof parsed !== "object" || parsed === null) return null;
  const isForm = `${headers["content-type"]}`.trim().toLowerCase().startsWith(FORM);
  return isForm ? formOf(parsed) : JSON.stringify(parsed);
}

function formOf(parsed: object): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parsed)) form.append(name, `${value}`);
  return `${form}`;
}

/** Reads a body as fast as it is consumed. Fails if the client closes the connection before the body was received. */
function streamOf(source: NodeRequest): ReadableStream<Uint8Array> {
  // Not `for await`, which destroys the request, and with it the response, when it ends early.
  const iterator = source[Symbol.asyncIterator]();
  const isComplete = () => source.httpVersionMajor !== 2 && source.complete === true;
  const next = async (): Promise<Uint8Array | string | null> => {
    try {
      const { done, value } = await iterator.next();
      if (!done) return value;
      // HTTP/2 ends an aborted body as if it were complete, and says so a moment later.
      if (source.httpVersionMajor === 2) await new Promise((resolve) => setTimeout(resolve));
      if (source.aborted && !isComplete()) throw new Error("the client closed the connection");
    } catch (error) {
      if (!isComplete()) throw error;
    }
    // The client may have left after it sent the body, which ends the iteration.
    return (source.read?.() as Uint8Array | string | null | undefined) ?? null;
  };
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        const value = await next();
        if (value === null) controller.close();
        else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
      },
    },
    { highWaterMark: 0 },
  );
}
