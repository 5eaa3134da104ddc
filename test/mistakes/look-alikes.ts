import { CLIENT, type Mistake, SET_UP } from "./program.js";

const command = (...args: readonly string[]): string =>
  `process.argv.push("sortition", ...${JSON.stringify(args)}); await import("MAIN_FILE");`;

/** Values that look right, and calls that do something else. */
export const LOOK_ALIKES: readonly Mistake[] = [
  {
    mistake: "GrowthBook's secret key given to init",
    program: `import { growthbook } from "@sortition/growthbook/dialect"; ${SET_UP}
      await init({ apiKey: "secret_readonly_1", dialect: growthbook() });`,
    names: "apiKey: is a secret key",
    wayOut: "use the client key, sdk-…",
  },
  {
    mistake: "PostHog's project key given to init",
    program: `import { posthog } from "@sortition/posthog/dialect"; ${SET_UP}
      await init({ apiKey: "phc_1", dialect: posthog({ projectApiKey: "phc_1" }) });`,
    names: "apiKey: expected phx_… or phs_…",
    wayOut: "phc_… is the project key, for dialect: posthog({ projectApiKey })",
  },
  {
    mistake: "openTelemetry that is not called",
    program: `import { openTelemetry } from "@sortition/opentelemetry"; ${SET_UP}
      const client = createClient({ initialConfiguration, assignmentLogger, onEvaluation: openTelemetry });
      client.getBooleanAssignment("new-checkout", "user-1", {}, false);`,
    names: "onEvaluation",
    wayOut: "call it: openTelemetry()",
  },
  {
    mistake: "segmentLogger that is not called",
    program: `import { segmentLogger } from "@sortition/segment"; ${SET_UP}
      createClient({ initialConfiguration, assignmentLogger: segmentLogger });`,
    names: "assignmentLogger: expected an object, got a function",
    wayOut: "call it, segmentLogger(…)",
  },
  {
    mistake: "explain with -c",
    program: command("explain", "new-checkout", "-c", "flags.json"),
    names: "Unknown option '-c'",
    wayOut: "use --config",
  },
  {
    mistake: "inspect with a file",
    program: command("inspect", "flags.json"),
    names: "--config FILE is missing",
    wayOut: "write --config flags.json",
  },
  {
    mistake: "evaluate with a file of requests",
    program: command("evaluate", "--dialect", "eppo", "--config", "flags.json", "requests.ndjson"),
    names: "unexpected argument requests.ndjson",
    wayOut: "use --requests requests.ndjson",
  },
  {
    mistake: "explain with --flag",
    program: command("explain", "--flag", "new-checkout", "--config", "flags.json"),
    names: "Unknown option '--flag'",
    wayOut: "write explain new-checkout",
  },
  {
    mistake: "an option before the command",
    program: command("--config", "flags.json", "inspect"),
    names: 'unknown option "--config"',
    wayOut: "write the command first, such as sortition inspect --config",
  },
  {
    mistake: "segmentLogger with a string",
    program: `import { segmentLogger } from "@sortition/segment"; segmentLogger("key");`,
    names: "options: expected an object",
    wayOut: "write segmentLogger({ writeKey })",
  },
  {
    mistake: "ndjsonLogger with an object",
    program: `import { ndjsonLogger } from "@sortition/node"; ndjsonLogger({ path: "a.ndjson" });`,
    names: "path: expected a path",
    wayOut: 'write ndjsonLogger("exposures.ndjson")',
  },
  {
    mistake: "fileSource with a path as option",
    program: `import { fileSource } from "@sortition/node"; fileSource({ path: "flags.json" });`,
    names: "files: expected paths",
    wayOut: 'write fileSource("flags.json")',
  },
  {
    mistake: "Configuration.from with flags",
    program: `import { Configuration } from "@sortition/node"; Configuration.from({ flags: {} });`,
    names: "flags: unknown option",
    wayOut: "write Configuration.from({ flagsConfiguration })",
  },
  {
    mistake: "Segment's instance as a logger",
    program: `${SET_UP} createClient({ initialConfiguration, assignmentLogger: { track() {}, flush() {} } });`,
    names: "assignmentLogger: expected a logger, got an object with a function track",
    wayOut: "write segmentLogger({ analytics })",
  },
  {
    mistake: "a provider of a promise",
    program: `import { SortitionProvider } from "@sortition/openfeature"; ${SET_UP}
      new SortitionProvider(init({ initialConfiguration, assignmentLogger }));`,
    names: "client",
    wayOut: "await it: new SortitionProvider(await init(…))",
  },
  {
    mistake: "shutdown hooks without a client",
    program: `import { installShutdownHooks } from "@sortition/node"; installShutdownHooks();`,
    names: "clients",
    wayOut: "pass the client: installShutdownHooks(client)",
  },
  {
    mistake: "an option of diff that does not exist",
    program: command("diff", "flags.json", "flags.json", "--format", "json"),
    names: "Unknown option '--format'",
    wayOut: "--json",
  },
  {
    mistake: "a Headers as headers",
    program: `${SET_UP} await init({ apiKey: "k", headers: new Headers({ "x-team": "a" }) });`,
    names: "headers: expected an object",
    wayOut: "write Object.fromEntries(headers)",
  },
  {
    mistake: "on without a listener",
    program: `${CLIENT} client.on("ready"); client.on("ready");`,
    names: 'on("ready") has no listener',
    wayOut: "await client.waitForInitialization()",
  },
  {
    mistake: "a time limit with another name",
    program: `${CLIENT} await client.waitForInitialization({ timeout: 3_000 });`,
    names: "waitForInitialization() ignores this time limit",
    wayOut: "write waitForInitialization({ timeoutMs: 3000 })",
  },
  {
    mistake: "a time limit as a number",
    program: `${CLIENT} await client.flush(2_000); await client.flush(2_000);`,
    names: "flush() ignores this time limit",
    wayOut: "write flush({ timeoutMs: 2000 })",
  },
  {
    mistake: "a callback of waitForInitialization",
    program: `${CLIENT}await client.waitForInitialization(() => {});`,
    names: "waitForInitialization() takes no callback",
    wayOut: "write await client.waitForInitialization()",
  },
  {
    mistake: "a flag that is shown by a misspelled key",
    program: `${CLIENT}const forUser = client.forSubject({ subjectKey: "user-1", exposures: "on-show" });
forUser.getBooleanAssignment("new-checkout", false); forUser.exposed("new_checkout");`,
    names: "this flag was not read",
    wayOut: 'did you mean "new-checkout"',
  },
  {
    mistake: "an observer's object in the place of its function",
    program: `import { createClient, lastUse } from "@sortition/node"; createClient({ onEvaluation: lastUse() });`,
    names: "expected (evaluation) => …",
    wayOut: "pass its function observe",
  },
  {
    mistake: "content in the place of a path",
    program: `import { fileSource } from "@sortition/node"; fileSource('{ "flags": {} }');`,
    names: "is JSON, not a path",
    wayOut: "initialConfiguration: Configuration.from({ flagsConfiguration })",
  },
  {
    mistake: "a dialect in the place of options of testFlags",
    program: `import { testFlags } from "@sortition/testing"; import { eppo } from "@sortition/core/eppo"; testFlags(eppo());`,
    names: "testFlags: got a dialect",
    wayOut: "write testFlags({ dialect })",
  },
  {
    mistake: "a client in the place of options of openTelemetry",
    program: `${CLIENT}const { openTelemetry } = await import("@sortition/opentelemetry"); openTelemetry(client);`,
    names: "openTelemetry: got a client",
    wayOut: "write createClient({ onEvaluation: openTelemetry() })",
  },
  {
    mistake: "an override with the key of no variation",
    program: `${SET_UP}
const flagsConfiguration = JSON.stringify({ flags: { a: {
  key: "a", enabled: true, variationType: "STRING", totalShards: 1, allocations: [],
  variations: { long: { key: "long", value: "long" } },
} } });
const client = createClient({
  initialConfiguration: Configuration.from({ flagsConfiguration }), overrides: { a: "lng" },
});
client.getStringAssignment("a", "user-1", {}, "short");`,
    names: 'the flag has no variation "lng"',
    wayOut: "pass the key of a variation",
  },
  {
    mistake: "flags in the place of a client",
    program: `import { typed } from "@sortition/node"; typed({ a: { string: "x" } });`,
    names: "client: expected an object with a function getStringAssignment",
    wayOut: "write typed<AppFlags>(client)",
  },
  {
    mistake: "a project key in the place of PostHog's options",
    program: `import { posthog } from "@sortition/posthog/dialect"; posthog("phc_a");`,
    names: "posthog: got a string",
    wayOut: "write posthog({ projectApiKey })",
  },
  {
    mistake: "Statsig's name for an environment",
    program: `import { statsig } from "@sortition/statsig/dialect"; statsig({ tier: "production" });`,
    names: "statsig.tier: unknown option",
    wayOut: "use environment",
  },
  {
    mistake: "a fraction as the default value of an integer",
    program: `${CLIENT}client.getIntegerAssignment("new-checkout", "user-1", {}, 2.5);`,
    names: "getIntegerAssignment(): the default value is not an integer",
    wayOut: "pass an integer",
  },
  {
    mistake: "exposures of a subject as an option of a client",
    program: `import { createClient } from "@sortition/node";
      import { eppo } from "@sortition/core/eppo";
      createClient({ dialect: eppo(), assignmentLogger: null, exposures: "on-show" });`,
    names: "exposures",
    wayOut: "write client.forSubject({ subjectKey, attributes",
  },
  {
    mistake: "an option of an assertion that does not exist",
    program: `import { recordExposures, testFlags } from "@sortition/testing";
      import { assertExposed } from "@sortition/testing/assert";
      const exposures = recordExposures();
      assertExposed(exposures, "banner", { subjectKey: "alice" });`,
    names: "assertExposed",
    wayOut: "did you mean subject?",
  },
  {
    mistake: "a response in the place of its body",
    program: `import { Configuration } from "@sortition/node";
      Configuration.from({ flagsConfiguration: new Response("{}") });`,
    names: "flagsConfiguration: is a response",
    wayOut: "pass await response.text()",
  },
  {
    mistake: "an option of the client in the place of the dialect's",
    program: `import { growthbook } from "@sortition/growthbook/dialect"; growthbook({ apiHost: "https://gb.example" });`,
    names: "growthbook.apiHost: unknown option",
    wayOut: "in createClient, use baseUrl",
  },
  {
    mistake: "a function in the place of an Eppo logger",
    program: `import { init } from "EPPO_FILE";
      const assignmentLogger = (event) => console.log(event);
      await init({ apiKey: "k", baseUrl: "BASE_URL/ok", assignmentLogger, throwOnFailedInitialization: false });`,
    names: "assignmentLogger has no function logAssignment",
    wayOut: "pass { logAssignment: (event) => … }",
  },
  {
    mistake: "the configuration in the place of a manifest",
    program: command(
      "types",
      "--dialect",
      "eppo",
      "--config",
      "flags.json",
      "--manifest",
      "flags.json",
    ),
    names: "flagType: expected one of",
    wayOut: "pass one",
  },
  {
    mistake: "Amplitude's key of cohorts from a variable that is not set",
    program: `import { Experiment } from "@sortition/amplitude";
      const cohortSyncConfig = { apiKey: process.env.UNSET_KEY, secretKey: "secret" };
      Experiment.initializeLocal("key", { serverUrl: "BASE_URL/ok", cohortSyncConfig });`,
    names: "option cohortSyncConfig.apiKey is undefined",
    wayOut: "is the environment variable that holds it set?",
  },
];
