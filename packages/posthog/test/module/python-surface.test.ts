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

describe("the list of Python names", () => {
  const file = new URL("python-names.json", import.meta.url);
  const { sections } = JSON.parse(readFileSync(file, "utf8")) as {
    readonly sections: readonly { readonly names: readonly { readonly here: string }[] }[];
  };
  const names = sections.flatMap((section) => section.names.map(({ here }) => here));

  it.each(Object.entries(FUNCTIONS))("has %s with all its parameters", (name, parameters) => {
    const here = names.find((it) => it.startsWith(`\`${name}(`)) ?? "";
    expect(here.match(/\w+/g)).toEqual(expect.arrayContaining([...parameters]));
  });

  it.each(Object.keys(SETTINGS))("has settings.%s", (name) => {
    expect(names.filter((it) => it.startsWith(`\`settings.${name}\``))).toHaveLength(1);
  });
});
