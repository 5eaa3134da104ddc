import { CLIENT, type Mistake, SET_UP } from "./program.js";

const PAGE = "see https://github.com/sortition/sortition/blob/main/docs/vendors/eppo.md";
const given = (options: string): string =>
  `${SET_UP}await init({ initialConfiguration, ${options} });`;
const fromNode = (names: string, call: string): string =>
  `import { ${names} } from "@sortition/node"; ${call}`;

const optionOf = (option: string, wayOut: string): Mistake => ({
  mistake: `the option ${option} of another SDK`,
  program: given(`assignmentLogger, ${option}: 1`),
  names: `${option}: unknown option; `,
  wayOut,
});

/** Options that other SDKs name differently. */
const options: readonly Mistake[] = [
  optionOf("logger", `use assignmentLogger, ${PAGE}`),
  optionOf("readyTimeoutMs", `use initializationTimeoutMs, ${PAGE}`),
  optionOf("timeout", `use initializationTimeoutMs, ${PAGE}`),
  optionOf("apiUrl", `use baseUrl, ${PAGE}`),
  optionOf("streaming", `growthbookSource({ streaming: true }), ${PAGE}`),
  optionOf("logLevel", `use diagnostics: consoleDiagnostics("debug"), ${PAGE}`),
  optionOf("user", `client.forSubject({ subjectKey, attributes }), ${PAGE}`),
  optionOf("loggers", `use assignmentLogger, ${PAGE}`),
  optionOf("maxQueueEvents", `a member of exposures: { … }, ${PAGE}`),
  {
    mistake: "the old side of a shadow",
    program: `import { shadow } from "@sortition/core"; ${CLIENT}shadow({ old: client, new: client });`,
    names: 'shadow(): unknown option "old"',
    wayOut: "use primary",
  },
  {
    mistake: "a share in percent",
    program: `import { openTelemetry } from "@sortition/opentelemetry"; openTelemetry({ sampleRatio: 10 });`,
    names: "sampleRatio: expected a number from 0 to 1, got 10",
    wayOut: "10% is 0.1",
  },
  {
    mistake: "an option that no SDK has",
    program: fromNode("ndjsonLogger", 'ndjsonLogger("exposures.ndjson", { compress: true });'),
    names: "compress: unknown option",
    wayOut: "the options are name, maxBufferedBytes",
  },
  {
    mistake: "options that are a key",
    program: fromNode("httpOrigin", 'httpOrigin("key");'),
    names: "options: expected an object, got string",
    wayOut: "the options are ",
  },
];

/** Values of another kind. */
const values: readonly Mistake[] = [
  {
    mistake: "forSubject of a string",
    program: `${CLIENT}client.forSubject("user-1");`,
    names: "forSubject: got a string",
    wayOut: "write forSubject({ subjectKey, attributes })",
  },
  {
    mistake: "pollingSource of the options of an origin",
    program: fromNode("pollingSource", 'pollingSource({ apiKey: "k" });'),
    names: "origin: ",
    wayOut: "write pollingSource(httpOrigin({ apiKey, … }))",
  },
  {
    mistake: "JSON as a source",
    program: fromNode("init", "await init({ source: '{\"flags\":{}}' });"),
    names: "source: is the content of a configuration",
    wayOut: "Configuration.from({ flagsConfiguration })",
  },
  {
    mistake: "JSON as a configuration",
    program: `${CLIENT}client.setConfiguration({ flags: {} });`,
    names: "configuration: expected a Configuration, got object",
    wayOut: "pass Configuration.from({ flagsConfiguration })",
  },
  {
    mistake: "clients as the arguments of shadow",
    program: `import { shadow } from "@sortition/core"; ${CLIENT}shadow(client, client);`,
    names: "options: is a client",
    wayOut: "write shadow({ primary, candidate })",
  },
  {
    mistake: "a promise as a side of shadow",
    program: `import { shadow } from "@sortition/core"; ${SET_UP}
      const candidate = createClient({ initialConfiguration, assignmentLogger });
      shadow({ primary: init({ initialConfiguration, assignmentLogger }), candidate });`,
    names: "primary: is a promise",
    wayOut: "await it",
  },
  {
    mistake: "shutdown hooks for a promise",
    program: `import { installShutdownHooks } from "@sortition/node"; ${SET_UP}
      installShutdownHooks(init({ initialConfiguration, assignmentLogger }));`,
    names: "clients: is a promise",
    wayOut: "await it",
  },
  {
    mistake: "a signal that cannot be caught",
    program: `import { installShutdownHooks } from "@sortition/node"; ${CLIENT}
      installShutdownHooks(client, { signals: ["SIGKILL"] });`,
    names: "signals: SIGKILL cannot be caught",
    wayOut: 'such as ["SIGTERM"]',
  },
  {
    mistake: "a pino logger as diagnostics",
    program: `const log = (text) => console.error(text);
      const diagnostics = { debug: log, info: log, warn: log, error: log, bindings: log, child: log };
      ${given("assignmentLogger, diagnostics")}`,
    names: "diagnostics is a pino logger",
    wayOut: "use pinoDiagnostics(logger)",
  },
  {
    mistake: "a time limit in seconds",
    program: `${SET_UP}await init({ apiKey: "k", baseUrl: "BASE_URL/hang", assignmentLogger, initializationTimeoutMs: 5 });
      process.exit();`,
    names: "ready took longer than 5 ms; it is in milliseconds",
    wayOut: "5 s is 5_000",
  },
  {
    mistake: "an event that does not exist",
    program: `${CLIENT}client.on("update", () => {});`,
    names: 'no event "update"',
    wayOut: 'on("configuration-changed", …)',
  },
  {
    mistake: "details of a flag that does not exist",
    program: `${CLIENT}client.getBooleanAssignmentDetails("new-chekout", "user-1", {}, false);`,
    names: 'no such flag "new-chekout"',
    wayOut: 'did you mean "new-checkout"?',
  },
];

/** Values that were accepted, without an effect. */
const ignored: readonly Mistake[] = [
  {
    mistake: "a level of another logger",
    program: fromNode("consoleDiagnostics", 'consoleDiagnostics("verbose");'),
    names: "level: expected error, warn, info, debug",
    wayOut: 'write consoleDiagnostics("debug")',
  },
  {
    mistake: "lastUse that is not called",
    program: `import { lastUse } from "@sortition/node"; ${given("assignmentLogger, onEvaluation: lastUse")}`,
    names: "onEvaluation: ",
    wayOut: "call it: lastUse()",
  },
  {
    mistake: "a client's options as the client of OpenFeature",
    program: `import { SortitionProvider } from "@sortition/openfeature"; new SortitionProvider({ apiKey: "k" });`,
    names: "client: expected a client",
    wayOut: "write new SortitionProvider(await init({ apiKey, … }))",
  },
  {
    mistake: "the status of no client",
    program: `import { observeStatus } from "@sortition/opentelemetry"; observeStatus();`,
    names: "client: expected a client",
    wayOut: "write observeStatus(await init({ apiKey, … }))",
  },
  {
    mistake: "a promise as Redis",
    program: `import { redis } from "@sortition/redis"; redis({ redis: Promise.resolve({}), namespace: "n" });`,
    names: "redis: is a promise",
    wayOut: "await it",
  },
  {
    mistake: "Amplitude's options as the key",
    program: `import { Experiment } from "@sortition/amplitude"; Experiment.initializeLocal({ deploymentKey: "k" });`,
    names: "apiKey is an object",
    wayOut: 'write initializeLocal("server-…", { … })',
  },
  {
    mistake: "a zone that Amplitude does not have",
    program: `import { amplitudeSource } from "@sortition/amplitude/source";
      amplitudeSource({ deploymentKey: "server-a", serverZone: "Europe" });`,
    names: "serverZone: ",
    wayOut: 'expected "us" or "eu"',
  },
  {
    mistake: "segment: a host without a scheme",
    program: `import { segmentLogger } from "@sortition/segment"; segmentLogger({ writeKey: "k", host: "api.segment.io" });`,
    names: "host: is not a URL",
    wayOut: "write it with https://",
  },
  {
    mistake: "rudderstack: an address without a scheme",
    program: `import { rudderstackLogger } from "@sortition/rudderstack"; rudderstackLogger({ writeKey: "k", dataPlaneUrl: "rudder.example" });`,
    names: "dataPlaneUrl: is not a URL",
    wayOut: "write it with https://",
  },
];

/** Services behind a private authority. */
const certificates: readonly Mistake[] = [
  ["segment", 'segmentLogger({ writeKey: "k", host: "https://localhost:TLS_PORT" })'],
  [
    "rudderstack",
    'rudderstackLogger({ writeKey: "k", dataPlaneUrl: "https://localhost:TLS_PORT" })',
  ],
  ["snowplow", 'snowplowLogger({ endpoint: "https://localhost:TLS_PORT", appId: "shop" })'],
].map(([name, logger]) => ({
  mistake: `${name}: a certificate of a private authority`,
  program: `import { ${name}Logger } from "@sortition/${name}"; ${SET_UP}
    const client = await init({ initialConfiguration, assignmentLogger: ${logger} });
    client.getBooleanAssignment("new-checkout", "user-1", {}, false);
    await client.close({ timeoutMs: 5_000 }); process.exit();`,
  names: "no answer from https://localhost:TLS_PORT (DEPTH_ZERO_SELF_SIGNED_CERT)",
  wayOut: "is its authority in NODE_EXTRA_CA_CERTS?",
}));

/** Keys and addresses of another kind. */
const connections: readonly Mistake[] = [
  {
    mistake: "PostHog's secret key as the project key",
    program: `import { posthog } from "@sortition/posthog/dialect"; posthog({ projectApiKey: "phx_s3cret" });`,
    names: "projectApiKey: expected phc_…",
    wayOut: "phx_… is a secret key",
  },
  {
    mistake: "PostHog's secret key given to its class",
    program: `import { PostHog } from "@sortition/posthog"; new PostHog("phx_s3cret", { host: "BASE_URL/ok", disabled: true });`,
    names: "expected phc_…",
    wayOut: "phx_… is a secret key",
  },
  {
    mistake: "GrowthBook's secret key given to its class",
    program: `import { GrowthBook } from "@sortition/growthbook"; new GrowthBook({ clientKey: "secret_s3cret" });`,
    names: "clientKey is a secret key",
    wayOut: "use the client key, sdk-…",
  },
  {
    mistake: "a blank host of PostHog's source",
    program: `import { posthogSource } from "@sortition/posthog/source";
      posthogSource({ projectApiKey: "phc_a", secretKey: "phx_b", host: "" });`,
    names: "host: is blank",
    wayOut: "is the environment variable that holds it set?",
  },
  {
    mistake: "a blank address of Amplitude's source",
    program: `import { amplitudeSource } from "@sortition/amplitude/source";
      amplitudeSource({ deploymentKey: "server-a", serverUrl: "" });`,
    names: "serverUrl: is blank",
    wayOut: "is the environment variable that holds it set?",
  },
  {
    mistake: "a blank host of PostHog's class",
    program: `import { PostHog } from "@sortition/posthog"; new PostHog("phc_a", { host: "", disabled: true });`,
    names: "host is blank, so https://us.i.posthog.com is used",
    wayOut: "is the environment variable that holds it set?",
  },
  {
    mistake: "a variable of Redis that is not set",
    program: `import { redis } from "@sortition/redis"; redis({ redis: process.env.NO_SUCH_VARIABLE, namespace: "n" });`,
    names: "redis: is missing",
    wayOut: "is REDIS_URL set?",
  },
  {
    mistake: "a fleet without an origin",
    program: `import { redis } from "@sortition/redis"; redis({ redis: "redis://localhost" });`,
    names: "namespace: origin is missing",
    wayOut: "write redis({ redis, origin: httpOrigin({ apiKey }) })",
  },
  {
    mistake: "edge: no dialect",
    program: `import { edgeClient } from "@sortition/edge"; edgeClient({ apiKey: "k" });`,
    names: "dialect: is missing",
    wayOut: "pass dialect: eppo()",
  },
  {
    mistake: "edge: a binding that does not exist",
    program: `import { kvCache } from "@sortition/edge"; kvCache(undefined);`,
    names: "namespace: is not bound",
    wayOut: "is the binding in wrangler.toml?",
  },
  {
    mistake: "edge: a request's client without await",
    program: `import { edgeClient } from "@sortition/edge"; import { eppo } from "@sortition/core/eppo";
      edgeClient({ dialect: eppo(), apiKey: "k", baseUrl: "BASE_URL/hang" }).forRequest().getFlagKeys();`,
    names: "forRequest(…) returns a promise",
    wayOut: "write `await forRequest(…)`",
  },
];

/** Values of other types, whose errors end with the page that explains them. */
const types: readonly Mistake[] = [
  [
    "a boolean from the environment",
    given('assignmentLogger, isGracefulMode: "false"'),
    "isGracefulMode: expected a boolean, got string",
    'compare it, as in value === "true"',
  ],
  [
    "no polling",
    given("assignmentLogger, pollIntervalMs: 0"),
    "pollIntervalMs: got 0",
    "write null to disable polling, see https://",
  ],
  [
    "a path as a configuration",
    `${SET_UP}Configuration.from({ flagsConfiguration: "flags.json" });`,
    "flagsConfiguration: is a path",
    'pass readFileSync("flags.json")',
  ],
  [
    "a rule of a test without an outcome",
    `import { testFlags } from "@sortition/testing"; testFlags().boolean("a").when({ country: "DK" });`,
    'flags.boolean("a").when(',
    "add .give(…)",
  ],
].map(([mistake = "", program = "", names = "", wayOut = ""]) => ({
  mistake,
  program,
  names,
  wayOut,
}));

export const OTHER_NAMES: readonly Mistake[] = [
  ...options,
  ...values,
  ...ignored,
  ...certificates,
  ...connections,
  ...types,
];
