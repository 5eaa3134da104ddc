import { isJsonObject, type JsonObject } from "@sortition/core/dialect";

export { isJsonObject, type JsonObject };

const MAX_SHOWN_LENGTH = 40;

/** An invalid request or row. The message names the field. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
  }
}

/** A row without a required column. All rows with the same columns fail in the same way. */
export class ShapeError extends RequestError {
  constructor(problem: string) {
    super("row", problem);
  }
}

/** Returns the fields that requests of one type may have, including those of all requests. */
export function fieldNames(...own: readonly string[]): ReadonlySet<string> {
  return new Set(["id", "now", ...own]);
}

/** Fields by the names that SDKs give to their values. The first one that a request may have is meant. */
const MEANT: Readonly<Record<string, readonly string[]>> = {
  ...{ flagKey: ["flag", "feature", "flagKeys"], key: ["flag", "feature", "flagKeys"] },
  ...{ feature: ["flag"], defaultValue: ["default"], userId: ["subjectKey", "distinctId", "user"] },
  ...{ user: ["context", "subjectKey", "distinctId"] },
  ...{ flag: ["feature", "flagKeys"], flags: ["flagKeys"] },
  ...{ subject: ["subjectKey", "distinctId", "user", "context"] },
  ...{ subjectKey: ["distinctId", "user", "context"], distinctId: ["subjectKey"] },
  ...{ attributes: ["subjectAttributes", "personProperties", "context", "user"] },
};

/** Members of our exposure events that no request has. */
const EXPOSURE: readonly string[] = ["allocation", "variation", "timestamp"];

/** @throws RequestError that names the first unknown field. */
export function refuseUnknownFields(request: JsonObject, known: ReadonlySet<string>): void {
  for (const name of Object.keys(request)) {
    if (known.has(name)) continue;
    if (EXPOSURE.every((it) => Object.hasOwn(request, it))) {
      throw new RequestError("request", "is an exposure: to check exposures, use sortition replay");
    }
    const meant = Object.hasOwn(MEANT, name) && MEANT[name]?.find((it) => known.has(it));
    const advice = meant ? `use ${meant}` : `this type of request accepts ${[...known].join(", ")}`;
    throw new RequestError(fieldName(name), `unknown field; ${advice}`);
  }
}

/** @throws RequestError if the field is missing or not a string. */
export function stringField(request: JsonObject, name: string): string {
  const value = request[name];
  if (typeof value === "string") return value;
  throw unexpected(name, "a string", value);
}

/** @throws RequestError if the field is present and not an object. */
export function optionalObjectField(request: JsonObject, name: string): JsonObject | undefined {
  const value = request[name];
  if (value === undefined || isJsonObject(value)) return value;
  throw unexpected(name, "an object", value);
}

/** Returns the error for a value of the wrong type. The message contains only short scalars. */
export function unexpected(path: string, expected: string, received: unknown): RequestError {
  return new RequestError(
    path,
    `expected ${expected}, got ${shown(received)}${castHint(received)}`,
  );
}

/** Databases write a struct as text that is not JSON, such as `{'country': DK}`. */
function castHint(received: unknown): string {
  if (typeof received !== "string" || !/^\s*[{[].*[}\]]\s*$/s.test(received)) return "";
  try {
    JSON.parse(received);
    return "";
  } catch {
    return ". If a database wrote it, cast the column to JSON";
  }
}

/** Returns the path of an object's member. */
export function member(path: string, key: string): string {
  return `${path}[${JSON.stringify(key)}]`;
}

function fieldName(name: string): string {
  return /^\w+$/.test(name) ? name : JSON.stringify(name);
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  const text = typeof value === "bigint" ? String(value) : JSON.stringify(value);
  return text.length <= MAX_SHOWN_LENGTH ? text : `a ${typeof value} of ${text.length} characters`;
}
