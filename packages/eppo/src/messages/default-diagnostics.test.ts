import { afterEach, describe, expect, it, vi } from "vitest";
import { defaultDiagnostics } from "./default-diagnostics.js";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("the diagnostics of a client without the option", () => {
  it.each([
    { level: undefined, written: ["a warning", "an error"] },
    { level: "info", written: ["a warning", "an error"] },
    { level: "warn", written: ["a warning", "an error"] },
    { level: "error", written: ["an error"] },
    { level: "fatal", written: [] },
    { level: "silent", written: [] },
  ])("are written up to LOG_LEVEL: $level", ({ level, written }) => {
    vi.stubEnv("LOG_LEVEL", level);
    const lines: unknown[] = [];
    vi.spyOn(console, "warn").mockImplementation((line) => void lines.push(line));
    vi.spyOn(console, "error").mockImplementation((line) => void lines.push(line));
    const diagnostics = defaultDiagnostics();
    diagnostics.debug("a detail");
    diagnostics.warn("a warning");
    diagnostics.error("an error");
    expect(lines).toEqual(written.map((line) => `sortition: ${line}`));
  });
});
