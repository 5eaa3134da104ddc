import { createHash } from "node:crypto";
import {
  type Endpoint,
  explainedOn,
  integerOption,
  OptionError,
  rejectUnknownOptions,
  withAwaitHints,
} from "@sortition/core/internal";
import { type RecordedRequest, type Reply, startTestServer } from "@sortition/test-kit/http-server";
import type { TestFlags } from "../flags/test-flags.js";

/** Options of {@link flagServer}. */
export interface FlagServerOptions {
  /** Flags to serve. Each response contains their current state. */
  readonly flags: Pick<TestFlags, "payload"> & {
    readonly dialect: { readonly endpoints: readonly Endpoint[] };
  };
  /** Whether responses have an ETag, and are 304 if the request has the same one. Default: true. */
  readonly hasEtags?: boolean | undefined;
  /** Whether the server keeps Node.js alive, for a program that only runs this server. Default: false. */
  readonly holdsProcess?: boolean | undefined;
  /** Port, 0 to 65,535. Default: 0, a free port. */
  readonly port?: number | undefined;
}

const OPTION_NAMES = ["flags", "hasEtags", "holdsProcess", "port"];

/**
 * How a server fails. A number is a response status. `garbage` sends an HTML page with the ETag of
 * the flags. `hang` sends nothing until the server recovers, and `hang-in-body` only the first
 * byte. `drip` endlessly sends one byte every 100 ms. `cut` sends half of the flags with a
 * `Content-Length`, and `cut-chunked` without one. `reset` resets the connection.
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
  /** Number of requests that fail before the server recovers. Default: it does not recover. */
  readonly times?: number | undefined;
  /** `Retry-After` header of a status: seconds, or an HTTP date. */
  readonly retryAfter?: number | string | undefined;
  /** Body of `garbage`. Default: an HTML page. */
  readonly body?: string | undefined;
}

/** A server on loopback with the paths, ETags and bodies of a vendor's server. */
export interface FlagServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`: the base URL for clients and for the vendor's own SDK (for Eppo's, append `/api`). */
  readonly url: string;
  /** Received requests, including requests for other paths, which get 404 (a POST gets 200). */
  readonly requests: readonly RecordedRequest[];
  /** Resolves with request number `count`, counted from 1, when it has been received. */
  request(count: number): Promise<RecordedRequest>;
  /**
   * Makes requests for flags fail from now on.
   *
   * @throws OptionError if the fault is unknown.
   */
  fail(fault: Fault, options?: FaultOptions): void;
  /** Ends {@link fail}. Hanging requests get a response. */
  recover(): void;
  /** Closes the server and all its connections. */
  close(): Promise<void>;
}

/**
 * Starts a server that serves test flags by HTTP, for programs in other processes or for a vendor's SDK.
 *
 * Rejects with an OptionError if `flags` is missing or an option is unknown or invalid, and with Node's error if the port
 * is in use.
 */
export function flagServer(options: FlagServerOptions): Promise<FlagServer> {
  const members = ["url", "requests", "request", "fail", "recover"] as const;
  return withAwaitHints(startServer(options), "flagServer(…)", members);
}

async function startServer(options: FlagServerOptions): Promise<FlagServer> {
  if (typeof (options as { payload?: unknown } | undefined)?.payload === "function") {
    throw new OptionError("options", "are the flags themselves: write flagServer({ flags })");
  }
  rejectUnknownOptions(options, OPTION_NAMES, undefined, explainedOn("/guides/testing.md"));
  const { flags, hasEtags = true, holdsProcess = false } = options;
  const port = integerOption("port", options.port, { min: 0, max: 65_535 }, 0);
  if (typeof (flags as { payload?: unknown } | undefined)?.payload !== "function") {
    throw new OptionError("flags", "expected test flags from testFlags()");
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
  const { close, request, requests, url } = await startTestServer(respond, {
    holdsProcess,
    port,
  });
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

/** Rejects unknown faults, because an invalid HTTP status would crash the test process instead of failing the test. */
function checkFault(fault: Fault): void {
  const isKnown =
    typeof fault === "number"
      ? Number.isInteger(fault) && fault >= 200 && fault <= 599
      : FAULTS.includes(fault);
  if (isKnown) return;
  const problem = `expected a status from 200 to 599, or one of ${FAULTS.join(", ")}`;
  const form = /^[2-5]\d\d$/.test(fault as string) ? `: write server.fail(${fault})` : "";
  throw new OptionError("server.fail", `${problem}, received ${JSON.stringify(fault)}${form}`);
}

const KEY = "sortition-testing-key";

/** Returns a function that finds the part for a path with any prefix and any key; `null` for other paths. */
function partsByPath(endpoints: readonly Endpoint[]): (path: string) => string | null {
  const context = { apiKey: KEY, sdkName: "", sdkVersion: "" };
  const patterns = endpoints.map((endpoint) => {
    const pieces = endpoint.path(context).split(KEY);
    const source = pieces.map((it) => it.replace(/[^\w/]/g, "\\$&")).join("[^/]+");
    return { part: endpoint.part, pattern: new RegExp(`${source}/?$`) };
  });
  return (path) => patterns.find(({ pattern }) => pattern.test(path))?.part ?? null;
}

/** The content of a response. */
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
