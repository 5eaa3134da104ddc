import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { LocalEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { LocalEvaluationClient } from "@sortition/amplitude";
import { CsvLogger } from "../csv-logger.js";
import { ROUNDS, sideBySide } from "../side-by-side.js";
import { shopVisitors } from "../subjects.js";
import { startAmplitudeServer } from "./server.js";
import { type DemoUser, shopCohort, shopFlags, userOf } from "./shop.js";

const VISITORS = 10_000;
const CSV_FILE = "sortition-demo/amplitude-exposures.csv";

/** Evaluates the shop's flags in Amplitude's format with both packages. Resolves to whether they agree. */
export async function runAmplitudeDemo(): Promise<boolean> {
  const users = shopVisitors(VISITORS).map(userOf);
  const server = await startAmplitudeServer(shopFlags(), shopCohort(users));
  const path = resolve(CSV_FILE);
  const csv = new CsvLogger(path);
  let exposures = 0;
  const config = {
    serverUrl: server.url,
    cohortSyncConfig: { apiKey: "demo", secretKey: "demo", cohortServerUrl: server.url },
  };
  const vendor = new VendorClient("demo", { ...config });
  const ours = new LocalEvaluationClient("demo", {
    ...config,
    exposureLogger: {
      logAssignment(event) {
        exposures += 1;
        csv.logAssignment(event);
      },
    },
  });
  try {
    await Promise.all([vendor.start(), ours.start()]);
    console.log(`1. Both packages have loaded flags and a cohort from ${server.url}.`);

    const evaluated = await sideBySide({
      vendor: () => copiesOf(users).map((user): Variants => vendor.evaluateV2(user)),
      ours: () => copiesOf(users).map((user): Variants => ours.evaluateV2(user)),
    });
    const { result: theirs } = evaluated.vendor;
    const { result: mine } = evaluated.ours;
    console.log(
      `2. Evaluated all flags for ${users.length} visitors, fastest of ${ROUNDS} rounds: the vendor's SDK in ` +
        `${evaluated.vendor.ms} ms, our drop-in in ${evaluated.ours.ms} ms.`,
    );
    const differences = users.filter((_, i) => !isDeepStrictEqual(mine[i], theirs[i])).length;
    for (const [key, share] of sharesOf(mine)) console.log(`     ${key}: ${share}`);
    console.log(`3. Differences between the two: ${differences}`);

    const startedAtMs = performance.now();
    for (const user of copiesOf(users)) ours.evaluateV2(user, undefined, { tracksExposure: true });
    await ours.stop({ timeoutMs: 5_000 });
    const ms = Math.round(performance.now() - startedAtMs);
    console.log(
      `4. Evaluated again in ${ms} ms, with each exposure logged to a CSV file: ${exposures} exposures are in ${path}`,
    );
    return differences === 0 && exposures > 0;
  } finally {
    vendor.stop();
    ours.stop();
    csv.close();
    server.close();
  }
}

type Variants = Record<string, { readonly key?: string | undefined }>;

/** Each round needs copies, because evaluations modify users. */
function copiesOf(users: readonly DemoUser[]): readonly DemoUser[] {
  return users.map((user) => ({ ...user }));
}

/** Returns the shares of each flag's variants. */
function sharesOf(
  results: readonly Variants[],
): readonly (readonly [flag: string, shares: string])[] {
  const counts = new Map<string, Map<string, number>>();
  for (const variants of results) {
    for (const [flag, { key = "" }] of Object.entries(variants)) {
      const byKey = counts.get(flag) ?? new Map<string, number>();
      byKey.set(key, (byKey.get(key) ?? 0) + 1);
      counts.set(flag, byKey);
    }
  }
  return [...counts].map(([flag, byKey]) => [
    flag,
    [...byKey]
      .sort()
      .map(([key, count]) => `${key} ${((count / results.length) * 100).toFixed(1)}%`)
      .join(", "),
  ]);
}
