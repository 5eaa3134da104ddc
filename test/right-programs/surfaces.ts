import { Experiment } from "../../packages/amplitude/src/index.ts";
import { type Client, Configuration, createClient } from "../../packages/core/src/index.ts";
import { init } from "../../packages/eppo/src/index.ts";
import { GrowthBook, GrowthBookClient } from "../../packages/growthbook/src/index.ts";
import { SortitionProvider } from "../../packages/openfeature/src/index.ts";
import { PostHog } from "../../packages/posthog/src/index.ts";
import { startTestServer } from "../../tools/test-kit/src/index.ts";
import { FORMATS, type Program, type Vendor, type Visitor } from "./programs.ts";

/** Runs a program. Warnings and errors are passed to `warn`, or printed by `console`. */
export type Surface = (program: Program, vendor: Vendor, warn: Warn) => Promise<unknown>;

type Warn = (message?: string) => void;

const ignore = (): void => {};

/** The attributes as a native client of the vendor expects the groups. */
function attributesOf({ attributes, groups }: Visitor, vendor: Vendor): object {
  if (vendor === "posthog") return { ...attributes, $groups: groups };
  const listed = Object.entries(groups).map(([type, name]) => [type, [name]]);
  return vendor === "amplitude"
    ? { ...attributes, groups: Object.fromEntries(listed) }
    : { ...attributes };
}

function extrasOf({ attributes, groups, key }: Visitor, vendor: Vendor): object {
  if (vendor === "posthog") return { groups };
  const { company } = groups;
  const others = company === undefined ? {} : { company: { key: company, plan: "pro" } };
  const context = { kind: "multi", user: { ...attributes, key }, ...others };
  return vendor === "launchdarkly" ? { context } : {};
}

function clientOf({ payload }: Program, vendor: Vendor, warn: Warn): Client {
  const dialect = FORMATS[vendor].dialect();
  return createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags: payload } }),
    assignmentLogger: { logAssignment: ignore },
    diagnostics: { debug: ignore, info: ignore, warn, error: warn },
  });
}

/** Surfaces of each vendor. */
export const NATIVE: Readonly<Record<string, Surface>> = {
  "a native client": async (program, vendor, warn) => {
    const client = clientOf(program, vendor, warn);
    for (const visitor of program.visitors) {
      const attributes = attributesOf(visitor, vendor) as never; // the vendor's rules may read objects
      for (const flag of program.flags) {
        client.getBooleanAssignment(flag, visitor.key, attributes, false);
      }
    }
    await client.close();
  },
  "a client of forSubject": async (program, vendor, warn) => {
    const client = clientOf(program, vendor, warn);
    for (const visitor of program.visitors) {
      const flags = client.forSubject({
        subjectKey: visitor.key,
        attributes: attributesOf(visitor, vendor) as never, // see above
        extras: extrasOf(visitor, vendor),
      });
      for (const flag of program.flags) {
        flags.getBooleanAssignment(flag, false);
        flags.exposed(flag);
      }
    }
    await client.close();
  },
  OpenFeature: async (program, vendor, warn) => {
    const client = clientOf(program, vendor, warn);
    const provider = new SortitionProvider(client);
    const logger = { debug: ignore, info: ignore, warn, error: warn };
    for (const { attributes, groups, key } of program.visitors) {
      const context = { ...attributes, ...(vendor === "posthog" ? { groups } : {}) };
      for (const flag of program.flags) {
        const given = { ...context, targetingKey: key } as never; // JSON, which OpenFeature's type does not express
        await provider.resolveBooleanEvaluation(flag, false, given, logger);
      }
    }
    await client.close();
  },
};

/** The classes of drop-ins, with the attributes that their types accept. */
export const DROP_INS: readonly (readonly [name: string, vendor: Vendor, surface: Surface])[] = [
  [
    "Eppo's",
    "eppo",
    async (program, _, warn) => {
      await using server = await startTestServer(() => ({ kind: "answer", body: program.payload }));
      const client = await init({
        ...{ apiKey: "key", baseUrl: server.url, assignmentLogger: { logAssignment: ignore } },
        diagnostics: { debug: ignore, info: ignore, warn, error: warn },
      });
      for (const { attributes, key } of program.visitors) {
        for (const flag of program.flags) {
          client.getBooleanAssignment(flag, key, attributes as never, false);
        }
      }
      client.stopPolling();
    },
  ],
  [
    "GrowthBook's instance",
    "growthbook",
    async ({ flags, payload, visitors }, _, warn) => {
      for (const { attributes, key } of visitors) {
        const gb = new GrowthBook({
          attributes: { id: key, ...attributes },
          trackingCallback: ignore,
          diagnostics: { debug: ignore, info: ignore, warn, error: warn },
        }).initSync({ payload: JSON.parse(payload) });
        for (const flag of flags) gb.isOn(flag);
        gb.destroy();
      }
    },
  ],
  [
    "GrowthBook's client",
    "growthbook",
    async ({ flags, payload, visitors }, _, warn) => {
      const client = new GrowthBookClient({
        trackingCallback: ignore,
        diagnostics: { debug: ignore, info: ignore, warn, error: warn },
      }).initSync({ payload: JSON.parse(payload) });
      for (const { attributes, key } of visitors) {
        // An anonymous visitor has no id.
        const id = key === "visitor-2" ? {} : { id: key };
        for (const flag of flags) client.isOn(flag, { attributes: { ...id, ...attributes } });
      }
      client.destroy();
    },
  ],
  [
    "Amplitude's",
    "amplitude",
    async ({ flags, payload, visitors }, _, warn) => {
      const configs: readonly { readonly key: string }[] = JSON.parse(payload);
      const log = { verbose: ignore, debug: ignore, info: ignore, warn, error: warn };
      const client = Experiment.initializeLocal(`server-${payload.length}-${Math.random()}`, {
        bootstrap: Object.fromEntries(configs.map((it) => [it.key, it])),
        loggerProvider: log,
      });
      for (const { attributes, groups, key } of visitors) {
        const listed = Object.entries(groups).map(([type, name]) => [type, [name]]);
        const user = { user_properties: attributes, groups: Object.fromEntries(listed) };
        // A user may be known by its groups alone, or not at all.
        const id = key === "visitor-2" ? {} : { user_id: key };
        client.evaluateV2({ ...user, ...id } as never, [...flags]);
        client.evaluateV2({ ...user, ...id } as never);
      }
      client.stop();
    },
  ],
  [
    "PostHog's",
    "posthog",
    async ({ flags, payload, visitors }) => {
      const fetch = async (url: string): Promise<Response> =>
        new Response(url.includes("/definitions") ? payload : '{"flags":{}}');
      const client = new PostHog("phc_key", {
        ...{ secretKey: "phs_secret", featureFlagsPollingInterval: null, fetch: fetch as never },
      });
      await client.waitForLocalEvaluationReady();
      for (const { attributes, groups, key } of visitors) {
        const personProperties = attributes as never; // properties of its type are strings
        const options = { personProperties, groups, onlyEvaluateLocally: true };
        for (const flag of flags) await client.isFeatureEnabled(flag, key, options);
      }
      await client.shutdown();
    },
  ],
];
