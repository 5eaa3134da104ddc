import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Experiment, GrowthBookClient as VendorClient } from "@growthbook/growthbook";
import { GrowthBookClient } from "@sortition/growthbook";
import { growthbook } from "@sortition/growthbook/dialect";
import { type Attributes, Configuration, createClient } from "@sortition/node";
import { CsvLogger } from "../csv-logger.js";
import { shopConfiguration } from "../shop.js";
import { ROUNDS, sideBySide } from "../side-by-side.js";
import { type DemoSubject, shopVisitors } from "../subjects.js";
import { attributesOf, shopPayload } from "./shop.js";

const VISITORS = 10_000;
const csvFileOf = (sdk: unknown): string =>
  `sortition-demo/growthbook-exposures${sdk === GrowthBookClient ? "" : "-of-the-vendor"}.csv`;

/** Features with the getter of their type, and the shop's default. */
const FEATURES = {
  "new-checkout": ["getBooleanAssignment", false],
  "checkout-button": ["getStringAssignment", ""],
  "free-shipping-minimum": ["getIntegerAssignment", 50],
  "recommendation-weight": ["getNumericAssignment", 0],
  "hero-banner": ["getJSONAssignment", {}],
} as const;
const KEYS = Object.keys(FEATURES) as (keyof typeof FEATURES)[]; // these are its keys

/** An inline experiment, which is not part of the payload. */
const INLINE: Experiment<string> = {
  key: "greeting",
  variations: ["Hello", "Welcome back"],
  weights: [0.5, 0.5],
  condition: { orders: { $gt: 0 } },
};

/** Evaluates the shop's features in GrowthBook's format with both packages. Resolves to whether they agree. */
export async function runGrowthbookDemo(): Promise<boolean> {
  const visitors = shopVisitors(VISITORS);
  const payload = shopPayload();
  const dialect = growthbook();
  const flags = new TextEncoder().encode(JSON.stringify(payload));
  const client = createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags } }),
    assignmentLogger: null,
  });
  const eppo = createClient({
    initialConfiguration: Configuration.from({
      flagsConfiguration: new TextEncoder().encode(shopConfiguration(1, Date.now())),
    }),
    assignmentLogger: null,
  });
  const VendorSdk = VendorClient as unknown as typeof GrowthBookClient; // has the same methods
  const vendor = new VendorSdk().initSync({ payload: payload as never }); // JSON
  const dropIn = new GrowthBookClient().initSync({ payload: payload as never });
  try {
    const native = (from: typeof client | typeof eppo) => (it: DemoSubject) =>
      KEYS.map((key) => {
        const [getter, fallback] = FEATURES[key];
        const attributes = it.subjectAttributes as Attributes;
        return from[getter](key, it.subjectKey, attributes, fallback as never) as unknown;
      });
    const answers = await sideBySide({
      vendor: () => visitors.map(valuesOf(vendor)),
      dropIn: () => visitors.map(valuesOf(dropIn)),
      client: () => visitors.map(native(client)),
    });
    console.log(
      `1. Evaluated ${KEYS.length} features for ${visitors.length} visitors, fastest of ${ROUNDS} rounds: the vendor's SDK ` +
        `in ${answers.vendor.ms} ms, our drop-in in ${answers.dropIn.ms} ms, our native client in ${answers.client.ms} ms.`,
    );
    const exposures = await sideBySide({
      vendor: () => loggedBy(VendorSdk, visitors),
      dropIn: () => loggedBy(GrowthBookClient, visitors),
    });
    const path = resolve(csvFileOf(GrowthBookClient));
    console.log(
      `   The same with each exposure logged to a CSV file: the vendor's SDK in ${exposures.vendor.ms} ms, ` +
        `our drop-in in ${exposures.dropIn.ms} ms.`,
    );
    console.log("2. Shares of the values with GrowthBook's rules and with Eppo's:");
    const mine = answers.client.result;
    const ofEppo = visitors.map(native(eppo));
    KEYS.forEach((key, i) => {
      console.log(`\n  ${key}`);
      const [here, there] = [sharesOf(mine, i), sharesOf(ofEppo, i)];
      for (const value of new Set([...here.keys(), ...there.keys()])) {
        const shares = [here, there].map((it) => percent((it.get(value) ?? 0) / VISITORS));
        console.log(`    ${value.padEnd(60)} growthbook ${shares[0]}   eppo ${shares[1]}`);
      }
    });
    const theirs = answers.vendor.result;
    const differences = visitors.filter(
      (_, i) =>
        ![mine[i], answers.dropIn.result[i]].every((it) => isDeepStrictEqual(it, theirs[i])),
    ).length;
    console.log(`\n3. Differences between the vendor's values and ours: ${differences}`);
    const inline = visitors.filter((it) => {
      const user = { attributes: attributesOf(it) };
      const [a, b] = [dropIn, vendor].map((sdk) => sdk.runInlineExperiment(INLINE as never, user));
      return !isDeepStrictEqual(a, b);
    });
    console.log(`4. Differences in the inline experiment "${INLINE.key}": ${inline.length}`);
    const isSame = isDeepStrictEqual(exposures.dropIn.result, exposures.vendor.result);
    console.log(
      `5. ${exposures.dropIn.result.length} exposures are in ${path}: ${isSame ? "the same as those of the vendor's SDK" : "DIFFERENT FROM THE VENDOR'S"}`,
    );
    return differences === 0 && inline.length === 0 && isSame;
  } finally {
    await Promise.all([client.close(), eppo.close()]);
    vendor.destroy();
    dropIn.destroy();
  }
}

/** Returns a function that evaluates all features for a visitor with the calls that both packages have. */
function valuesOf(sdk: Pick<GrowthBookClient, "evalFeature">) {
  return (visitor: DemoSubject): readonly unknown[] => {
    const user = { attributes: attributesOf(visitor) };
    return KEYS.map((key) => sdk.evalFeature(key, user).value as unknown);
  };
}

/** Evaluates and logs exposures to a CSV file. Returns the exposures. */
function loggedBy(
  Sdk: typeof GrowthBookClient,
  visitors: readonly DemoSubject[],
): readonly string[] {
  const csv = new CsvLogger(resolve(csvFileOf(Sdk)));
  const seen: string[] = [];
  const sdk = new Sdk({
    trackingCallback(experiment, { hashValue, featureId, key }, { attributes = {} }) {
      seen.push(`${hashValue} ${experiment.key} ${key}`);
      csv.logAssignment({
        timestamp: new Date().toISOString(),
        subject: hashValue,
        featureFlag: featureId ?? "",
        allocation: "",
        experiment: experiment.key,
        variation: key,
        subjectAttributes: attributes as Attributes,
        messageId: "",
      });
    },
  }).initSync({ payload: shopPayload() as never }); // JSON
  visitors.forEach(valuesOf(sdk));
  sdk.destroy();
  csv.close();
  return seen;
}

function sharesOf(values: readonly (readonly unknown[])[], index: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of values) {
    const value = JSON.stringify(row[index]);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return new Map([...counts].sort());
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`.padStart(6);
}
