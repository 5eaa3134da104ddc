import type { CredentialParts, ReadCredential } from "../access/credentials.js";
import type { Permission } from "../access/tokens.js";
import type { DialectName } from "../config/config.js";
import type { Answer, AnswerSet } from "../environment/answers.js";

/** Response of a route, once the token is known and there is a configuration. */
export type RouteReply =
  | {
      readonly kind: "part";
      readonly part: Answer;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** 204: the request already has this version, according to the vendor's own tag. */
  | { readonly kind: "no-content" }
  /** 413: larger than the request allows. */
  | { readonly kind: "too-large" }
  | { readonly kind: "not-found" }
  /** 503: the part belongs to the configuration, but has not been received yet. */
  | { readonly kind: "not-yet" };

interface RouteBase {
  readonly dialect: DialectName;
  /** Hono's template of the path after the environment's name, which logs and metrics use, too. */
  readonly template: string;
}

/** Serves a part of the configuration. */
export interface PartRoute extends RouteBase {
  readonly kind: "part";
  readonly credential: ReadCredential;
  readonly needs: Permission;
  /** Tokens with this permission get 400, because they use another address. */
  readonly elsewhere?: Permission;
  /**
   * Whether a request with a valid token is for a project other than that of the source. Default: never.
   *
   * @param source - options of the source; empty for a file.
   */
  isForeign?(request: CredentialParts, source: Readonly<Record<string, unknown>>): boolean;
  reply(request: CredentialParts, answers: AnswerSet): RouteReply;
}

/** Serves a stream of changes. */
export interface StreamRoute extends RouteBase {
  readonly kind: "stream";
  readonly credential: ReadCredential;
  /** The streams, by the permission of the token. */
  readonly wires: readonly { readonly needs: Permission; readonly wire: StreamWire }[];
}

/** Receives the vendor's notifications of changes, which are signed with the environment's `webhookSecret`. */
export interface WebhookRoute extends RouteBase {
  readonly kind: "webhook";
  /** `null` if the request has no signature. */
  signature(request: CredentialParts): WebhookSignature | null;
}

/** HMAC-SHA-256 signature of a message. */
export interface WebhookSignature {
  /** Text that is signed before the body. */
  readonly prefix: string;
  /** One of them must match. There are several while a secret is being rotated. */
  readonly digests: readonly Uint8Array[];
  /** Epoch ms; `null` if the message has no time. */
  readonly sentAtMs: number | null;
}

export type Route = PartRoute | StreamRoute | WebhookRoute;

/** Format of a stream of changes. */
export interface StreamWire {
  /** Id of the event for these answers, which readers send when they reconnect; `null` if there is no event. */
  idOf(answers: AnswerSet): string | null;
  /** The event. Called only if there is an id. */
  eventOf(answers: AnswerSet): Uint8Array;
  /** Sent while nothing changes. */
  readonly keepAlive: Uint8Array;
  readonly keepAliveMs: number;
  /** Time over which an event is sent to all readers. */
  readonly spreadMs: number;
  /** Whether streams begin without an event, because new readers have just fetched the flags. Default: `false`. */
  readonly beginsSilently?: boolean;
}

/**
 * Creates a stream whose events contain all flags.
 *
 * @param type - type of the events; `null`: without a type.
 */
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

/** Keep-alives that readers ignore. */
export const COMMENTS: Pick<StreamWire, "keepAlive" | "keepAliveMs"> = {
  keepAlive: Buffer.from(": alive\n\n"),
  keepAliveMs: 15_000,
};

/** Name of the part that every configuration has. */
const FLAGS = "flags";

/** Replies with the flags. */
export function flagsReply(
  { parts }: AnswerSet,
  headers?: Readonly<Record<string, string>>,
): RouteReply {
  const part = parts.get(FLAGS);
  if (part === undefined) return { kind: "not-yet" };
  return { kind: "part", part, ...(headers !== undefined && { headers }) };
}

/**
 * Encodes an event. Its id is the SHA-256 of the content.
 *
 * @param type - `null`: without a type, so readers receive a `message`.
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
