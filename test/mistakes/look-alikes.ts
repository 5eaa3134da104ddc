import { CLIENT, type Mistake, SET_UP } from "./program.js";

const command = (...args: readonly string[]): string =>
  `process.argv.push("sortition", ...${JSON.stringify(args)}); await import("MAIN_FILE");`;

/** A client with a flag for `country: "DE"`. The rest gets the default. */
const TARGETED = `
import { Configuration, createClient } from "@sortition/node";
const flag = {
  key: "new-checkout", enabled: true, variationType: "BOOLEAN", totalShards: 10_000,
  variations: { on: { key: "on", value: true } },
  allocations: [{
    key: "de",
    rules: [{ conditions: [{ attribute: "country", operator: "ONE_OF", value: ["DE"] }] }],
    splits: [{ variationKey: "on", shards: [] }],
    doLog: true,
  }],
};
const flagsConfiguration = JSON.stringify({
  createdAt: "2026-01-01T00:00:00Z", environment: { name: "staging" }, flags: { [flag.key]: flag },
});
const client = createClient({
  initialConfiguration: Configuration.from({ flagsConfiguration }), assignmentLogger: null,
});
`;

/** A client with the bandit `shoes`. */
const WITH_BANDIT = `${SET_UP}
const flagsConfiguration = JSON.stringify({
  flags: { shoes: {
    key: "shoes", enabled: true, variationType: "STRING", totalShards: 10_000,
    variations: { shoes: { key: "shoes", value: "shoes" } },
    allocations: [{ key: "all", splits: [{ variationKey: "shoes", shards: [] }], doLog: true }],
  } },
  banditReferences: { shoes: { modelVersion: "1", flagVariations: [
    { key: "shoes", flagKey: "shoes", allocationKey: "all", variationKey: "shoes", variationValue: "shoes" },
  ] } },
});
const banditsConfiguration = JSON.stringify({ bandits: { shoes: {
  banditKey: "shoes", modelName: "falcon", modelVersion: "1",
  modelData: { gamma: 1, defaultActionScore: 0, actionProbabilityFloor: 0, coefficients: {} },
} } });
const client = createClient({
  initialConfiguration: Configuration.from({ flagsConfiguration, banditsConfiguration }), assignmentLogger,
});
`;

/** A client of PostHog's with the flag `team`, which is evaluated for the company. */
const WITH_GROUP = `
import { posthog } from "@sortition/posthog/dialect"; ${SET_UP}
const definitions = JSON.stringify({
  flags: [{
    id: 1, key: "team", active: true,
    filters: { aggregation_group_type_index: 0, groups: [{ properties: [], rollout_percentage: 100 }] },
  }],
  group_type_mapping: { 0: "company" }, cohorts: {},
});
const dialect = posthog();
const client = createClient({
  dialect, assignmentLogger: null,
  initialConfiguration: Configuration.from({ dialect, payloads: { flags: definitions } }),
});
`;

/** Flags in Eppo's format. */
const EPPO_FLAGS = `
const flags = JSON.stringify({ flags: { beta: {
  key: "beta", enabled: true, variationType: "BOOLEAN", totalShards: 10_000,
  variations: { on: { key: "on", value: true } },
  allocations: [{ key: "all", splits: [{ variationKey: "on", shards: [] }], doLog: true }],
} } });
`;

/** Calls that answered with a misleading sentence. */
const misleading: readonly Mistake[] = [
  {
    mistake: "shadow with an option that does not exist",
    program: `${CLIENT} import { shadow } from "@sortition/node"; shadow({ primary: client, shadow: client });`,
    names: 'shadow(): unknown option "shadow"',
    wayOut: "use candidate",
  },
  {
    mistake: "GrowthBook's secret key given to init",
    program: `import { growthbook } from "@sortition/growthbook/dialect"; ${SET_UP}
      await init({ apiKey: "secret_readonly_1", dialect: growthbook() });`,
    names: "apiKey: is a secret key",
    wayOut: "use the client key, sdk-…",
  },
  {
    mistake: "GrowthBook's secret key given to its source",
    program: `import { growthbookSource } from "@sortition/growthbook/source";
      growthbookSource({ clientKey: "secret_readonly_1" });`,
    names: "clientKey: is a secret key",
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
    mistake: "types with a file",
    program: command("types", "flags.json"),
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
    mistake: "explain without a flag",
    program: command("explain", "--dialect", "eppo", "--config", "flags.json", "--subject", "u"),
    names: "the flag key is missing",
    wayOut: "write explain FLAG",
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
    mistake: "an interval in seconds",
    program: `${SET_UP} await init({ apiKey: "k", pollIntervalMs: 30 });`,
    names: "pollIntervalMs: expected an integer in 100…",
    wayOut: "it is in milliseconds: 30 s is 30_000",
  },
  {
    mistake: "shutdown hooks without a client",
    program: `import { installShutdownHooks } from "@sortition/node"; installShutdownHooks();`,
    names: "clients",
    wayOut: "pass the client: installShutdownHooks(client)",
  },
  {
    mistake: "an unknown flag of a known environment",
    program: `${TARGETED} client.getBooleanAssignment("pricing-of-tickets", "user-1", {}, false);`,
    names: 'no such flag "pricing-of-tickets"',
    wayOut: 'the configuration of the environment "staging" has 1 flag, is it the right one?',
  },
  {
    mistake: "null instead of options",
    program: `import { createClient } from "@sortition/node"; createClient(null);`,
    names: "options: expected an object, got null",
    wayOut: "expected an object",
  },
];

/** Calls that did something else, and said nothing. */
const silent: readonly Mistake[] = [
  {
    mistake: "an attribute in another case",
    program: `${TARGETED} for (const id of ["a", "b"]) client.getBooleanAssignment("new-checkout", id, { Country: "DE" }, false);`,
    names: 'flag "new-checkout" reads the attribute "country", but the subject has "Country"',
    wayOut: 'pass it as "country"',
  },
  {
    mistake: "groups instead of $groups",
    program: `${WITH_GROUP}client.getBooleanAssignment("team", "user-1", { groups: { company: "acme" } }, false);`,
    names: 'flag "team" reads the attribute "$groups", but the subject has "groups"',
    wayOut: 'pass it as "$groups"',
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
    mistake: "actions as a list of objects",
    program: `${WITH_BANDIT}client.getBanditAction("shoes", "user-1", {}, [{ name: "nike" }], "standard");`,
    names: "actions are a list of objects",
    wayOut: "pass an object such as",
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
    mistake: "a rule whose attribute is an argument",
    program: `import { testFlags } from "@sortition/testing"; testFlags().boolean("a").when("country", "DK");`,
    names: "got a string",
    wayOut: "write when({ country: value })",
  },
  {
    mistake: "a client in the place of options of openTelemetry",
    program: `${CLIENT}const { openTelemetry } = await import("@sortition/opentelemetry"); openTelemetry(client);`,
    names: "openTelemetry: got a client",
    wayOut: "write createClient({ onEvaluation: openTelemetry() })",
  },
  {
    mistake: "fetch as send",
    program: `import { edgeClient } from "@sortition/edge"; import { eppo } from "@sortition/core/eppo";
edgeClient({ dialect: eppo(), apiKey: "key", send: fetch });`,
    names: "send: is fetch itself",
    wayOut: "write postTo({ url })",
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
    mistake: "a flag in the place of a member of a shadow's map",
    program: `import { shadow } from "@sortition/core"; ${CLIENT}
      shadow({ primary: client, candidate: createClient({ initialConfiguration, assignmentLogger: null }), map: { "new-checkout": "checkout" } });`,
    names: "map.new-checkout: unknown option",
    wayOut: "write map: { flags: { … } }",
  },
  {
    mistake: "a bandit's getter for a flag without a bandit",
    program: `${WITH_BANDIT}client.setConfiguration(Configuration.from({ flagsConfiguration }));
      client.getBanditAction("shoes", "user-1", {}, ["nike"], "standard");`,
    names: 'flag "shoes" has no bandit model',
    wayOut: "pass it as banditsConfiguration, or use getStringAssignment",
  },
  {
    mistake: "a shadow's candidate that returns the value itself",
    program: `import { shadow } from "@sortition/core"; ${CLIENT}
      const both = shadow({ primary: client, candidate: () => true });
      both.getBooleanAssignment("new-checkout", "user-1", {}, false);`,
    names: 'the candidate returned a boolean, so flag "new-checkout"',
    wayOut: "return { value }",
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
    mistake: "a path in the place of a test's flags",
    program: `import { testFlags } from "@sortition/testing"; testFlags().set("flags.json");`,
    names: "flags.set: is a path",
    wayOut: 'pass readFileSync("flags.json", "utf8")',
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
    mistake: "a logger without logBanditAction",
    program: `${WITH_BANDIT}client.getBanditAction("shoes", "user-1", {}, ["nike"], "standard");`,
    names: "choices of bandits are not logged",
    wayOut: "give assignmentLogger a method logBanditAction",
  },
  {
    mistake: "a default value of another type",
    program: `${CLIENT} client.getBooleanAssignment("new-checkout", "user-1", {}, "true");`,
    names: "getBooleanAssignment(): the default value is a string",
    wayOut: "pass a boolean",
  },
  {
    mistake: "no default value in a call of forSubject's client",
    program: `${CLIENT} client.forSubject({ subjectKey: "user-1" }).getBooleanAssignment("new-checkout");`,
    names: "the default value is missing",
    wayOut: "write getBooleanAssignment(flagKey, defaultValue)",
  },
  {
    mistake: "an outbox around a deduplicating logger",
    program: `import { redis } from "@sortition/redis"; ${SET_UP}
      const fleet = redis({ redis: "redis://127.0.0.1:1", namespace: "shop" });
      fleet.outbox(fleet.dedupe(assignmentLogger));`,
    names: "an outbox around fleet.dedupe",
    wayOut: "write fleet.dedupe(fleet.outbox(logger))",
  },
  {
    mistake: "Eppo's payload given to GrowthBook's dialect",
    program: `import { Configuration } from "@sortition/core";
      import { growthbook } from "@sortition/growthbook/dialect"; ${EPPO_FLAGS}
      Configuration.from({ dialect: growthbook(), payloads: { flags } });`,
    names: "this looks like Eppo's payload",
    wayOut: "use the dialect eppo, eppo() from @sortition/core/eppo",
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

/** Values that look right, and calls that do something else. */
export const LOOK_ALIKES: readonly Mistake[] = [...misleading, ...silent];

/** The mistakes that are reported once, although their programs make them twice. */
export const REPORTED_ONCE: readonly Mistake[] = silent.filter(({ program }) =>
  /for \(const id|client\.on\("ready"\); client|flush\(2_000\); await/.test(program),
);
