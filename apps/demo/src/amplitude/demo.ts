import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { LocalEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { LocalEvaluationClient } from "@sortition/amplitude";
import { CsvLogger } from "../csv-logger.js";
import { shopVisitors } from "../subjects.js";
import { startAmplitudeServer } from "./server.js";
import { type DemoUser, shopCohort, shopFlags, userOf } from "./shop.js";

const VISITORS = 10_000;
const CSV_FILE = "sortition-demo/amplitude-exposures.csv";

/** The shop in Amplitude's format, evaluated by both packages; resolves to whether they agree. */
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
    console.log(`1. Both packages have the flags and the cohort of ${server.url}.`);

    const theirs = timed(users, (user) => vendor.evaluateV2(user));
    const mine = timed(users, (user) => ours.evaluateV2(user, undefined, { tracksExposure: true }));
    console.log(
      `2. Evaluated all flags for ${users.length} visitors: the vendor's in ${theirs.ms} ms, ` +
        `ours with exposures in ${mine.ms} ms.`,
    );
    const differences = users.filter(
      (_, i) => !isDeepStrictEqual(mine.results[i], theirs.results[i]),
    ).length;
    for (const [key, share] of sharesOf(mine.results)) console.log(`     ${key}: ${share}`);
    console.log(`3. differences: ${differences}`);

    await ours.stop({ timeoutMs: 5_000 });
    console.log(`4. ${exposures} exposures are in ${path}`);
    return differences === 0 && exposures > 0;
  } finally {
    vendor.stop();
    ours.stop();
    csv.close();
    server.close();
  }
}

type Results = readonly Record<string, { readonly key?: string | undefined }>[];

/** Evaluates for each user; a copy of it, since evaluations write to users. */
function timed(
  users: readonly DemoUser[],
  evaluate: (user: DemoUser) => Results[number],
): { readonly results: Results; readonly ms: number } {
  const copies = users.map((user) => ({ ...user }));
  const startedAtMs = performance.now();
  const results = copies.map(evaluate);
  return { results, ms: Math.round(performance.now() - startedAtMs) };
}

/** Shares of the variants of each flag. */
function sharesOf(results: Results): readonly (readonly [flag: string, shares: string])[] {
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
      .map(([key, count]) => `${key} ${((count / results.length) * 100).toFixed(1)} %`)
      .join(", "),
  ]);
}
