import { isJsonObject, type JsonObject } from "@sortition/core/dialect";
import { describeFault, findJsonFault, positionOf } from "@sortition/core/internal";
import { RequestProblem } from "./request-problem.js";

/** What a person or a script asks about a subject. */
export interface SubjectQuestion {
  readonly subjectKey: string;
  readonly attributes: JsonObject;
  /** Epoch ms. */
  readonly nowMs: number;
  /** One that is kept; `null`: what is served. */
  readonly revision: string | null;
  /** The flag to explain; `null`: none. */
  readonly flagKey: string | null;
  readonly search: string;
  readonly from: number;
}

/**
 * Parses JSON that a user entered.
 *
 * @param name - of the field, for the message.
 * @throws RequestProblem that has the place of the first fault.
 */
export function parsedJson(name: string, text: string): unknown {
  const fault = findJsonFault(text);
  if (fault === null) return JSON.parse(text);
  const { column, line } = positionOf(text, fault.offset);
  const problem = describeFault(fault, "text");
  throw new RequestProblem(400, `${name}: not JSON at line ${line}, column ${column}: ${problem}`);
}

/**
 * @param name - of the field, for the message.
 * @throws RequestProblem unless it is an object.
 */
export function attributesFrom(value: unknown, name = "attributes"): JsonObject {
  if (isJsonObject(value)) return value;
  throw new RequestProblem(400, `${name}: expected an object such as {"country":"DE"}`);
}

/**
 * Reads a time.
 *
 * @param text - ISO 8601; blank: the present.
 * @param name - of the field, for the message.
 * @throws RequestProblem for another form.
 */
export function timeFrom(text: string, presentMs: number, name = "now"): number {
  if (text.trim() === "") return presentMs;
  const isIso = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(
    text,
  );
  const timeMs = isIso ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return timeMs;
  throw new RequestProblem(400, `${name}: expected a time such as 2026-02-01T12:30:00Z`);
}

/** @throws RequestProblem unless it is a number of items to skip. */
export function offsetFrom(text: string | undefined): number {
  if (text === undefined || text === "") return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RequestProblem(400, "from: expected an integer");
}
