/** The packages that a package may import, by their names after `@sortition/`. Every package must be listed. */
export const packageArrows: Readonly<Record<string, readonly string[]>> = {
  "packages/amplitude": ["core", "node"],
  "packages/core": [],
  "packages/node": ["core"],
  "packages/eppo": ["core", "node"],
  "packages/growthbook": ["core", "node"],
  "packages/openfeature": ["core"],
  "packages/posthog": ["core", "node"],
  "packages/proof": [],
  "packages/redis": ["core"],
  "packages/rudderstack": ["core"],
  "packages/segment": ["core"],
  "packages/snowplow": ["core"],
  "packages/cli": ["amplitude", "core", "growthbook", "node", "posthog", "proof", "redis"],
  // The clock and the server of test-kit, and the tests of proof, become part of it when it is built.
  "packages/testing": ["core", "proof", "test-kit"],
  "packages/test-kit": [],
  "packages/dialect-kit": ["core", "test-kit"],
  // They start a redis-server, for which the tests' ground has the code.
  "apps/demo": [
    "amplitude",
    "core",
    "growthbook",
    "node",
    "posthog",
    "proof",
    "redis",
    "rudderstack",
    "segment",
    "snowplow",
    "test-kit",
  ],
  "apps/bench": [
    "amplitude",
    "cli",
    "core",
    "eppo",
    "growthbook",
    "node",
    "openfeature",
    "posthog",
    "redis",
    "segment",
    "test-kit",
    "testing",
  ],
  "apps/examples": [
    "amplitude",
    "core",
    "growthbook",
    "node",
    "openfeature",
    "posthog",
    "redis",
    "rudderstack",
    "segment",
    "snowplow",
    "testing",
  ],
};

/** Packages that any test file may import. */
export const testOnlyPackages: readonly string[] = ["test-kit", "dialect-kit"];

/** Folders of core that every folder may import. */
export const coreFoundation: readonly string[] = ["model", "errors"];

/**
 * The other folders that a folder of `packages/core/src` may import, besides the foundation:
 * `client ─► configuration, events ─► delivery, runtime ─► hash`; `eppo ─► payload ─► conditions`; `explain` holds contracts and the text of explanations.
 * `logger ─► delivery, runtime, hash` stands beside `client`, and neither imports the other.
 * The files at the top (entries, and files that connect the parts) may import everything; no folder imports them.
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

/**
 * The folders of the other packages' `src`, from top to bottom: at run time each imports those below it alone. Types may
 * refer to what is above. A package with fewer than two folders is not in the table.
 */
export const folderOrder: Readonly<Record<string, readonly string[]>> = {
  "packages/amplitude": ["client", "events", "source", "messages", "dialect"],
  "packages/cli": [
    ...["commands", "completion", "diff", "replay", "srm", "explain", "inspect", "redis", "parts"],
    ...["dialects", "judge", "rows", "events", "evaluate", "help", "keys", "html", "text"],
  ],
  "packages/eppo": ["client", "events", "source", "messages"],
  "packages/growthbook": ["plugins", "client", "events", "source", "messages", "dialect", "model"],
  "packages/node": ["client", "file-logger", "disk", "file", "source", "http"],
  "packages/openfeature": ["provider", "resolution"],
  "packages/testing": [
    "matchers",
    "server",
    "subjects",
    "flags",
    "exposures",
    "explaining",
    "writers",
  ],
  "packages/proof": ["inference", "distributions", "sampling", "special"],
  "packages/posthog": [
    ...["module", "client", "flags", "events", "source", "exceptions", "context", "http"],
    "dialect",
  ],
  "packages/redis": [
    ...["fleet", "fleet-status", "options", "dedupe", "flag-definitions", "outbox", "sticky"],
    ...["shared-source", "codec", "connection", "scripts", "keys", "lua", "errors"],
  ],
};

/** A folder of `src` has at most so many files, tests not counted: the next one gets a folder of its own inside. */
export const MAX_FILES_OF_FOLDER = 20;

/** Folders of dialects. */
export const dialectFolders: readonly string[] = [
  "packages/core/src/eppo/",
  "packages/posthog/src/dialect/",
];

/** Entries that reach no dialect, not even by a type. An application that has another dialect pays for it alone. */
export const neutralEntries: readonly string[] = [
  "packages/core/src/index.ts",
  "packages/core/src/dialect.ts",
  "packages/core/src/kit.ts",
  "packages/node/src/kit.ts",
];

/** The most files whose types need each other. No such circle is one of imports at run time. */
export const maxTypeCircle = 3;

/** Folders in which circles of types may be larger, with the reason. */
export const largerTypeCircles: Readonly<Record<string, string>> = {
  "packages/core/src/model/":
    "a dialect compiles configurations, which have flags, which are evaluated in a scope that has all of these",
};

/** The only file of core that reads globals of its host. It reads them late, through `globalThis`. */
export const hostFile = "packages/core/src/runtime/host.ts";

/** Globals that some JavaScript runtime lacks, or that bypass the ports for time, randomness or the environment. */
export const platformGlobals: readonly string[] = [
  ...["globalThis", "global", "window", "self", "process", "Buffer", "require", "module"],
  ...["__dirname", "__filename", "Deno", "Bun", "navigator", "document", "console"],
  ...["setTimeout", "clearTimeout", "setInterval", "clearInterval"],
  ...["setImmediate", "clearImmediate", "queueMicrotask", "performance", "crypto"],
  ...["fetch", "Request", "Response", "Headers", "URL", "URLSearchParams", "Blob", "WebSocket"],
  ...["TextEncoder", "TextDecoder", "atob", "btoa", "structuredClone"],
  ...["AbortController", "AbortSignal", "Event", "EventTarget", "MessageChannel"],
];

/** All that the files of a folder may import, besides each other: they show how far these entries reach. */
export const closedFolders: Readonly<Record<string, readonly string[]>> = {
  "packages/amplitude/src/dialect/": ["@sortition/core/dialect"],
  "packages/openfeature/src/resolution/": ["@sortition/core"],
  "packages/posthog/src/dialect/": ["@sortition/core/dialect"],
  "packages/dialect-kit/src/toy-dialect/": ["@sortition/core/dialect"],
  "packages/dialect-kit/src/toy-origin/": ["@sortition/core/kit"],
  "packages/growthbook/src/dialect/": ["@sortition/core/dialect"],
};

/** Folders of tools for tests, which may wait as they like. */
export const testTools: readonly string[] = ["packages/test-kit/", "packages/dialect-kit/"];

/** Where a promise waits for a timer on behalf of all packages. */
export const timerRooms: readonly string[] = [
  "packages/core/src/runtime/deadline.ts",
  "packages/core/src/runtime/pause.ts",
  "packages/node/src/source/pacer.ts",
];

/** The other files in which promises and timers meet, at most 16, each with why it cannot use those rooms. */
export const timedPromises: Readonly<Record<string, string>> = {
  "packages/core/src/runtime/clock.ts": "it is what the rooms are made of",
  "packages/core/src/client/lifecycle/ready-waits.ts":
    "one event ends many waits, each with its own time",
  "packages/core/src/events/logger-queue.ts": "the deadline of a call frees a place in a window",
  "packages/eppo/src/events/event-relay.ts": "events, not a request, end the wait",
  "packages/growthbook/src/dialect/decryption/base64.ts": "gives way to other work between slices",
  "packages/growthbook/src/plugins/ingest-queue.ts":
    "a batch settles the promises of all its events",
  "packages/node/src/http/stream/event-stream.ts":
    "reconnects without end; no one waits for the timer",
  "packages/posthog/src/client/express.ts": "an event of a response of Express ends the wait",
  "packages/posthog/src/events/wait-until.ts": "each capture moves the end",
  "packages/posthog/src/exceptions/uncaught.ts":
    "the process ends after it, on the host's own timer",
  "packages/redis/src/connection/connection.ts": "a reply that is read after the timer counts",
  "packages/segment/src/borrowed.ts": "polls a library that has no event for it",
  "packages/snowplow/src/owned.ts": "polls a library that has no event for it",
};

/** Functions that only these files, or folders, may use. */
export const onlyCallers: Readonly<Record<string, readonly string[]>> = {
  firstDelayMs: ["packages/node/src/source/lifecycle-pace.ts"],
  steadyDelayMs: ["packages/node/src/source/lifecycle-pace.ts", "packages/eppo/src/source/pace.ts"],
  failureDelayMs: [
    "packages/node/src/source/lifecycle-pace.ts",
    "packages/eppo/src/source/pace.ts",
  ],
  backoffMs: ["packages/redis/src/"],
};

const subscribers = "packages/core/src/configuration/subscribers.ts";
const pacer = "the Pacer of @sortition/node/kit";

/** Classes that were written once per package, what replaced them, and the file that may have the name. */
export const replacedClasses: Readonly<
  Record<string, { readonly by: string; readonly at?: string }>
> = {
  Subscribers: { by: subscribers, at: subscribers },
  Follower: { by: subscribers },
  Audience: { by: subscribers },
  Poller: { by: pacer, at: "packages/redis/src/shared-source/polling/poller.ts" },
  PayloadPoller: { by: pacer },
  PollingUpdates: { by: pacer },
  Polling: { by: pacer },
};

/**
 * Names that a concept had in one package alone, each with the word of the table in CONTRIBUTING that replaced it. In lower
 * case: as a word of any name.
 */
export const retiredWords: Readonly<Record<string, string>> = {
  look: "attempt, or poll",
  looks: "attempts, or polls",
  looker: "attempts",
  facade: "drop-in",
  isAmplitude: "isAmplitudeConfiguration",
  isPosthog: "isPosthogConfiguration",
  EvaluationContext: "EvaluationCall",
  EvaluationTarget: "EvaluationCall",
  FlagResult: "Outcome",
  FlagObserver: "Observer",
  FlagRecorder: "Observations",
  PayloadPoller: "Pacer",
  PollingUpdates: "Pacer",
  StreamingUpdates: "StreamPlan",
  SourceUpdates: "ConfigurationSource",
  FeatureMistakes: "Mistakes",
  EventBatcher: "BatchSender",
  Poster: "Requester",
  ExposureLog: "PrecomputedExposures",
  CalledTracker: "CallDeduplicator",
  surroundings: "cohort lookup",
  Audience: "Subscribers",
  Follower: "Subscribers",
  UseHost: "FleetServices",
};

/** Retired words that are words of English, too: where prose means them as terms. */
export const retiredTerms: Readonly<Record<string, RegExp>> = {
  look: /\b(?:an?|the|one|each|every|first|next|last|another|further) look\b(?!-)/gi,
  looks: /\b(?:no|two|between|all|the|those) looks\b/gi,
};

/** Prose that keeps a retired word, by the beginnings of paths, with the reason. */
export const keptProse: Readonly<Record<string, string>> = {
  "packages/openfeature/": "an EvaluationContext is OpenFeature's",
  "packages/proof/": "a look at the counts so far is the term of sequential tests",
};

/** Names that keep a retired word: what is public, another vendor's, or another meaning. */
export const keptWords: readonly RegExp[] = [
  /^packages\/core\/src\/facade\.ts$/,
  /^packages\/openfeature\/.*: EvaluationContext$/,
  /^packages\/(cli\/src\/dialects\/|posthog\/src\/dialect\.ts).*: isPosthog$/,
  /: (look(Up|Ahead|Behind|sLike)|LOOK_AHEAD)/,
];
