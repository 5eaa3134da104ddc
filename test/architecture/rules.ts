/** The packages that the sources of a package may import. An app may import any. */
export const packageArrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  proof: [],
  "page-style": [],
  "test-kit": [],
  "dialect-kit": ["core", "test-kit"],
  node: ["core"],
  redis: ["core"],
  openfeature: ["core"],
  opentelemetry: ["core"],
  edge: ["core"],
  web: ["core"],
  rudderstack: ["core"],
  segment: ["core"],
  snowplow: ["core"],
  amplitude: ["core", "node"],
  datadog: ["core", "node"],
  eppo: ["core", "node"],
  growthbook: ["core", "node"],
  launchdarkly: ["core", "node"],
  posthog: ["core", "node"],
  statsig: ["core"],
  // The builds of cli and relay contain page-style.
  cli: [
    ...["amplitude", "core", "datadog", "growthbook", "launchdarkly", "node", "page-style"],
    ...["posthog", "proof", "redis", "statsig", "web"],
  ],
  relay: [
    ...["amplitude", "core", "datadog", "eppo", "growthbook", "launchdarkly", "node"],
    ...["openfeature", "page-style", "posthog", "redis"],
    ...["rudderstack", "segment", "snowplow"],
  ],
  // Its build contains the clock, the server and the flags of test-kit.
  testing: ["core", "proof", "test-kit"],
};

/** Packages that any test file may import. */
export const testOnlyPackages: readonly string[] = ["test-kit", "dialect-kit"];

/**
 * The folders of core that a folder of core may import, including types, in addition to `model` and `errors`. No folder
 * imports the files at the top of `src`.
 */
export const coreArrows: Readonly<Record<string, readonly string[]>> = {
  shadow: ["client", "events", "runtime", "hash"],
  client: ["conditions", "configuration", "delivery", "events", "runtime"],
  configuration: ["runtime", "hash"],
  delivery: ["runtime", "hash"],
  events: ["delivery", "runtime", "hash"],
  logger: ["delivery", "http", "runtime", "hash"],
  runtime: ["hash"],
  bandit: ["hash"],
  eppo: ["bandit", "payload", "conditions", "delivery", "explain", "runtime", "hash"],
  payload: ["conditions", "runtime"],
  conditions: ["hash"],
  explain: ["conditions"],
  http: ["configuration", "runtime", "hash"],
  hash: [],
  errors: [],
  model: [],
};

/**
 * The folders of other packages, and the files at the top of `src` that folders may import, from top to bottom. Each folder
 * imports only from those below it.
 */
export const roomOrder: Readonly<Record<string, readonly string[]>> = {
  amplitude: ["client", "events", "source", "messages", "dialect", "version.ts"],
  cli: [
    ...[
      "commands",
      "function",
      "groups",
      "two-vendors",
      "diff",
      "stale",
      "replay",
      "srm",
      "shares",
      "requests",
      "explain",
      "analysis",
      "report-options.ts",
    ],
    ...[
      "inspect",
      "types",
      "override",
      "redis",
      "history",
      "events",
      "configuration-options.ts",
      "rows",
      "keys",
      "html",
    ],
    ...[
      "help",
      "dialects",
      "json-option.ts",
      "judge",
      "evaluate",
      "messages.ts",
      "limit-option.ts",
    ],
    ...[
      "text",
      "arguments.ts",
      "function-library.ts",
      "io.ts",
      "near.ts",
      "made-once.ts",
      "errors.ts",
      "version.ts",
    ],
  ],
  datadog: ["events", "source", "dialect", "version.ts"],
  edge: ["client", "exposures", "cache", "origin", "version.ts"],
  eppo: ["client", "events", "source", "messages", "version.ts"],
  growthbook: [
    ...["plugins", "client", "events", "source", "messages", "dialect", "model", "version.ts"],
  ],
  launchdarkly: ["source", "dialect", "version.ts"],
  statsig: ["dialect", "version.ts"],
  node: [
    ...[
      "client",
      "file-logger",
      "disk",
      "file",
      "source",
      "http",
      "exit-callbacks.ts",
      "process-wide.ts",
      "version.ts",
    ],
  ],
  openfeature: ["provider", "resolution"],
  web: ["server", "overrides", "http", "token", "hooks", "reader"],
  testing: ["matchers", "server", "subjects", "flags", "exposures", "explaining"],
  proof: ["inference", "distributions", "sampling", "special"],
  posthog: [
    ...["module", "client", "flags", "events", "source", "exceptions", "context", "http"],
    ...["dialect", "version.ts"],
  ],
  relay: [
    ...["command", "lifecycle", "admin", "page", "views", "history", "endpoints", "explain"],
    ...["http", "vendors", "environment", "access", "config", "version.ts"],
  ],
  redis: [
    ...[
      "fleet-source",
      "fleet-status",
      "options",
      "dedupe",
      "flag-definitions",
      "outbox",
      "use-logger.ts",
    ],
    ...[
      "sticky",
      "sources",
      "fleet-services.ts",
      "worker",
      "codec",
      "connection",
      "outage-reports.ts",
    ],
    ...[
      "scripts",
      "error-facts.ts",
      "settings.ts",
      "keys",
      "lua",
      "errors",
      "inner-logger.ts",
      "loop-timer.ts",
    ],
    ...["pipelines.ts", "timer.ts", "version.ts"],
  ],
};

/** Packages whose folders may import types from above, because the vendor's classes refer to each other. */
export const typesPointUp: readonly string[] = ["eppo", "growthbook", "posthog", "testing"];

const forDialects = ["@sortition/core/dialect", "@sortition/core/dialect-internal"];

/** Folders that may import only these entries, their own files, and the `version.ts` of their package. */
export const closedFolders: Readonly<Record<string, readonly string[]>> = {
  "packages/amplitude/src/dialect/": forDialects,
  // Builds on Eppo's dialect.
  "packages/datadog/src/dialect/": [...forDialects, "@sortition/core/eppo"],
  "packages/growthbook/src/dialect/": forDialects,
  "packages/launchdarkly/src/dialect/": forDialects,
  "packages/posthog/src/dialect/": forDialects,
  "packages/statsig/src/dialect/": forDialects,
  "packages/openfeature/src/resolution/": ["@sortition/core"],
  "tools/dialect-kit/src/toy-dialect/": ["@sortition/core/dialect"],
  "tools/dialect-kit/src/toy-origin/": ["@sortition/core/kit"],
};

const dialects = /^packages\/(core\/src\/eppo|\w+\/src\/dialect)\//;
const transports = /^packages\/(node|core\/src\/logger|\w+\/src\/source)\//;

/** Entries for authors of other packages. Ours import `@sortition/core/internal` instead, so that only one of the two is loaded. */
export const entriesForAuthors: readonly string[] = ["@sortition/core/kit", "@sortition/node/kit"];

/** Folders that an entry must not reach, not even through type imports. */
export const unreachable: Readonly<Record<string, RegExp>> = {
  core: dialects,
  "core/dialect": dialects,
  "core/dialect-internal": dialects,
  "core/internal": dialects,
  "core/kit": dialects,
  "node/internal": dialects,
  "node/kit": dialects,
  "amplitude/cohorts": /^packages\/node\//,
  "amplitude/dialect": transports,
  "datadog/dialect": transports,
  "growthbook/dialect": transports,
  "launchdarkly/dialect": transports,
  "posthog/dialect": transports,
  "statsig/dialect": transports,
};

/** Maximum number of files whose types depend on each other, except in core's `model`. Cycles at run time are never allowed. */
export const maxTypeCircle = 3;
