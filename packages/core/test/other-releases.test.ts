import { createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { markRelease } from "@sortition/core/internal";
import { expect, it, vi } from "vitest";
import manifest from "../package.json" with { type: "json" };

const OTHER = "999.1.2";

function warningsOf(marks: { source: string; dialect: string; loggers: readonly string[] }) {
  const warn = vi.fn<(message: string) => void>();
  const diagnostics = { debug() {}, info() {}, warn, error() {} };
  const source = {
    kind: "test",
    intervalMs: null,
    dialect: null,
    subscribe: () => ({ end: async () => {} }),
    refresh: async () => ({ outcome: "unchanged" as const }),
  };
  const loggers = marks.loggers.map((version, i) =>
    markRelease(
      { name: `logger-${i}`, logAssignment() {} },
      { name: `@sortition/logger-${i}`, version },
    ),
  );
  createClient({
    dialect: markRelease(eppo(), { name: "@sortition/vendor", version: marks.dialect }),
    source: markRelease(source, { name: "@sortition/node", version: marks.source }),
    assignmentLogger: loggers,
    diagnostics,
  });
  return warn.mock.calls.map(([message]) => message).filter((it) => it.includes("version"));
}

it("a client does not report packages of its own version", () => {
  const { version } = manifest;
  expect(warningsOf({ source: version, dialect: version, loggers: [version, version] })).toEqual(
    [],
  );
});

it("a client warns once about all packages of other versions, with the versions to install", () => {
  const { version } = manifest;
  const [message, ...others] = warningsOf({
    source: OTHER,
    dialect: OTHER,
    loggers: [version, OTHER],
  });
  expect(others).toEqual([]);
  for (const name of ["@sortition/node", "@sortition/vendor", "@sortition/logger-1"]) {
    expect(message).toContain(`${name} ${OTHER}`);
    expect(message).toContain(`${name}@${version}`);
  }
  expect(message).toContain(`version ${version}`);
  expect(message).not.toContain("logger-0");
});
