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
  /** Tokens with this permission have another address: 400. Absent: there are none. */
  readonly elsewhere?: Permission;
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
  /** By what a token may do. */
  readonly wires: readonly PermittedWire[];
}

/** A stream for tokens with a permission. */
export interface PermittedWire {
  readonly needs: Permission;
  readonly wire: StreamWire;
}

/** Receives the vendor's message that something changed. Signed by the environment's `webhookSecret`. */
export interface WebhookRoute extends RouteBase {
  readonly kind: "webhook";
  /** `null` if the request has no signature. */
  signature(request: RouteRequest): WebhookSignature | null;
}

/** HMAC-SHA-256 signature of a message. */
export interface WebhookSignature {
  /** The signed text before the body. */
  readonly prefix: string;
  /** One of them must match. There are several while a secret is being rotated. */
  readonly digests: readonly Uint8Array[];
  /** Epoch ms; `null` if the message has no time. */
  readonly sentAtMs: number | null;
}

export type Route = PartRoute | StreamRoute | WebhookRoute;

/** How a stream of changes looks. */
export interface StreamWire {
  /** Id of the event of these answers, which readers name when they come back; `null`: there is none. */
  idOf(answers: AnswerSet): string | null;
  /** The event; asked for if there is an id. */
  eventOf(answers: AnswerSet): Uint8Array;
  /** Sent while nothing changes. */
  readonly keepAlive: Uint8Array;
  readonly keepAliveMs: number;
  /** Time over which all readers get an event. */
  readonly spreadMs: number;
  /** Whether new readers have just got the flags, so that their streams begin without an event. Default: they have not. */
  readonly beginsSilently?: boolean;
}

/** A stream whose events have the whole of the flags. @param type - of the events, as {@link encodeEvent} takes it. */
export function flagsWire(
  type: string | null,
  keepAlive: Pick<StreamWire, "keepAlive" | "keepAliveMs">,
): StreamWire {
  return {
    idOf: ({ parts }) => parts.get(FLAGS)?.sha256 ?? null,
    eventOf({ parts }) {
      const flags = parts.get(FLAGS);
      return flags === undefined ? new Uint8Array() : encodeEvent(type, flags);
    },
    ...keepAlive,
    spreadMs: 0,
  };
}

/** A sign of life that readers take no notice of. */
export const COMMENTS: Pick<StreamWire, "keepAlive" | "keepAliveMs"> = {
  keepAlive: Buffer.from(": alive\n\n"),
  keepAliveMs: 15_000,
};

/** The part that all vendors have. */
const FLAGS = "flags";

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
function encodeEvent(type: string | null, { bytes, sha256 }: Answer): Uint8Array {
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
