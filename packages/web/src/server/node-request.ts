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
  readonly readableDidRead?: boolean;
  readonly readableEnded?: boolean;
  /** Whether the client closed the connection before it had sent the body. */
  readonly aborted?: boolean;
}

/** The part of Fastify's `FastifyRequest` that a handler reads. */
export interface FastifyRequest {
  /** Node's request, whose body Fastify has read. */
  readonly raw: NodeRequest;
  readonly body: unknown;
}

/** The body of a `Request`. */
type Body = Exclude<ConstructorParameters<typeof Response>[0], undefined>;

/** An address that no page has. Pages are recognized by the `Host` header instead. */
const BASE = "http://request.invalid";
const FORM = "application/x-www-form-urlencoded";
/** Methods that a `Request` cannot have. */
const FORBIDDEN = /^(CONNECT|TRACE|TRACK)$/i;

/** Returns Node's request, which has the state of the connection. */
export function sourceOf(request: NodeRequest | FastifyRequest): NodeRequest {
  return "raw" in request ? request.raw : request;
}

/** Returns a request as a Fetch-style handler expects it, or the status of the response to an invalid one. */
export function fetchRequest(request: NodeRequest | FastifyRequest): Request | 400 | 405 {
  const source = sourceOf(request);
  const { method = "GET", originalUrl, url = "/" } = source;
  if (FORBIDDEN.test(method)) return 405;
  try {
    const headers = headersOf(source);
    const host = headers.get("host");
    if (host && !isHost(host)) return 400;
    const body = method === "GET" || method === "HEAD" ? null : bodyOf(source, request.body);
    // A body that is a stream needs `duplex`.
    return new Request(addressOf(originalUrl ?? url), { method, headers, body, duplex: "half" });
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

/** Returns the body that a parser has read, or reads it. */
function bodyOf(source: NodeRequest, parsed: unknown): Body {
  const { headers, readableDidRead, readableEnded } = source;
  if (!readableDidRead && !readableEnded) return streamOf(source);
  if (typeof parsed === "string") return parsed;
  if (parsed instanceof Uint8Array) return new Uint8Array(parsed);
  if (typeof parsed !== "object" || parsed === null) return null;
  const isForm = `${headers["content-type"]}`.trim().toLowerCase().startsWith(FORM);
  return isForm ? formOf(parsed) : JSON.stringify(parsed);
}

function formOf(parsed: object): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parsed)) form.append(name, `${value}`);
  return `${form}`;
}

/** Reads a body as fast as it is consumed. Fails if the client aborts. */
function streamOf(source: NodeRequest): ReadableStream<Uint8Array> {
  // Not `for await`, which destroys the request, and with it the response, when it ends early.
  const iterator = source[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await iterator.next();
        // HTTP/2 ends an aborted body as if it were complete, and says so a moment later.
        if (done && source.httpVersionMajor === 2)
          await new Promise((resolve) => setTimeout(resolve));
        if (source.aborted) throw new Error("the client closed the connection");
        if (done) controller.close();
        else controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
      },
    },
    { highWaterMark: 0 },
  );
}
