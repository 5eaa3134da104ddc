import { amplitude } from "@sortition/amplitude/dialect";
import { amplitudeSource } from "@sortition/amplitude/source";
import { eppo } from "@sortition/core/eppo";
import { datadog } from "@sortition/datadog/dialect";
import { datadogSource } from "@sortition/datadog/source";
import { eppoSource } from "@sortition/eppo/source";
import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookSource } from "@sortition/growthbook/source";
import { launchdarkly } from "@sortition/launchdarkly/dialect";
import { launchdarklySource } from "@sortition/launchdarkly/source";
import { createClient, httpOrigin } from "@sortition/node";
import { posthog } from "@sortition/posthog/dialect";
import { posthogSource } from "@sortition/posthog/source";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type RelayConfig, VENDOR_FACTS } from "../src/config/config.js";
import { readConfig } from "../src/config/read-config.js";
import { openSource } from "../src/environment/sources.js";

/** The values of the invented option that its reader received. */
const seen = vi.hoisted(() => [] as unknown[]);

vi.mock("../../core/src/http/request-options.js", async (original) => {
  const real = await original<typeof import("../../core/src/http/request-options.js")>();
  const invented = (_path: string, value: unknown) => seen.push(value);
  return { ...real, requestReaders: () => ({ ...real.requestReaders(), invented }) };
});
beforeEach(() => void seen.splice(0));

const NO_LOG = { debug() {}, info() {}, warn() {}, error() {} };
const EPPO = { dialect: eppo(), options: { apiKey: "key" } };

/** A client requests at once, so it gets the address of a server that does not exist. */
const openAndClose = (options: object): Promise<unknown> =>
  createClient({ ...options, baseUrl: "http://127.0.0.1:1", diagnostics: NO_LOG }).close();

/** What is created from options, and its dialect. */
interface Place {
  readonly dialect: Pick<ReturnType<typeof eppo>, "endpoints" | "name">;
  readonly options: Readonly<Record<string, unknown>>;
  readonly create: (options: never) => unknown;
}

const KEYS = { projectApiKey: "phc_1", secretKey: "phs_1" };
const SOURCES: Readonly<Record<string, Place>> = {
  eppoSource: { ...EPPO, create: eppoSource },
  growthbookSource: {
    dialect: growthbook(),
    options: { clientKey: "sdk-1" },
    create: growthbookSource,
  },
  amplitudeSource: {
    dialect: amplitude(),
    options: { deploymentKey: "server-1" },
    create: amplitudeSource,
  },
  posthogSource: { dialect: posthog({}), options: KEYS, create: posthogSource },
  datadogSource: {
    dialect: datadog({ env: "prod" }),
    options: { apiKey: "key", env: "prod" },
    create: datadogSource,
  },
  launchdarklySource: {
    dialect: launchdarkly(),
    options: { sdkKey: "sdk-1" },
    create: launchdarklySource,
  },
};

const PLACES: readonly (Place & { readonly place: string })[] = [
  ...Object.entries(SOURCES).map(([place, it]) => ({ place, ...it })),
  ...Object.values(SOURCES).map(({ dialect, options }) => ({
    place: `the relay's ${dialect.name} source`,
    dialect,
    options,
    create: (source: Readonly<Record<string, unknown>>) => {
      const variables = source as Readonly<Record<string, string>>; // only the keys are read
      const keys = VENDOR_FACTS[dialect.name as keyof typeof VENDOR_FACTS].secrets.filter((name) =>
        Object.hasOwn(source, name),
      );
      const secrets = Object.fromEntries(keys.map((env) => [env, { env }]));
      const environment = {
        name: "shop",
        dialect: dialect.name,
        source: { ...source, ...secrets },
      };
      const { environments } = readConfig({ environments: [environment] }, { variables });
      return openSource(environments[0] as RelayConfig["environments"][0], NO_LOG);
    },
  })),
  ...[
    eppo(),
    amplitude(),
    datadog({ env: "prod" }),
    launchdarkly(),
    posthog({ projectApiKey: "phc_1" }),
  ].flatMap((dialect) => {
    const options = { apiKey: "key", dialect };
    return [
      { place: `createClient for ${dialect.name}`, dialect, options, create: openAndClose },
      { place: `httpOrigin for ${dialect.name}`, dialect, options, create: httpOrigin },
    ];
  }),
];

describe("keys in the relay's configuration", () => {
  it.each(Object.values(SOURCES))(
    "are refused in plain text for $dialect.name",
    ({ dialect, options }) => {
      const { projectApiKey: _, ...secrets } = options;
      for (const name of Object.keys(secrets).filter((it) => it.endsWith("Key"))) {
        const environment = { name: "shop", dialect: dialect.name, source: options };
        expect(() => readConfig({ environments: [environment] }, { variables: {} })).toThrow(
          `environments[0].source.${name}: is a secret in plain text`,
        );
      }
    },
  );
});

describe("an option of the connection", () => {
  it.each(PLACES)("reaches the requests of $place", async ({ create, options }) => {
    await create({ ...options, invented: "given" } as never); // each place takes its own options
    // Both the check of all options and the origin of the flags read it.
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(new Set(seen)).toEqual(new Set(["given"]));
  });

  it("is refused in another part of the relay's configuration, with its place", () => {
    const source = { apiKey: { env: "KEY" } };
    const environment = { name: "shop", dialect: "eppo", source, invented: 1 };
    expect(() =>
      readConfig({ environments: [environment] }, { variables: { KEY: "key" } }),
    ).toThrow("environments[0].invented: unknown option; it belongs in environments[0].source");
  });
});

describe("headers that the library sets", () => {
  it.each(PLACES)("are refused by $place", async ({ create, dialect, options }) => {
    const who = { apiKey: "key", sdkName: "test", sdkVersion: "1" };
    const own = dialect.endpoints.flatMap((endpoint) => Object.keys(endpoint.headers(who)));
    for (const name of ["Accept", "User-Agent", ...own]) {
      const given = { ...options, headers: { "x-team": "shop", [name]: "mine" } };
      // Each place takes its own options.
      await expect(async () => create(given as never)).rejects.toThrow(
        `headers: ${name.toLowerCase()} is set by the library: leave it out`,
      );
    }
    await create({ ...options, headers: { "x-team": "shop" } } as never); // as above
  });

  it("do not include authorization for a vendor that has its key in the address", () => {
    const headers = { authorization: "Basic of a proxy" };
    expect(() => growthbookSource({ clientKey: "sdk-1", headers })).not.toThrow();
  });
});
