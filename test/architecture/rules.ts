/** Which packages a package may import, by their names after `@sortition/`. A package that is not here may not exist. */
export const packageArrows: Readonly<Record<string, readonly string[]>> = {
  "packages/core": [],
  "packages/node": ["core"],
  "packages/rudderstack": ["core"],
  "packages/segment": ["core"],
  "packages/snowplow": ["core"],
  "packages/cli": ["core", "node"],
  "packages/test-kit": [],
  "packages/dialect-kit": ["core"],
  "apps/demo": ["core", "node", "rudderstack", "segment", "snowplow"],
  "apps/bench": ["core", "node"],
  "apps/examples": ["core", "node", "rudderstack", "segment", "snowplow"],
};

/** What the test files of any package may import besides. */
export const testOnlyPackages: readonly string[] = ["test-kit", "dialect-kit"];

/** The folders at the bottom of core, which every folder may import. */
export const coreFoundation: readonly string[] = ["model", "errors"];

/**
 * Which other folders a folder of `packages/core/src` may import, besides the foundation:
 * `client ─► configuration, events ─► delivery, runtime ─► hash`; `eppo ─► payload ─► conditions`; `explain` holds contracts.
 * `logger ─► delivery, runtime, hash` stands beside `client`, and neither imports the other.
 * The files at the top (the entries and what wires them) may import everything, and no folder imports them.
 */
export const coreFolderArrows: Readonly<Record<string, readonly string[]>> = {
  client: ["conditions", "configuration", "delivery", "events", "runtime"],
  configuration: ["runtime", "hash"],
  delivery: ["runtime", "hash"],
  events: ["delivery", "runtime", "hash"],
  logger: ["delivery", "runtime", "hash"],
  runtime: ["hash"],
  eppo: ["payload", "conditions", "delivery", "explain", "runtime", "hash"],
  payload: ["conditions", "runtime"],
  conditions: ["hash"],
  explain: [],
  hash: [],
  errors: [],
  model: [],
};

/** The one file of core that reads what its host offers, late and through `globalThis`. */
export const hostFile = "packages/core/src/runtime/host.ts";

/** Globals that some JavaScript runtime lacks, or that read time, chance or surroundings behind the ports' back. */
export const platformGlobals: readonly string[] = [
  ...["globalThis", "global", "window", "self", "process", "Buffer", "require", "module"],
  ...["__dirname", "__filename", "Deno", "Bun", "navigator", "document", "console"],
  ...["setTimeout", "clearTimeout", "setInterval", "clearInterval"],
  ...["setImmediate", "clearImmediate", "queueMicrotask", "performance", "crypto"],
  ...["fetch", "Request", "Response", "Headers", "URL", "URLSearchParams", "Blob", "WebSocket"],
  ...["TextEncoder", "TextDecoder", "atob", "btoa", "structuredClone"],
  ...["AbortController", "AbortSignal", "Event", "EventTarget", "MessageChannel"],
];
