import { createHash } from "node:crypto";
import { type Endpoint, OptionError } from "@sortition/core/internal";
import { type RecordedRequest, type Reply, startTestServer } from "@sortition/test-kit/http-server";
import type { TestFlags } from "../flags/test-flags.js";

/** Options of {@link flagServer}. */
export interface FlagServerOptions {
  /** What is served: always as they are when a request arrives. */
  readonly flags: Pick<TestFlags, "payload"> & {
    readonly dialect: { readonly endpoints: readonly Endpoint[] };
  };
  /** Whether answers have an etag, and are 304 for a client that has it. Default: true. */
  readonly hasEtags?: boolean | undefined;
  /** Whether the process lives for as long as the server: for a program that is nothing else. Default: false. */
  readonly holdsProcess?: boolean | undefined;
}

/**
 * What a server does instead of answering. A number is the status of an answer. `garbage`: a page of HTML, under the etag
 * of the flags; `hang`: nothing until it recovers; `hang-in-body`: the first byte alone; `drip`: a byte every 100 ms, without
 * end; `cut`, `cut-chunked`: half of the flags, whose length was announced or was not; `reset`: the connection breaks.
 */
export type Fault =
  | number
  | "garbage"
  | "hang"
  | "hang-in-body"
  | "drip"
  | "cut"
  | "cut-chunked"
  | "reset";

/** Options of {@link FlagServer.fail}. */
export interface FaultOptions {
  /** After how many requests the server recovers. Default: it does not. */
  readonly times?: number | undefined;
  /** `Retry-After` beside a status: seconds, or a date as HTTP has it. */
  readonly retryAfter?: number | string | undefined;
  /** The body of `garbage`, in place of HTML. */
  readonly body?: string | undefined;
}

/** A server on loopback that has the paths, etags and bodies of a vendor. */
export interface FlagServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`: the base URL of clients, and of the vendor's own SDK (Eppo's: with `/api`). */
  readonly url: string;
  /** Requests that arrived, including requests for other paths, which get 404, or 200 for a POST. */
  readonly requests: readonly RecordedRequest[];
  /** Resolves with request number `count`, counted from 1, when it has arrived. */
  request(count: number): Promise<RecordedRequest>;
  /**
   * Requests for flags fail from now on.
   *
   * @throws OptionError for a fault that there is not.
   */
  fail(fault: Fault, options?: FaultOptions): void;
  /** Ends {@link fail}. Requests that hang are answered. */
  recover(): void;
  /** Ends it, with all connections. */
  close(): Promise<void>;
}

/**
 * Starts a server for programs in other processes, or for a vendor's SDK: it serves test flags by HTTP.
 *
 * Rejects with an OptionError without flags.
 */
export async function flagServer({
  flags,
  hasEtags = true,
  holdsProcess = false,
}: FlagServerOptions): Promise<FlagServer> {
  if (typeof (flags as { payload?: unknown } | undefined)?.payload !== "function") {
    throw new OptionError("flags", "expected test flags, as testFlags() makes them");
  }
  const partOf = partsByPath(flags.dialect.endpoints);
  let failing: { readonly fault: Fault; readonly options: FaultOptions; left: number } | null =
    null;
  const hanging: (() => void)[] = [];

  const contentOf = (part: string): Content => {
    const body = flags.payload(part);
    if (!hasEtags) return { body };
    return { body, etag: `"${createHash("sha1").update(body).digest("hex")}"` };
  };
  const respond = async ({ headers, method, path }: RecordedRequest): Promise<Reply> => {
    const part = method === "GET" ? partOf(path) : null;
    if (part === null) return { kind: "answer", status: method === "POST" ? 200 : 404, body: "{}" };
    if (failing !== null && failing.left > 0) {
      failing.left -= 1;
      const { fault, options } = failing;
      if (fault !== "hang") return replyOf(fault, options, contentOf(part));
      await new Promise<void>((resolve) => hanging.push(resolve));
    }
    return answerOf(contentOf(part), headers["if-none-match"]);
  };
  const { close, request, requests, url } = await startTestServer(respond, { holdsProcess });
  return {
    url,
    requests,
    request,
    fail(fault, options = {}) {
      checkFault(fault);
      failing = { fault, options, left: options.times ?? Number.POSITIVE_INFINITY };
    },
    recover() {
      failing = null;
      for (const answer of hanging.splice(0)) answer();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const FAULTS = [
  "garbage",
  "hang",
  "hang-in-body",
  "drip",
  "cut",
  "cut-chunked",
  "reset",
] as const satisfies readonly Fault[];

/** A status that HTTP does not have would end the process of the test, not the test. */
function checkFault(fault: Fault): void {
  const isKnown =
    typeof fault === "number"
      ? Number.isInteger(fault) && fault >= 200 && fault <= 599
      : FAULTS.includes(fault);
  if (isKnown) return;
  const problem = `expected a status from 200 to 599, or one of ${FAULTS.join(", ")}`;
  throw new OptionError("server.fail", `${problem}, received ${JSON.stringify(fault)}`);
}

const KEY = "sortition-testing-key";

/** The part that a path asks for, whatever comes before it and whatever key is in it; `null`: none. */
function partsByPath(endpoints: readonly Endpoint[]): (path: string) => string | null {
  const context = { apiKey: KEY, sdkName: "", sdkVersion: "" };
  const patterns = endpoints.map((endpoint) => {
    const pieces = endpoint.path(context).split(KEY);
    const source = pieces.map((it) => it.replace(/[^\w/]/g, "\\$&")).join("[^/]+");
    return { part: endpoint.part, pattern: new RegExp(`${source}/?$`) };
  });
  return (path) => patterns.find(({ pattern }) => pattern.test(path))?.part ?? null;
}

/** What is served. */
interface Content {
  readonly body: string;
  readonly etag?: string;
}

function answerOf({ body, etag }: Content, held: string | undefined): Reply {
  const headers = { "content-type": "application/json", ...(etag !== undefined && { etag }) };
  if (etag !== undefined && held === etag) return { kind: "answer", status: 304, headers };
  return { kind: "answer", headers, body };
}

function replyOf(
  fault: Exclude<Fault, "hang">,
  { body: garbage = "<html>Bad gateway</html>", retryAfter }: FaultOptions,
  { body, etag }: Content,
): Reply {
  switch (fault) {
    case "garbage":
      return { kind: "answer", headers: { ...(etag !== undefined && { etag }) }, body: garbage };
    case "drip":
      return { kind: "drip", everyMs: 100 };
    case "cut":
      return { kind: "cut", body, framing: "content-length" };
    case "cut-chunked":
      return { kind: "cut", body, framing: "chunked" };
    case "hang-in-body":
    case "reset":
      return { kind: fault };
    default: {
      const headers: Record<string, string> =
        retryAfter === undefined ? {} : { "retry-after": `${retryAfter}` };
      return { kind: "answer", status: fault, headers };
    }
  }
}
