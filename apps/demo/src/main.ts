import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { type Client, csvLogger, init } from "@sortition/node";
import { logToAnalytics } from "./analytics.js";
import { assignAll } from "./assign.js";
import { type ConfigServer, startConfigServer } from "./config-server.js";
import { type DemoOptions, HELP, readOptions } from "./options.js";
import { flagsOf, type Releases, readReleases } from "./releases.js";
import { printShares } from "./report.js";
import { ExposureCounter } from "./shares.js";
import { ChoiceCounter, offerShoes, printOffers } from "./shoe-bandit.js";
import { readSubjects, shopVisitors } from "./subjects.js";

const VISITORS = 10_000;
const POLL_INTERVAL_MS = 1_000;
const UPDATE_WITHIN_MS = 15_000;
const CSV_FILE = "sortition-demo/exposures.csv";

/** Runs the demo that the arguments select. Resolves to the exit code. */
async function run(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.isHelp) {
    console.log(HELP);
    return 0;
  }
  if (options.workers !== null) {
    const { runFleetDemo } = await import("./fleet/demo.js");
    return await runFleetDemo(options.workers);
  }
  if (options.usesRelay) {
    const { keepRelay, runRelayDemo } = await import("./relay/demo.js");
    const isExpected = await runRelayDemo();
    if (options.keepsRelay) await keepRelay();
    return isExpected ? 0 : 1;
  }
  return (await runShop(options)) ? 0 : 1;
}

/** Runs the demo with one process. Resolves to whether everything was as expected. */
async function runShop(options: DemoOptions): Promise<boolean> {
  const releases = readReleases(options.config, Date.now());
  const subjects =
    options.subjects === null ? shopVisitors(VISITORS) : readSubjects(options.subjects);

  const server = await startConfigServer(releases.first, releases.models);
  const path = resolve(CSV_FILE);
  rmSync(path, { force: true });
  const csv = csvLogger(path, { maxBufferedBytes: Number.MAX_SAFE_INTEGER });
  const counter = new ExposureCounter();
  const choices = new ChoiceCounter();
  const client = await init({
    apiKey: "demo",
    baseUrl: server.url,
    pollIntervalMs: POLL_INTERVAL_MS,
    assignmentLogger: {
      logAssignment(event) {
        csv.logAssignment(event);
        counter.add(event);
      },
      logBanditAction: (event) => choices.add(event),
    },
    // Room for every subject and flag, so that the second round logs only what changed.
    deduplication: { assignments: { max: Number.POSITIVE_INFINITY } },
  });
  try {
    const { state, revision } = client.status;
    console.log(
      `1. A configuration server runs on ${server.url}; the client is ${state} (${revision}).`,
    );

    const flags = flagsOf(releases.first);
    const startedAtMs = performance.now();
    const calls = assignAll(client, flags, subjects);
    const perSecond = Math.round(calls / ((performance.now() - startedAtMs) / 1_000));
    console.log(
      `2. Assigned ${subjects.length} subjects to ${flags.length} flags: ${calls} evaluations with their ` +
        `exposures, ${perSecond.toLocaleString("en")} per second.`,
    );
    const isFair = printShares(counter.compare(flags));
    const isComplete = !releases.hasBandits || printOffers(offerShoes(client, subjects), choices);
    const configuration = client.getConfiguration();
    const isReceived =
      !releases.hasBandits ||
      (configuration !== null && (await logToAnalytics(configuration, subjects)));

    const hasFollowed = await changeAndFollow(client, server, releases);
    counter.clear();
    const { deduplicated: knownBefore } = client.status.counters.exposures;
    assignAll(client, flagsOf(releases.second), subjects);
    const { accepted, deduplicated } = client.status.counters.exposures;
    console.log(
      `4. Evaluated all subjects again: ${deduplicated - knownBefore} exposures were known and not logged twice.\n` +
        `5. ${accepted - choices.total} exposures are in ${path}`,
    );
    return isFair && isComplete && isReceived && hasFollowed;
  } finally {
    await client.close();
    await csv.close();
    server.close();
  }
}

/** Publishes the second release and waits for the client to serve it. */
async function changeAndFollow(
  client: Client,
  server: ConfigServer,
  { second, changedFlags }: Releases,
): Promise<boolean> {
  const followed = new Promise<readonly string[] | null>((resolve) => {
    const timer = setTimeout(() => resolve(null), UPDATE_WITHIN_MS);
    client.on("configuration-changed", ({ flagsChanged }) => {
      clearTimeout(timer);
      resolve(flagsChanged.changed);
    });
  });
  const startedAtMs = performance.now();
  server.publish(second);
  const changed = await followed;
  const tookMs = Math.round(performance.now() - startedAtMs);
  if (changed === null) {
    console.log(
      `\n3. The configuration was changed, but the client DID NOT FOLLOW in ${tookMs} ms.`,
    );
    return false;
  }
  const isExact = changed.join() === [...changedFlags].join();
  console.log(
    `\n3. The configuration was changed; the client followed after ${tookMs} ms ` +
      `(${server.requests} requests so far): ${changed.join(", ")} changed` +
      `${isExact ? "." : `, but ${changedFlags.join(", ")} WAS EXPECTED.`}`,
  );
  return isExact;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
