import { createClock, SILENT_DIAGNOSTICS } from "@sortition/core/internal";
import { describe, expect, it } from "vitest";
import { readConfig } from "../config/read-config.js";
import { Environment } from "./environment.js";
import { EnvironmentBook } from "./environment-book.js";
import { memoryShare } from "./memory.js";

const open = (environment: object): Promise<Environment> => {
  const content = { environments: [{ name: "shop", ...environment }] };
  const [config] = readConfig(content, { variables: { KEY: "key" } }).environments;
  if (config === undefined) throw new Error("no environment");
  const ports = { clock: createClock(), diagnostics: SILENT_DIAGNOSTICS };
  return Environment.open(config, {
    ...ports,
    book: new EnvironmentBook(ports.diagnostics, ports.clock),
    memory: memoryShare(1),
  });
};
const KEY = { env: "KEY" };
const EVALUATING = {
  dialect: "eppo",
  source: { apiKey: KEY },
  evaluate: true,
  tokens: [{ name: "page", sha256: "a".repeat(64), scopes: ["evaluate"] }],
};

describe("Environment.open", () => {
  it.each([
    [
      { dialect: "eppo", source: { apiKey: KEY, baseUrI: "https://x" } },
      "environments[0].source.baseUrI: unknown option, did you mean baseUrl?",
    ],
    [
      { dialect: "eppo", source: { apiKey: KEY, streaming: true } },
      /^environments\[0\]\.source\.streaming: unknown option; Eppo's server has no stream/,
    ],
    [{ dialect: "eppo", source: {} }, /^environments\[0\]\.source\.apiKey: /],
    [
      { dialect: "growthbook", source: { clientKey: KEY }, options: { requireFeature: true } },
      "environments[0].options.requireFeature: unknown option, did you mean requireFeatures?",
    ],
    [
      { dialect: "amplitude", source: { deploymentKey: KEY, cohortSync: { apiKey: KEY } } },
      /^environments\[0\]\.source\.cohortSync\.secretKey: is missing/,
    ],
    [
      { dialect: "posthog", source: { secretKey: KEY } },
      /^environments\[0\]\.source\.projectApiKey/,
    ],
    [
      { dialect: "eppo", source: { apiKey: KEY }, diskCache: { directory: "relative" } },
      "environments[0].diskCache.directory: expected an absolute path",
    ],
    [
      {
        dialect: "eppo",
        source: { apiKey: KEY, pollJitterMs: 1 },
        redis: { url: "redis://127.0.0.1:1" },
      },
      "environments[0].source.pollJitterMs: cannot be given together with redis",
    ],
    [
      { ...EVALUATING, loggers: [{ type: "ndjson" }] },
      "environments[0].loggers[0].path: expected a path",
    ],
    [
      { ...EVALUATING, loggers: [{ type: "ndjson", path: "/x", maxBufferedByte: 1 }] },
      "environments[0].loggers[0].maxBufferedByte: unknown option, did you mean maxBufferedBytes?",
    ],
    [
      { ...EVALUATING, loggers: [{ type: "segment" }] },
      /^environments\[0\]\.loggers\[0\]\.writeKey: expected a key/,
    ],
    [
      { ...EVALUATING, loggers: [{ type: "rudderstack", writeKey: KEY }] },
      /^environments\[0\]\.loggers\[0\]\.dataPlaneUrl: /,
    ],
    [
      { ...EVALUATING, loggers: [{ type: "snowplow", endpoint: "http://x" }] },
      /^environments\[0\]\.loggers\[0\]\.appId: /,
    ],
    [
      { ...EVALUATING, loggers: ["/x", "/y"].map((path) => ({ type: "ndjson", path })) },
      "environments[0].loggers[1].name: ndjson is already used",
    ],
  ])("rejects %j with the message of the vendor's package", async (environment, message) => {
    await expect(open(environment)).rejects.toThrow(message);
  });
});
