import { describe, expect, it } from "vitest";
import { consoleDiagnostics } from "./diagnostics.js";
import { readDiagnostics } from "./read-diagnostics.js";

const own = { debug() {}, info() {}, warn() {}, error() {} };

describe("readDiagnostics", () => {
  it.each([undefined, own, consoleDiagnostics()])("returns %o", (value) => {
    expect(readDiagnostics("diagnostics", value)).toBe(value);
  });

  it.each([
    { value: "debug", says: 'such as consoleDiagnostics("debug")' },
    { value: { log() {} }, says: "expected an object with a function debug" },
  ])("refuses $value", ({ says, value }) => {
    expect(() => readDiagnostics("diagnostics", value)).toThrow(says);
  });
});
