import { type Dialect, isJsonObject } from "@sortition/core/dialect";
import { type ContextSubject, subjectOf } from "@sortition/openfeature/resolution";
import { readBody } from "../http/body.js";
import { BODIES_FULL } from "../http/body-memory.js";
import type { Exchange } from "../http/exchange.js";
import { RETRY_SECONDS } from "../http/retry-after.js";
import type { FailureCode } from "./ofrep/answer.js";

/** Why a request is rejected. The message names members, never values. */
export interface BadRequest {
  readonly kind: "bad";
  readonly status: 400 | 413 | 415 | 503;
  readonly errorCode: FailureCode;
  readonly errorDetails: string;
}

const MAX_BODY_BYTES = 64 * 1_024;
const JSON_TYPES = /^application\/([\w.-]+\+)?json$/;
const TEXT_TYPE = "text/plain";

/**
 * Reads the JSON body of a request.
 *
 * @param takesText - whether to accept the type `text/plain`, which a web page's beacons have.
 */
export async function readJson(
  exchange: Exchange,
  takesText = false,
): Promise<{ readonly kind: "read"; readonly value: unknown } | BadRequest> {
  const [type = ""] = (exchange.incoming.headers["content-type"] ?? "").toLowerCase().split(";");
  const isJson = JSON_TYPES.test(type.trim()) || (takesText && type.trim() === TEXT_TYPE);
  if (!isJson) return bad(415, "PARSE_ERROR", "content-type: expected application/json");
  const body = await readBody(exchange, MAX_BODY_BYTES);
  if (body === "too-long") return bad(413, "PARSE_ERROR", "the body is longer than 64 KiB");
  if (body === "no-memory") return bad(503, "GENERAL", BODIES_FULL);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    return { kind: "read", value: JSON.parse(text) };
  } catch {
    return bad(400, "PARSE_ERROR", "the body is not valid JSON in UTF-8");
  }
}

/** Returns the headers of the response to a rejected request. */
export function headersOfBad({ status }: BadRequest): Readonly<Record<string, string>> {
  // The rest of the body is not read, so the connection cannot be reused.
  if (status === 413) return { connection: "close" };
  return status === 503 ? { connection: "close", "retry-after": `${RETRY_SECONDS}` } : {};
}

/** The subject of a context, or why the context is invalid. */
export type ContextReading =
  | { readonly kind: "subject"; readonly subject: ContextSubject }
  | BadRequest;

/**
 * Reads the context of a body.
 *
 * @param dialect - dialect whose rules use the attributes.
 */
export function readContext(body: unknown, dialect: Dialect): ContextReading {
  const context = isJsonObject(body) ? body["context"] : undefined;
  if (!isJsonObject(context))
    return bad(
      400,
      "INVALID_CONTEXT",
      'context: expected an object: send "context": { "targetingKey": "user-1" }',
    );
  const key = context["targetingKey"] ?? null;
  if (key !== null && typeof key !== "string") {
    return bad(400, "INVALID_CONTEXT", "context.targetingKey: expected a string");
  }
  if (dialect.needsSubjectKey && (key ?? "").trim() === "") {
    return bad(400, "TARGETING_KEY_MISSING", "context.targetingKey: expected a string, not blank");
  }
  try {
    return { kind: "subject", subject: subjectOf(context, dialect) };
  } catch {
    return bad(400, "INVALID_CONTEXT", "context: a value is nested too deeply");
  }
}

function bad(
  status: BadRequest["status"],
  errorCode: FailureCode,
  errorDetails: string,
): BadRequest {
  return { kind: "bad", status, errorCode, errorDetails };
}
