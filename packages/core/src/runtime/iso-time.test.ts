import { expect, it } from "vitest";
import { isoTime } from "./iso-time.js";

it.each([
  [0, "1970-01-01T00:00:00.000Z"],
  [Number.NaN, "1970-01-01T00:00:00.000Z"],
  [Number.POSITIVE_INFINITY, "+275760-09-13T00:00:00.000Z"],
  [-9e15, "-271821-04-20T00:00:00.000Z"],
])("%d is %s: a status must not throw", (timeMs, text) => {
  expect(isoTime(timeMs)).toBe(text);
});
