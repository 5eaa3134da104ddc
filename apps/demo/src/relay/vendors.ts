import { startAmplitudeServer } from "../amplitude/server.js";
import { startConfigServer } from "../config-server.js";
import { startStreamServer } from "../growthbook/stream-server.js";
import { startPosthogServer } from "../posthog/server.js";
import { readReleases } from "../releases.js";
import type { DemoSubject } from "../subjects.js";
import { KEYS, type VendorName } from "./programs.js";
import { shopCohort, shopDefinitions, shopFeatures, shopFlags } from "./shop-flags.js";

/** Servers of all vendors on loopback, with the shop's flags. */
export interface Vendors {
  readonly urls: Readonly<Record<VendorName, string>>;
  /** Number of requests for GrowthBook's payload. */
  readonly growthbookRequests: number;
  /** Changes GrowthBook's feature `announcement`, and sends it to the streams. */
  announce(text: string): void;
  /** Publishes the second release of Eppo's flags. */
  release(): void;
  close(): void;
}

/** Starts a server for each vendor. */
export async function startVendors(visitors: readonly DemoSubject[]): Promise<Vendors> {
  const { first, models, second } = readReleases(null, Date.now());
  const featuresWith = (announcement: string): object => ({
    features: { ...shopFeatures(), announcement: { defaultValue: announcement } },
  });
  const eppo = await startConfigServer(first, models);
  const growthbook = await startStreamServer(featuresWith("No sale"));
  const amplitude = await startAmplitudeServer(shopFlags(), shopCohort(visitors));
  const posthog = await startPosthogServer(shopDefinitions());
  return {
    urls: {
      eppo: eppo.url,
      growthbook: growthbook.url,
      amplitude: amplitude.url,
      posthog: posthog.url,
    },
    get growthbookRequests() {
      return growthbook.requests.payload;
    },
    announce(text) {
      growthbook.push(featuresWith(text));
    },
    release() {
      eppo.publish(second);
    },
    close() {
      for (const server of [eppo, growthbook, amplitude, posthog]) server.close();
    },
  };
}

/** Environment variables with the keys of the relay's configuration. */
export const VARIABLES: Readonly<Record<string, string>> = {
  EPPO_KEY: KEYS.eppo,
  GROWTHBOOK_KEY: KEYS.growthbook,
  AMPLITUDE_KEY: KEYS.amplitude,
  COHORTS_KEY: KEYS.cohorts.apiKey,
  COHORTS_SECRET: KEYS.cohorts.secretKey,
  POSTHOG_KEY: KEYS.posthog,
};

/** Returns environments of a relay in front of these servers, with a disk cache. */
export function environmentsOf(
  { urls }: Pick<Vendors, "urls">,
  directory: string,
): readonly object[] {
  const sources: Readonly<Record<VendorName, object>> = {
    eppo: { apiKey: { env: "EPPO_KEY" }, baseUrl: urls.eppo },
    growthbook: {
      clientKey: { env: "GROWTHBOOK_KEY" },
      apiHost: urls.growthbook,
      streaming: true,
    },
    amplitude: {
      deploymentKey: { env: "AMPLITUDE_KEY" },
      serverUrl: urls.amplitude,
      cohortSync: {
        apiKey: { env: "COHORTS_KEY" },
        secretKey: { env: "COHORTS_SECRET" },
        cohortServerUrl: urls.amplitude,
      },
    },
    posthog: {
      projectApiKey: KEYS.posthogProject,
      secretKey: { env: "POSTHOG_KEY" },
      host: urls.posthog,
    },
  };
  return Object.entries(sources).map(([name, source]) => ({
    name,
    dialect: name,
    source,
    diskCache: { directory },
  }));
}
