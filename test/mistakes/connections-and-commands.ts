import { CLIENT, type Mistake, SET_UP } from "./program.js";

const connect = (options: string): string =>
  `${SET_UP}await init({ apiKey: "k", assignmentLogger, initializationTimeoutMs: 4_000, ${options} });`;
const given = (options: string): string =>
  `${SET_UP}await init({ initialConfiguration, ${options} });`;
const withKey = (options: string): string => `${SET_UP}await init({ apiKey: "k", ${options} });`;
const command = (...args: readonly string[]): string =>
  `process.argv.push("sortition", ...${JSON.stringify(args)}); await import("MAIN_FILE");`;

const otherVendor = (vendor: string, option: string): Mistake => ({
  mistake: `${option} of ${vendor}'s SDK given to init`,
  program: withKey(`${option}: "x"`),
  names: `${option}: unknown option; is it an option of ${vendor}?`,
  wayOut: `pass dialect: ${vendor}() from @sortition/${vendor}/dialect`,
});

const network: readonly Mistake[] = [
  {
    mistake: "a host that does not exist",
    program: connect('baseUrl: "https://flags.invalid/api"'),
    names: "no configuration from https://flags.invalid (E",
    wayOut: "is baseUrl right?",
  },
  {
    mistake: "a port on which nothing listens",
    program: connect('baseUrl: "http://127.0.0.1:1/api"'),
    names: "no configuration from http://127.0.0.1:1 (ECONNREFUSED)",
    wayOut: "is baseUrl right?",
  },
  {
    mistake: "https to a port that speaks http",
    program: connect('baseUrl: "https://localhost:PLAIN_PORT/api"'),
    names: "https://localhost:PLAIN_PORT does not speak TLS",
    wayOut: "write http://",
  },
  {
    mistake: "a certificate of a private authority",
    program: connect('baseUrl: "https://localhost:TLS_PORT/api"'),
    names: "no configuration from https://localhost:TLS_PORT (DEPTH_ZERO_SELF_SIGNED_CERT)",
    wayOut: "is its authority in NODE_EXTRA_CA_CERTS?",
  },
  {
    mistake: "a superfluous path",
    program: connect('baseUrl: "BASE_URL/404/api/api"'),
    names: "BASE_URL answered with status 404",
    wayOut: "baseUrl has an extra path or lacks one",
  },
  {
    mistake: "a server that does not respond, as behind a firewall",
    program: connect('baseUrl: "BASE_URL/hang"'),
    names: "ready took longer than 4000 ms; no configuration from BASE_URL",
    wayOut: "is baseUrl right?",
  },
  {
    mistake: "PostHog's definitions and a server that does not respond",
    program: `import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc", { host: "BASE_URL/hang", secretKey: "phx" });
      await client.waitForLocalEvaluationReady(6_000);
      process.exit();`,
    names: "no answer from BASE_URL",
    wayOut: "is host right?",
  },
  {
    mistake: "a login page in between",
    program: connect('baseUrl: "BASE_URL/html"'),
    names: "expected JSON, received HTML from BASE_URL",
    wayOut: "is baseUrl right?",
  },
  {
    mistake: "a proxy that is down",
    program: connect('baseUrl: "https://flags.invalid", proxy: "http://127.0.0.1:1"'),
    names: "no configuration from the proxy http://127.0.0.1:1 (ECONNREFUSED)",
    wayOut: "is proxy right?",
  },
  {
    mistake: "a proxy from the environment variables that is down",
    program: connect('baseUrl: "http://flags.invalid", proxy: "environment"'),
    env: { http_proxy: "http://127.0.0.1:1", NO_PROXY: "", no_proxy: "" },
    names: "no configuration from the proxy http_proxy (ECONNREFUSED)",
    wayOut: "is proxy right?",
  },
  {
    mistake: "a proxy without a scheme",
    program: connect('proxy: "proxy.example:3128"'),
    names: "proxy: expected",
    wayOut: '"environment" or the URL of a proxy',
  },
  {
    mistake: "an address with a query",
    program: connect('baseUrl: "BASE_URL/api?apiKey=k"'),
    names: "baseUrl: must not contain",
    wayOut: "a query",
  },
  {
    mistake: "Amplitude's local client and a host that does not exist",
    program: `import { Experiment } from "@sortition/amplitude";
      await Experiment.initializeLocal("key", { serverUrl: "https://flags.invalid" }).start();`,
    names: "no configuration from https://flags.invalid (E",
    wayOut: "is serverUrl right?",
  },
  {
    mistake: "Amplitude's remote client and a host that does not exist",
    program: `import { Experiment } from "@sortition/amplitude";
      const options = { serverUrl: "https://flags.invalid", fetchRetries: 0 };
      await Experiment.initializeRemote("key", options).fetchV2({ user_id: "u" });`,
    names: "no answer from https://flags.invalid (E",
    wayOut: "is serverUrl right?",
  },
  {
    mistake: "PostHog's definitions and a host that does not exist",
    program: `import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc", { host: "https://flags.invalid", secretKey: "phx" });
      await client.waitForLocalEvaluationReady(2_000);`,
    names: "no answer from https://flags.invalid (E",
    wayOut: "is host right?",
  },
];

const options: readonly Mistake[] = [
  ...["clientKey", "apiHost", "trackingCallback"].map((it) => otherVendor("growthbook", it)),
  ...["deploymentKey", "serverUrl", "serverZone"].map((it) => otherVendor("amplitude", it)),
  ...["featureFlagsPollingInterval", "personalApiKey", "host"].map((it) =>
    otherVendor("posthog", it),
  ),
  {
    mistake: "the name of a dialect",
    program: withKey('dialect: "growthbook"'),
    names: "dialect: is a string",
    wayOut: "pass dialect: growthbook() from @sortition/growthbook/dialect",
  },
  {
    mistake: "a dialect that is not called",
    program: `import { posthog } from "@sortition/posthog/dialect";${withKey("dialect: posthog")}`,
    names: "dialect: is a function",
    wayOut: "call it, for example dialect: growthbook()",
  },
  {
    mistake: "the interval of Eppo's SDK",
    program: withKey("pollingIntervalMs: 5_000"),
    names: "pollingIntervalMs: unknown option",
    wayOut: "use pollIntervalMs",
  },
  {
    mistake: "a logger without its method",
    program: given("assignmentLogger: { log() {} }"),
    names: "assignmentLogger",
    wayOut: "logAssignment",
  },
];

const calls: readonly Mistake[] = [
  {
    mistake: "attributes that are a Map",
    program: `${CLIENT}client.getBooleanAssignment("new-checkout", "u", new Map(), false);`,
    names: "attributes are a Map",
    wayOut: 'pass an object such as { country: "DK" }',
  },
  {
    mistake: "attributes that are a list",
    program: `${CLIENT}client.getBooleanAssignment("new-checkout", "u", ["DK"], false);`,
    names: "attributes are a list",
    wayOut: 'pass an object such as { country: "DK" }',
  },
  {
    mistake: "an evaluation after close",
    program: `${CLIENT}await client.close(); client.getBooleanAssignment("new-checkout", "u", {}, false);`,
    names: "evaluated after close()",
    wayOut: "close the client after the last evaluation",
  },
  {
    mistake: "process.exit before a logger has accepted exposures",
    program: `${given("assignmentLogger: { logAssignment: () => new Promise(() => {}) }").replace("await init", "const client = await init")}
      client.getBooleanAssignment("new-checkout", "u", {}, false); process.exit();`,
    names: "exposures lost: 1 were not delivered when the process exited",
    wayOut: "await client.close() before process.exit()",
  },
  {
    mistake: "process.exit before a logger has sent accepted exposures",
    program: `${given("assignmentLogger: { logAssignment() {}, stats: () => ({ buffered: 3 }) }").replace("await init", "const client = await init")}
      client.getBooleanAssignment("new-checkout", "u", {}, false); process.exit();`,
    names: "exposures lost: 1 were not delivered when the process exited",
    wayOut: "await client.close() before process.exit()",
  },
  {
    mistake: "process.exit with waiting PostHog events",
    program: `import { PostHog } from "@sortition/posthog";
      const client = new PostHog("phc", { host: "BASE_URL" });
      client.capture({ distinctId: "u", event: "e" }); process.exit();`,
    names: "events lost: 1 were not sent when the process exited",
    wayOut: "await shutdown() before process.exit()",
  },
  {
    mistake: "a second init",
    program: `${CLIENT}await init({ initialConfiguration, assignmentLogger });`,
    names: "init called again",
    wayOut: "call init once at the start, and getInstance() elsewhere",
  },
  {
    mistake: "a blank flag key",
    program: `${CLIENT}client.getBooleanAssignment("", "u", {}, false);`,
    names: "flag key is blank",
    wayOut: "pass the key of a flag",
  },
  {
    mistake: "PostHog without a token",
    program: `import { PostHog } from "@sortition/posthog"; new PostHog("", { host: "BASE_URL" });`,
    names: "no project token",
    wayOut: "the client does nothing",
  },
];

const commands: readonly Mistake[] = [
  {
    mistake: "--config is misspelled",
    program: command("evaluate", "--cofig", "flags.json"),
    names: "Unknown option '--cofig'",
    wayOut: "did you mean '--config'?",
  },
  {
    mistake: "a command is misspelled",
    program: command("evalute"),
    names: "evalute",
    wayOut: "evaluate",
  },
  {
    mistake: "--config is missing",
    program: command("evaluate"),
    names: "--config FILE",
    wayOut: "is missing",
  },
  {
    mistake: "a missing file",
    program: command("evaluate", "--config", "none.json"),
    names: "--config none.json",
    wayOut: "no such file or directory",
  },
  {
    mistake: "a file of another dialect",
    program: command("inspect", "--dialect", "growthbook", "--config", "flags.json"),
    names: "--config flags.json is a configuration for eppo",
    wayOut: "Use --dialect eppo",
  },
  {
    mistake: "a gzipped file",
    program: command("inspect", "--config", "GZIP_FILE"),
    names: "is compressed with gzip",
    wayOut: "Decompress it with gunzip",
  },
  {
    mistake: "an unknown format",
    program: command("evaluate", "--config", "flags.json", "--dialect", "eppo", "--format", "xml"),
    names: "--format",
    wayOut: "expected ndjson or csv",
  },
];

/** Mistakes in addresses, options, calls and commands. */
export const CONNECTIONS_AND_COMMANDS: readonly Mistake[] = [
  ...network,
  ...options,
  ...calls,
  ...commands,
];
