import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Experiment, GrowthBookClient as VendorClient } from "@growthbook/growthbook";
import { GrowthBookClient } from "@sortition/growthbook";
import { growthbook } from "@sortition/growthbook/dialect";
import { type Attributes, Configuration, createClient } from "@sortition/node";
import { CsvLogger } from "../csv-logger.js";
import { shopConfiguration } from "../shop.js";
import { type DemoSubject, shopVisitors } from "../subjects.js";
import { attributesOf, shopPayload } from "./shop.js";

const VISITORS = 10_000;
const CSV_FILE = "sortition-demo/growthbook-exposures.csv";

/** Features with the getter of their type, and the default of the shop. */
const FEATURES = {
  "new-checkout": ["getBooleanAssignment", false],
  "checkout-button": ["getStringAssignment", ""],
  "free-shipping-minimum": ["getIntegerAssignment", 50],
  "recommendation-weight": ["getNumericAssignment", 0],
  "hero-banner": ["getJSONAssignment", {}],
} as const;
const KEYS = Object.keys(FEATURES) as (keyof typeof FEATURES)[]; // these are its keys

/** Run by the program itself: not part of the payload. */
const INLINE: Experiment<string> = {
  key: "greeting",
  variations: ["Hello", "Welcome back"],
  weights: [0.5, 0.5],
  condition: { orders: { $gt: 0 } },
};

/** The shop in GrowthBook's format, evaluated by both packages; resolves to whether they agree. */
export async function runGrowthbookDemo(): Promise<boolean> {
  const visitors = shopVisitors(VISITORS);
  const payload = shopPayload();
  const path = resolve(CSV_FILE);
  const csv = new CsvLogger(path);
  let exposures = 0;
  const dialect = growthbook();
  const flags = new TextEncoder().encode(JSON.stringify(payload));
  const client = createClient({
    dialect,
    initialConfiguration: Configuration.from({ dialect, payloads: { flags } }),
    assignmentLogger: {
      logAssignment(event) {
        exposures += 1;
        csv.logAssignment(event);
      },
    },
  });
  const eppo = createClient({
    initialConfiguration: Configuration.from({
      flagsConfiguration: new TextEncoder().encode(shopConfiguration(1, Date.now())),
    }),
    assignmentLogger: { logAssignment() {} },
  });
  const vendor = new VendorClient().initSync({ payload: payload as never }); // JSON
  const facade = new GrowthBookClient().initSync({ payload: payload as never });
  try {
    const ask = (from: typeof client | typeof eppo) => (it: DemoSubject) =>
      KEYS.map((key) => {
        const [getter, fallback] = FEATURES[key];
        const attributes = it.subjectAttributes as Attributes;
        return from[getter](key, it.subjectKey, attributes, fallback as never) as unknown;
      });
    const theirs = timed(visitors, (it) => {
      const user = { attributes: attributesOf(it) };
      return KEYS.map((key) => vendor.evalFeature(key, user).value as unknown);
    });
    const mine = timed(visitors, ask(client));
    const ofEppo = timed(visitors, ask(eppo));
    console.log(
      `1. Evaluated ${KEYS.length} features for ${visitors.length} visitors: the vendor's SDK in ${theirs.ms} ms, ours ` +
        `with exposures in ${mine.ms} ms.`,
    );
    console.log("2. Shares of the values, by GrowthBook's rules and by Eppo's:");
    KEYS.forEach((key, i) => {
      console.log(`\n  ${key}`);
      const [here, there] = [sharesOf(mine.values, i), sharesOf(ofEppo.values, i)];
      for (const value of new Set([...here.keys(), ...there.keys()])) {
        const shares = [here, there].map((it) => percent((it.get(value) ?? 0) / VISITORS));
        console.log(`    ${value.padEnd(60)} growthbook ${shares[0]}   eppo ${shares[1]}`);
      }
    });
    const differences = visitors.filter(
      (_, i) => !isDeepStrictEqual(mine.values[i], theirs.values[i]),
    );
    console.log(`\n3. The vendor's answers beside ours: differences: ${differences.length}`);
    const inline = visitors.filter((it) => {
      const user = { attributes: attributesOf(it) };
      const [a, b] = [facade, vendor].map((sdk) => sdk.runInlineExperiment(INLINE as never, user));
      return !isDeepStrictEqual(a, b);
    });
    console.log(`4. The inline experiment "${INLINE.key}": differences: ${inline.length}`);
    await client.close();
    console.log(`5. ${exposures} exposures are in ${path}`);
    return differences.length === 0 && inline.length === 0 && exposures > 0;
  } finally {
    await Promise.all([client.close(), eppo.close()]);
    vendor.destroy();
    facade.destroy();
    csv.close();
  }
}

function timed(
  visitors: readonly DemoSubject[],
  evaluate: (visitor: DemoSubject) => readonly unknown[],
): { readonly values: readonly (readonly unknown[])[]; readonly ms: number } {
  const startedAtMs = performance.now();
  const values = visitors.map(evaluate);
  return { values, ms: Math.round(performance.now() - startedAtMs) };
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
  return `${(share * 100).toFixed(1)} %`.padStart(7);
}
