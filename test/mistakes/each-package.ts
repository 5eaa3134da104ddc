import { CLIENT, type Mistake, SET_UP } from "./program.js";

const eppo = `import { init, getInstance } from "EPPO_FILE";`;
const growthbook = `import { GrowthBook, GrowthBookClient } from "@sortition/growthbook";`;
const amplitude = `import { Experiment, AmplitudeCookie } from "@sortition/amplitude";`;
const posthog = `import { PostHog } from "@sortition/posthog";`;
const ph = `${posthog} const client = new PostHog("phc", { host: "BASE_URL/ok" });`;

/** The dialect is imported from the entry with the vendor's classes. */
const dialects: readonly Mistake[] = ["growthbook", "amplitude", "posthog"].map((name) => ({
  mistake: `native: ${name}() of the package itself`,
  program: `import { ${name} } from "@sortition/${name}"; ${SET_UP} await init({ apiKey: "k", dialect: ${name}() });`,
  names: `${name}() is in`,
  wayOut: `"@sortition/${name}/dialect"`,
}));

/** The server is down behind its load balancer. */
const failing: readonly Mistake[] = [
  [
    "native",
    `${SET_UP}await init({ apiKey: "k", baseUrl: "BASE_URL/503", initializationTimeoutMs: 2_000 });`,
  ],
  [
    "eppo",
    `${eppo} await init({ apiKey: "k", baseUrl: "BASE_URL/503", assignmentLogger: { logAssignment() {} }, numInitialRequestRetries: 0 });`,
  ],
  [
    "growthbook",
    `${growthbook} await new GrowthBook({ apiHost: "BASE_URL/503", clientKey: "k" }).init({ timeout: 2_000 });`,
  ],
  [
    "amplitude",
    `${amplitude} await Experiment.initializeLocal("k", { serverUrl: "BASE_URL/503" }).start();`,
  ],
  [
    "amplitude's remote client",
    `${amplitude} await Experiment.initializeRemote("k", { serverUrl: "BASE_URL/503", fetchRetries: 0 }).fetchV2({ user_id: "u" });`,
  ],
  [
    "posthog",
    `${posthog} const c = new PostHog("phc", { host: "BASE_URL/503" }); await c.isFeatureEnabled("banner", "u"); await c.shutdown(100);`,
  ],
].map(([who, program = ""]) => ({
  mistake: `${who}: a server that answers 503`,
  program,
  names: "BASE_URL answered",
  wayOut: "503: a fault of the server, or of a proxy in front of it",
}));

/** Mistakes with the classes of each package. */
export const EACH_PACKAGE: readonly Mistake[] = [
  ...dialects,
  ...failing,
  {
    mistake: "native: require of CommonJS without init",
    isCommonJs: true,
    program: `const { getInstance } = require("@sortition/node"); getInstance();`,
    names: "init() must be called before getInstance()",
    wayOut: "await init(",
  },
  {
    mistake: "native: init without options",
    program: `${SET_UP}await init();`,
    names: "options: expected an object",
    wayOut: "got undefined",
  },
  {
    mistake: "native: init with the key alone",
    program: `${SET_UP}await init("key");`,
    names: "options: expected an object, got a string",
    wayOut: "write init({ apiKey, … })",
  },
  {
    mistake: "native: baseUrl empty",
    program: `${SET_UP}await init({ apiKey: "k", baseUrl: "" });`,
    names: "baseUrl: is blank",
    wayOut: "environment variable",
  },
  {
    mistake: "native: subject undefined from a session",
    program: `${CLIENT}client.getBooleanAssignment("new-checkout", null, {}, false);`,
    names: "subject key is null",
    wayOut: "pass a string such as user.id",
  },
  {
    mistake: "native: arguments in another order",
    program: `${CLIENT}client.getBooleanAssignment("user-1", "new-checkout", {}, false);`,
    names: 'no such flag "user-1"',
    wayOut: "are the two keys swapped?",
  },
  {
    mistake: "native: attributes forgotten",
    program: `${CLIENT}client.getBooleanAssignment("new-checkout", "user-1", false);`,
    names: "attributes are a boolean",
    wayOut: "pass an object",
  },
  {
    mistake: "native: attributes that are a promise",
    program: `${CLIENT}client.getBooleanAssignment("new-checkout", "user-1", Promise.resolve({}), false);`,
    names: "attributes are a promise",
    wayOut: "await it",
  },
  {
    mistake: "native: initialConfiguration as JSON text",
    program: `${SET_UP}await init({ initialConfiguration: '{"flags":{}}' });`,
    names: "initialConfiguration: expected a Configuration, got string",
    wayOut: "Configuration.from({ flagsConfiguration })",
  },
  {
    mistake: "native: Configuration.from of a parsed object",
    program: `${SET_UP}Configuration.from({ flagsConfiguration: { flags: {} } });`,
    names: "flagsConfiguration",
    wayOut: "string",
  },
  {
    mistake: "native: closing twice",
    program: `${CLIENT}await client.close(); await client.close(); client.getBooleanAssignment("new-checkout", "u", {}, false);`,
    names: "evaluated after close()",
    wayOut: "close the client after the last evaluation",
  },
  {
    mistake: "native: initializationTimeoutMs in seconds as string",
    program: `${SET_UP}await init({ apiKey: "k", initializationTimeoutMs: "5" });`,
    names: "initializationTimeoutMs: expected",
    wayOut: "got string",
  },
  {
    mistake: "native: attributes without the hash attribute of a GrowthBook feature",
    program: `${SET_UP}import { growthbook } from "@sortition/growthbook/dialect";
      const dialect = growthbook();
      const rules = [{ key: "x", variations: ["a", "b"], hashAttribute: "company" }];
      const payloads = { flags: Buffer.from(JSON.stringify({ features: { pricing: { rules } } })) };
      const client = createClient({ dialect, assignmentLogger, initialConfiguration: Configuration.from({ dialect, payloads }) });
      client.getStringAssignment("pricing", "user-1", { plan: "pro" }, "a");`,
    names: 'flag "pricing" is split by the attribute "company"',
    wayOut: "pass it in the attributes",
  },
  {
    mistake: "eppo: getInstance before init",
    program: `${eppo} getInstance().getStringAssignment("f", "u", {}, "");`,
    names: "init",
    wayOut: "await init(",
  },
  {
    mistake: "eppo: init without await",
    program: `${eppo} init({ apiKey: "k", baseUrl: "BASE_URL/ok", assignmentLogger: { logAssignment() {} } }); getInstance().getStringAssignment("f", "u", {}, "");`,
    names: "init",
    wayOut: "await",
  },
  {
    mistake: "eppo: pollIntervalMs of the native client",
    program: `${eppo} await init({ apiKey: "k", baseUrl: "BASE_URL/ok", assignmentLogger: { logAssignment() {} }, pollIntervalMs: 5000 });`,
    names: "pollIntervalMs",
    wayOut: "pollingIntervalMs",
  },
  {
    mistake: "eppo: an unknown key",
    program: `${eppo} const c = await init({ apiKey: "k", baseUrl: "BASE_URL/ok", assignmentLogger: { logAssignment() {} } }); c.getStringAssignment("nothing", "u", {}, "");`,
    names: 'no such flag "nothing"',
    wayOut: "environment",
  },
  {
    mistake: "eppo: no logger",
    program: `${eppo} const c = await init({ apiKey: "k", baseUrl: "BASE_URL/ok" }); for (let i = 0; i < 101; i++) c.getStringAssignment("onboarding", "u" + i, {}, "");`,
    names: "events dropped: 1 so far, no logger is set",
    wayOut: "setAssignmentLogger",
  },
  {
    mistake: "eppo: undefined subject",
    program: `${eppo} const c = await init({ apiKey: "k", baseUrl: "BASE_URL/ok", assignmentLogger: { logAssignment() {} } }); c.getStringAssignment("onboarding", undefined, {}, "");`,
    names: "subject",
    wayOut: "pass a string such as user.id",
  },
  {
    mistake: "growthbook: no clientKey",
    program: `${growthbook} await new GrowthBook({ apiHost: "BASE_URL/ok" }).init();`,
    names: "Missing clientKey",
    wayOut: "environment variable",
  },
  {
    mistake: "growthbook: tracking callback that throws",
    program: `${growthbook} const gb = new GrowthBook({ attributes: { id: "u" }, trackingCallback() { throw new Error("boom"); }, features: { a: { defaultValue: 1, rules: [{ variations: [1, 2], key: "x" }] } } }); gb.getFeatureValue("a", 0);`,
    names: "trackingCallback",
    wayOut: "boom",
  },
  {
    mistake: "amplitude: an unknown serverZone",
    program: `${amplitude} Experiment.initializeRemote("key", { serverZone: "de" });`,
    names: "option serverZone is neither",
    wayOut: '"us" nor "eu"',
  },
  {
    mistake: "amplitude: the remote client's key is rejected",
    program: `${amplitude} await Experiment.initializeRemote("key", { serverUrl: "BASE_URL/401", fetchRetries: 0 }).fetchV2({ user_id: "u" });`,
    names: "BASE_URL answered with status 401",
    wayOut: "is the deployment key a server key?",
  },
  {
    mistake: "posthog: capture with only the name, as in the browser",
    program: `${ph} client.capture("signed up"); await client.shutdown();`,
    names: "capture(…) expects",
    wayOut: "an object such as { distinctId, event }",
  },
  {
    mistake: "posthog: the project's key as personal key",
    program: `${posthog} new PostHog("phc", { host: "BASE_URL/ok", personalApiKey: "phc_x" });`,
    names: "personalApiKey",
    wayOut: "phx_",
  },
  {
    mistake: "posthog: a host without a scheme",
    program: `${posthog} new PostHog("phc", { host: "eu.i.posthog.com" });`,
    names: "host is not an http: or https: URL",
    wayOut: "write it with https://",
  },
  {
    mistake: "growthbook: apiHost without a scheme",
    program: `${growthbook} await new GrowthBook({ apiHost: "cdn.growthbook.io", clientKey: "k" }).init();`,
    names: "apiHost is not an http: or https: URL",
    wayOut: "write it with https://",
  },
  {
    mistake: "amplitude: serverUrl without a scheme",
    program: `${amplitude} await Experiment.initializeLocal("k", { serverUrl: "api.lab.amplitude.com" }).start();`,
    names: "serverUrl: is not a URL",
    wayOut: "write it with https://",
  },
  {
    mistake: "posthog: an unknown host",
    program: `${posthog} const client = new PostHog("phc", { host: "https://flags.invalid" }); await client.isFeatureEnabled("banner", "u"); await client.shutdown(100);`,
    names: "no answer from https://flags.invalid (E",
    wayOut: "is host right?",
  },
  {
    mistake: "posthog: a server that says 404",
    program: `${posthog} const client = new PostHog("phc", { host: "BASE_URL/404" }); await client.isFeatureEnabled("banner", "u"); await client.shutdown(100);`,
    names: "BASE_URL answered with status 404",
    wayOut: "is host right?",
  },
];
