import { isUtf8 } from "node:buffer";
import { messageOf } from "@sortition/core/dialect-internal";
import type { CliAnswer, LineTime, OpenConfiguration } from "../dialects/dialect.js";
import type { ResultFormat } from "../evaluate/format.js";
import { lineProblem } from "../evaluate/line-problem.js";
import type { Line } from "../evaluate/lines.js";
import { isJsonObject, type JsonObject, RequestError, unexpected } from "../evaluate/request.js";
import { parseEpochMs, parseIsoTime } from "../evaluate/time.js";

/** The reason why a line failed. */
export type ErrorCode = "invalid_json" | "invalid_request" | "line_too_long" | "internal";

export interface LineContext {
  /** Number of the line, from 1. */
  readonly lineNumber: number;
  /** The time of evaluation for all lines, in epoch ms; `null` for the current time. */
  readonly runNowMs: number | null;
  readonly configuration: OpenConfiguration;
  /** Called with each request that is an object, without `id` and `now`. */
  readonly onRequest: (request: JsonObject) => void;
  /** Maximum length of a line. */
  readonly maxLineBytes: number;
  readonly format: ResultFormat;
}

/** A result as a line, and its error code if it is an error. */
export interface AnsweredLine {
  readonly text: string;
  readonly error: ErrorCode | null;
}

/** Evaluates one line. Never throws. */
export function answerLine(line: Line, context: LineContext): AnsweredLine {
  const { format, lineNumber } = context;
  const failed = (id: unknown, code: ErrorCode, message: string): AnsweredLine => ({
    text: format.line({ id, error: { code, message } }),
    error: code,
  });
  if (line === "too-long") {
    const problem = `the line exceeds ${context.maxLineBytes} bytes; see --max-line-bytes`;
    return failed(lineNumber, "line_too_long", problem);
  }
  let id: unknown = lineNumber;
  try {
    const parsed = parseLine(line, lineNumber === 1);
    if ("problem" in parsed) return failed(id, "invalid_json", parsed.problem);
    const request = parsed.value;
    if (Array.isArray(request)) {
      const advice = "write one request per line, e.g. with jq -c '.[]'";
      throw new RequestError("request", `expected an object, got an array: ${advice}`);
    }
    if (!isJsonObject(request)) {
      throw unexpected("request", "an object", request);
    }
    const { id: givenId, now, ...rest } = request;
    if (givenId !== undefined) id = givenId;
    context.onRequest(rest);
    const answer = context.configuration.answer(rest, lineTime(now, context.runNowMs));
    return { text: format.line(resultOf(id, answer)), error: null };
  } catch (error) {
    if (error instanceof RequestError) return failed(id, "invalid_request", error.message);
    try {
      return failed(id, "internal", messageOf(error));
    } catch {
      // The `id` is nested so deeply that JSON.stringify fails, although JSON.parse did not.
      return failed(lineNumber, "internal", messageOf(error));
    }
  }
}

function parseLine(line: Buffer, isFirst: boolean): { value: unknown } | { problem: string } {
  // Decoding would silently replace invalid bytes, which could change the result.
  if (!isUtf8(line)) return { problem: "not UTF-8" };
  const decoded = line.toString("utf8");
  const text = isFirst && decoded.startsWith("\ufeff") ? decoded.slice(1) : decoded;
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: lineProblem(text, error) };
  }
}

function lineTime(now: unknown, runNowMs: number | null): LineTime {
  if (now === undefined) {
    return runNowMs === null
      ? { nowMs: Date.now(), isSet: false }
      : { nowMs: runNowMs, isSet: true };
  }
  const nowMs =
    typeof now === "string"
      ? parseIsoTime(now)
      : typeof now === "number"
        ? parseEpochMs(now)
        : null;
  if (nowMs === null) throw unexpected("now", "an ISO 8601 time or epoch milliseconds", now);
  return { nowMs, isSet: true };
}

/** `id` is always the first member, because results have no numeric names, which JavaScript would put before it. */
function resultOf(id: unknown, answer: CliAnswer): JsonObject {
  if (answer.kind === "result") return { id, ...answer.fields };
  const { error, fields } = answer;
  return { id, throws: classOf(error), message: messageOf(error), ...fields };
}

function classOf(error: unknown): "TypeError" | "SyntaxError" | "Error" {
  if (error instanceof TypeError) return "TypeError";
  return error instanceof SyntaxError ? "SyntaxError" : "Error";
}
