import { CLIENT, type Mistake, SET_UP } from "./program.js";

const given = (options: string): string =>
  `${SET_UP}await init({ initialConfiguration, ${options} });`;
const fromNode = (names: string, call: string): string =>
  `import { ${names} } from "@sortition/node"; ${call}`;

/** Names, values and connections of another kind. */
export const OTHER_NAMES: readonly Mistake[] = [
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
    mistake: "a level of another logger",
    program: fromNode("consoleDiagnostics", 'consoleDiagnostics("verbose");'),
    names: "level: expected error, warn, info, debug",
    wayOut: 'write consoleDiagnostics("debug")',
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
    mistake: "PostHog's secret key given to its class",
    program: `import { PostHog } from "@sortition/posthog"; new PostHog("phx_s3cret", { host: "BASE_URL/ok", disabled: true });`,
    names: "expected phc_…",
    wayOut: "phx_… is a secret key",
  },
  {
    mistake: "a blank host of PostHog's class",
    program: `import { PostHog } from "@sortition/posthog"; new PostHog("phc_a", { host: "", disabled: true });`,
    names: "host is blank, so https://us.i.posthog.com is used",
    wayOut: "is the environment variable that holds it set?",
  },
  {
    mistake: "a fleet without an origin",
    program: `import { redis } from "@sortition/redis"; redis({ redis: "redis://localhost" });`,
    names: "namespace: origin is missing",
    wayOut: "write redis({ redis, origin: httpOrigin({ apiKey }) })",
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
  {
    mistake: "no polling",
    program: given("assignmentLogger, pollIntervalMs: 0"),
    names: "pollIntervalMs: got 0",
    wayOut: "write null to disable polling, see https://",
  },
  {
    mistake: "a path as a configuration",
    program: `${SET_UP}Configuration.from({ flagsConfiguration: "flags.json" });`,
    names: "flagsConfiguration: is a path",
    wayOut: 'pass readFileSync("flags.json")',
  },
];
