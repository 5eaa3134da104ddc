import type { CredentialParts, ReadCredential } from "../access/credentials.js";
import type { Permission } from "../access/tokens.js";
import type { DialectName } from "../config/config.js";
import type { Answer, AnswerSet } from "../environment/answers.js";

/** The parts of a request that decide about its answer. */
export type RouteRequest = CredentialParts;

/** What a route answers, once its token is known and there is a configuration. */
export type RouteReply =
  | {
      readonly kind: "part";
      readonly part: Answer;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Nothing changed since the version that the request names by the vendor's mark: 204. */
  | { readonly kind: "no-content" }
  /** More than the request allows: 413. */
  | { readonly kind: "too-large" }
  | { readonly kind: "not-found" }
  /** It is missing, although it is part of the configuration: 503. */
  | { readonly kind: "not-yet" };

interface RouteBase {
  readonly dialect: DialectName;
  /** Path after the environment's name, as Hono writes it. Logs and metrics name the route by it. */
  readonly template: string;
}

/** Serves a part of the configuration. */
export interface PartRoute extends RouteBase {
  readonly kind: "part";
  readonly credential: ReadCredential;
  readonly needs: Permission;
  /**
   * Whether a request with a right token is for another project than that of the source. Absent: it cannot be.
   *
   * @param source - its options; empty for a file.
   */
  isForeign?(request: RouteRequest, source: Readonly<Record<string, unknown>>): boolean;
  reply(request: RouteRequest, answers: AnswerSet): RouteReply;
}

/** Serves changes as they come. */
export interface StreamRoute extends RouteBase {
  readonly kind: "stream";
  readonly credential: ReadCredential;
  readonly needs: Permission;
  readonly wire: StreamWire;
}

/** Receives the vendor's message that something changed. Signed by the environment's `webhookSecret`. */
export interface WebhookRoute extends RouteBase {
  readonly kind: "webhook";
  /** Hexadecimal HMAC-SHA-256 of the body; `null`: there is none. */
  signature(request: RouteRequest): string | null;
}

export type Route = PartRoute | StreamRoute | WebhookRoute;

/** How a vendor's stream of changes looks. */
export interface StreamWire {
  /** The event that has the whole of a part. */
  eventOf(answer: Answer): Uint8Array;
  /** Sent while nothing changes. */
  readonly keepAlive: Uint8Array;
  readonly keepAliveMs: number;
}

/** The part that all vendors have. */
export const FLAGS = "flags";

/** A route's reply with the flags. Every configuration has them. */
export function flagsReply(
  { parts }: AnswerSet,
  headers?: Readonly<Record<string, string>>,
): RouteReply {
  const part = parts.get(FLAGS);
  if (part === undefined) return { kind: "not-yet" };
  return { kind: "part", part, ...(headers !== undefined && { headers }) };
}

/**
 * Encodes an event of a stream, whose id is the SHA-256 of its content.
 *
 * @param type - `null`: without a name, that is, a `message`.
 */
export function encodeEvent(type: string | null, { bytes, sha256 }: Answer): Uint8Array {
  const head = `${type === null ? "" : `event: ${type}\n`}id: ${sha256}\n`;
  if (!bytes.includes(LINE_FEED) && !bytes.includes(CARRIAGE_RETURN)) {
    return Buffer.concat([Buffer.from(`${head}data: `), bytes, Buffer.from("\n\n")]);
  }
  const lines = Buffer.from(bytes)
    .toString("utf8")
    .split(/\r\n|\r|\n/);
  return Buffer.from(`${head}${lines.map((line) => `data: ${line}\n`).join("")}\n`);
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
