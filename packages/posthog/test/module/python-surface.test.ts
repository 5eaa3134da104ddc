import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { unresolvedError } from "../../src/flags/unresolved-errors.js";
import * as posthog from "../../src/index.js";
import { FUNCTIONS } from "./python-surface.js";

const SETTINGS = {
  apiKey: null,
  projectApiKey: null,
  host: null,
  onError: null,
  debug: false,
  send: true,
  syncMode: false,
  disabled: false,
  personalApiKey: null,
  pollInterval: 30,
  disableGeoip: true,
  isServer: true,
  featureFlagsRequestTimeoutSeconds: 3,
  superProperties: null,
  enableExceptionAutocapture: false,
  logCapturedExceptions: false,
  projectRoot: null,
  inAppModules: null,
  privacyMode: false,
  beforeSend: null,
  enableLocalEvaluation: true,
  flagDefinitionCacheProvider: null,
  defaultClient: null,
  captureExceptionCodeVariables: false,
  codeVariablesMaskPatterns: posthog.DEFAULT_CODE_VARIABLES_MASK_PATTERNS,
  codeVariablesIgnorePatterns: posthog.DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS,
};

describe("the surface of the Python SDK", () => {
  it("has 32 functions", () => {
    const names = Object.keys(FUNCTIONS);
    expect(names).toHaveLength(32);
    const exported: ReadonlyMap<string, unknown> = new Map(Object.entries(posthog));
    for (const name of names) expect(exported.get(name)).toBeTypeOf("function");
  });

  it("has 26 settings, with their defaults", () => {
    expect(Object.keys(SETTINGS)).toHaveLength(26);
    expect(posthog.settings).toEqual(SETTINGS);
  });

  it("has the default patterns of local variables", () => {
    expect(posthog.DEFAULT_CODE_VARIABLES_MASK_PATTERNS).toHaveLength(20);
    expect(posthog.DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS).toEqual(["^__.*"]);
  });

  it("has a version", () => {
    expect(posthog.VERSION).toMatch(/^\d+\.\d+\.\d+/);
  });

  it("has error classes, which no call throws", () => {
    expect(unresolvedError("a", "missing_context")).toBeInstanceOf(posthog.InconclusiveMatchError);
    expect(unresolvedError("a", "experience_continuity")).toBeInstanceOf(
      posthog.RequiresServerEvaluation,
    );
  });

  it("creates no client and sends no request when it is imported", () => {
    expect(posthog.settings.defaultClient).toBeNull();
  });
});

describe("the page about the surface", () => {
  const page = new URL("../../../../docs/migrate/python/posthog.md", import.meta.url);
  const rows = readFileSync(page, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("|"));

  it.each(Object.entries(FUNCTIONS))(
    "lists %s with all its parameters and tests",
    (name, parameters) => {
      const row = rows.find((line) => line.split(" | ")[1]?.startsWith(`\`${name}(`)) ?? "";
      const here = row.split(" | ")[1] ?? "";
      const words = new Set(here.match(/\w+/g));
      expect(parameters.filter((it) => !words.has(it))).toEqual([]);
      expect(row).toContain("](");
    },
  );

  it.each(Object.keys(SETTINGS))("lists settings.%s", (name) => {
    expect(rows.filter((line) => line.includes(`| \`settings.${name}\` |`))).toHaveLength(1);
  });

  it("links to existing tests", () => {
    const links = [...readFileSync(page, "utf8").matchAll(/\[([^\]]+)\]\(([^)]+\.ts)\)/g)];
    expect(links.length).toBeGreaterThan(60);
    const broken = links.filter(([, title = "", path = ""]) => {
      const source = readFileSync(new URL(path, page), "utf8");
      return !source.includes(`"${title}`) && !source.includes(`${title}"`);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});
