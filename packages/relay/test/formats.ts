import { amplitude } from "@sortition/amplitude/dialect";
import { growthbook } from "@sortition/growthbook/dialect";
import { posthog } from "@sortition/posthog/dialect";
import { split, type TestFlags, testFlags } from "@sortition/testing";
import { type FlagServer, flagServer } from "@sortition/testing/server";
import { later, VARIABLES, type VendorName } from "./start.js";

/** Creates test flags in the format of each vendor. */
const FORMATS: Readonly<Record<VendorName, () => TestFlags>> = {
  Eppo: () => testFlags() as TestFlags,
  GrowthBook: () => testFlags({ dialect: growthbook() }) as TestFlags,
  Amplitude: () => testFlags({ dialect: amplitude() }) as TestFlags,
  PostHog: () => testFlags({ dialect: posthog({ projectApiKey: VARIABLES.PROJECT }) }) as TestFlags,
};

export const VENDORS = Object.keys(FORMATS) as VendorName[];

/** Starts a server of flags that include `checkout`, with two values. It ends after the test. */
export async function serverOf(
  vendor: VendorName,
): Promise<{ readonly flags: TestFlags; readonly server: FlagServer }> {
  const flags = FORMATS[vendor]();
  flags
    .string("checkout")
    .variations("fast", "standard")
    .otherwise(split({ fast: 30, standard: 70 }));
  const server = await flagServer({ flags });
  later(() => server.close());
  return { flags, server };
}
