/** The packages that the sources of a package may import. An app may import any. */
export const packageArrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  proof: [],
  "test-kit": [],
  "dialect-kit": ["core", "test-kit"],
  node: ["core"],
  redis: ["core"],
  openfeature: ["core"],
  edge: ["core"],
  rudderstack: ["core"],
  segment: ["core"],
  snowplow: ["core"],
  amplitude: ["core", "node"],
  eppo: ["core", "node"],
  growthbook: ["core", "node"],
  posthog: ["core", "node"],
  cli: ["amplitude", "core", "growthbook", "node", "posthog", "proof", "redis"],
  relay: ["amplitude", "core", "eppo", "growthbook", "node", "posthog", "redis"],
  // Its build contains the clock and the server of test-kit.
  testing: ["core", "proof", "test-kit"],
};

/** Packages that any test file may import. */
export const testOnlyPackages: readonly string[] = ["test-kit", "dialect-kit"];

/**
 * The folders of core that a folder of core may import, types included, besides `model` and `errors`. No folder imports
 * the files at the top of `src`.
 */
export const coreArrows: Readonly<Record<string, readonly string[]>> = {
  client: ["conditions", "configuration", "delivery", "events", "runtime"],
  configuration: ["runtime", "hash"],
  delivery: ["runtime", "hash"],
  events: ["delivery", "runtime", "hash"],
  logger: ["delivery", "runtime", "hash"],
  runtime: ["hash"],
  bandit: ["hash"],
  eppo: ["bandit", "payload", "conditions", "delivery", "explain", "runtime", "hash"],
  payload: ["conditions", "runtime"],
  conditions: ["hash"],
  explain: [],
  http: ["configuration", "runtime", "hash"],
  hash: [],
  errors: [],
  model: [],
};

/** The folders of other packages from top to bottom. At run time each imports the folders below it alone. */
export const folderOrder: Readonly<Record<string, readonly string[]>> = {
  amplitude: ["client", "events", "source", "messages", "dialect"],
  cli: [
    ...[
      "commands",
      "completion",
      "function",
      "requests",
      "diff",
      "replay",
      "srm",
      "explain",
      "inspect",
    ],
    ...[
      "redis",
      "parts",
      "dialects",
      "judge",
      "events",
      "rows",
      "evaluate",
      "help",
      "keys",
      "html",
      "text",
    ],
  ],
  edge: ["client", "exposures", "cache", "origin"],
  eppo: ["client", "events", "source", "messages"],
  growthbook: ["plugins", "client", "events", "source", "messages", "dialect", "model"],
  node: ["client", "file-logger", "disk", "file", "source", "http"],
  openfeature: ["provider", "resolution"],
  testing: ["matchers", "server", "subjects", "flags", "exposures", "explaining", "writers"],
  proof: ["inference", "distributions", "sampling", "special"],
  posthog: [
    ...["module", "client", "flags", "events", "source", "exceptions", "context", "http"],
    "dialect",
  ],
  relay: ["admin", "http", "vendors", "environment", "access", "config"],
  redis: [
    ...["fleet", "fleet-status", "options", "dedupe", "flag-definitions", "outbox", "sticky"],
    ...["shared-source", "codec", "connection", "scripts", "keys", "lua", "errors"],
  ],
};

/** Folders that import a few entries, and their own files, alone. */
export const closedFolders: Readonly<Record<string, readonly string[]>> = {
  "packages/amplitude/src/dialect/": ["@sortition/core/dialect"],
  "packages/growthbook/src/dialect/": ["@sortition/core/dialect"],
  "packages/posthog/src/dialect/": ["@sortition/core/dialect"],
  "packages/openfeature/src/resolution/": ["@sortition/core"],
  "tools/dialect-kit/src/toy-dialect/": ["@sortition/core/dialect"],
  "tools/dialect-kit/src/toy-origin/": ["@sortition/core/kit"],
};

const dialects = /^packages\/(core\/src\/eppo|\w+\/src\/dialect)\//;
const transports = /^packages\/(node|core\/src\/logger|\w+\/src\/source)\//;

/** Entries, and the folders that no import leads to from there, not even the import of a type. */
export const unreachable: Readonly<Record<string, RegExp>> = {
  core: dialects,
  "core/dialect": dialects,
  "core/kit": dialects,
  "node/kit": dialects,
  "amplitude/cohorts": /^packages\/node\//,
  "amplitude/dialect": transports,
  "growthbook/dialect": transports,
  "posthog/dialect": transports,
};

/** The most files whose types need each other, but in core's `model`. No such circle is one of imports at run time. */
export const maxTypeCircle = 3;
