import { type Mistake, SET_UP } from "./program.js";

const growthbook = `import { GrowthBook } from "@sortition/growthbook";`;
const amplitude = `import { Experiment } from "@sortition/amplitude";`;
const posthog = `import { PostHog } from "@sortition/posthog";`;

/** The dialect is imported from the entry with the vendor's classes. */
const dialects: readonly Mistake[] = ["growthbook", "amplitude", "posthog"].map((name) => ({
  mistake: `native: ${name}() of the package itself`,
  program: `import { ${name} } from "@sortition/${name}"; ${SET_UP} await init({ apiKey: "k", dialect: ${name}() });`,
  names: `${name}() is in`,
  wayOut: `"@sortition/${name}/dialect"`,
}));

/** Mistakes with the classes of each package. */
export const EACH_PACKAGE: readonly Mistake[] = [
  ...dialects,
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
    mistake: "native: Configuration.from of a parsed object",
    program: `${SET_UP}Configuration.from({ flagsConfiguration: { flags: {} } });`,
    names: "flagsConfiguration",
    wayOut: "string",
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
];
