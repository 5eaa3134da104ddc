import { describe, expect, it } from "vitest";
import { pinoDiagnostics } from "./pino-diagnostics.js";

const LEVELS = ["debug", "info", "warn", "error"] as const;

describe("pinoDiagnostics", () => {
  it.each(LEVELS)("calls the logger's %s in pino's way, with facts first", (level) => {
    const calls: unknown[] = [];
    // Like pino's own methods, which do nothing without their `this`.
    class Logger {
      readonly calls = calls;
      debug(...args: unknown[]): void {
        this.calls.push(["debug", ...args]);
      }
      info(...args: unknown[]): void {
        this.calls.push(["info", ...args]);
      }
      warn(...args: unknown[]): void {
        this.calls.push(["warn", ...args]);
      }
      error(...args: unknown[]): void {
        this.calls.push(["error", ...args]);
      }
    }
    const diagnostics = pinoDiagnostics(new Logger());
    diagnostics[level]("refresh failed", { code: "A" });
    diagnostics[level]("ready");
    expect(calls).toEqual([
      [level, { code: "A" }, "refresh failed"],
      [level, {}, "ready"],
    ]);
  });
});
