import { describe, expect, it } from "vitest";
import { ERROR_CODES } from "./codes.js";
import {
  CallbackError,
  ClosedError,
  DecodeError,
  EvaluationError,
  FileError,
  HttpStatusError,
  NetworkError,
  NoInstanceError,
  NotReadyError,
  OptionError,
  ProtocolError,
  SortitionError,
  TimeoutError,
} from "./errors.js";

const cause = new Error("cause");
const errors = [
  new OptionError("x", "y"),
  new NoInstanceError(),
  new NotReadyError("timeout", cause),
  new EvaluationError("SORTITION_INVALID_ARGUMENT", "f", "m"),
  new EvaluationError("SORTITION_TYPE_MISMATCH", "f", "m"),
  new EvaluationError("SORTITION_SUBJECT_KEY_MISSING", "f", "m"),
  new EvaluationError("SORTITION_EVALUATION", "f", "m", { cause }),
  new DecodeError("$", "expected x"),
  new HttpStatusError(401, null),
  new HttpStatusError(500, 1_000),
  new NetworkError("m", cause),
  new TimeoutError("ready", 5),
  new ProtocolError("m"),
  new ProtocolError("m", "SORTITION_BODY_TOO_LARGE"),
  new FileError("SORTITION_FILE", "m", cause),
  new FileError("SORTITION_DISK_CACHE", "m", cause),
  new CallbackError("SORTITION_LOGGER", "m", cause),
  new CallbackError("SORTITION_LISTENER", "m", cause),
  new CallbackError("SORTITION_DEDUPLICATION", "m", cause),
  new ClosedError(),
];

describe("an error", () => {
  it.each(errors)("of class $name with code $code is a SortitionError", (error) => {
    expect(SortitionError.is(error)).toBe(true);
    expect(error).toBeInstanceOf(SortitionError);
    expect(error.name).toBe(error.constructor.name);
  });

  it("exists for each code in the table, except the codes of the package redis", () => {
    const codes = Object.keys(ERROR_CODES).filter((code) => !code.startsWith("SORTITION_REDIS_"));
    expect([...new Set(errors.map(({ code }) => code))].sort()).toEqual(codes.sort());
  });
});

describe("SortitionError.is", () => {
  it.each([
    {
      value: { code: "SORTITION_OPTION" },
      is: true,
      because: "another copy of the library may have created it",
    },
    { value: new Error("x"), is: false, because: "it has no code" },
    { value: { code: "ENOENT" }, is: false, because: "the code is not one of ours" },
    { value: { code: 5 }, is: false, because: "the code is not a string" },
    { value: null, is: false, because: "it is null" },
    { value: "SORTITION_OPTION", is: false, because: "it is a string" },
  ])("returns $is for $value, because $because", ({ value, is }) => {
    expect(SortitionError.is(value)).toBe(is);
  });

  it("returns false for a revoked proxy, which the caller's code may throw", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(SortitionError.is(proxy)).toBe(false);
  });
});

describe("HttpStatusError", () => {
  it.each([
    { status: 401, code: "SORTITION_UNAUTHORIZED" },
    { status: 403, code: "SORTITION_UNAUTHORIZED" },
    { status: 404, code: "SORTITION_HTTP_STATUS" },
    { status: 500, code: "SORTITION_HTTP_STATUS" },
  ])("of status $status has the code $code", ({ status, code }) => {
    expect(new HttpStatusError(status, null).code).toBe(code);
  });
});
