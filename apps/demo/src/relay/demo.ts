import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookSource } from "@sortition/growthbook/source";
import { createClient } from "@sortition/node";
import { type DemoSubject, shopVisitors } from "../subjects.js";
import { KEYS, PROGRAMS, type VendorName } from "./programs.js";
import { startRelay } from "./relay-process.js";
import { environmentsOf, startVendors, VARIABLES, type Vendors } from "./vendors.js";
import { openWebPages, webEnvironment } from "./web-page.js";

const VISITORS = 2_000;
/** Number of programs of each vendor behind the relay. */
const PROGRAMS_EACH = 10;
const FLAG = "announcement";
const FOLLOWS_WITHIN_MS = 1_000;

/** Runs programs of four vendors behind a relay. Resolves to whether they get the same values as from the vendors. */
export async function runRelayDemo(): Promise<boolean> {
  const visitors = shopVisitors(VISITORS);
  const folder = mkdtempSync(join(tmpdir(), "sortition-relay-demo-"));
  const vendors = await startVendors(visitors);
  const environments = environmentsOf(vendors, join(folder, "copies"));
  const start = () => startRelay(folder, { environments }, VARIABLES);
  let relay = await start();
  try {
    console.log(
      `1. The servers of four vendors run on loopback, with a relay in front of them on ${relay.url}. Its admin page is on ` +
        `${relay.admin}.`,
    );
    const direct = await answersOf(({ name }) => vendors.urls[name], visitors);
    const before = vendors.growthbookRequests;
    console.log(
      `2. ${PROGRAMS_EACH} programs of each vendor start, with ${VISITORS} visitors each:`,
    );
    let differences = 0;
    for (let i = 0; i < PROGRAMS_EACH; i++) {
      const relayed = await answersOf(({ name }) => `${relay.url}/${name}`, visitors);
      differences += differencesOf(direct, relayed);
    }
    const requests = vendors.growthbookRequests - before;
    console.log(`     differences from the vendors' own servers: ${differences}`);
    console.log(`     requests to GrowthBook's server: ${requests}`);

    const tookMs = await changeAndFollow(vendors, `${relay.url}/growthbook`);
    console.log(
      tookMs === null
        ? `3. GrowthBook pushes a change, and a client behind the relay DID NOT FOLLOW within ${FOLLOWS_WITHIN_MS} ms.`
        : `3. GrowthBook pushes a change; a client behind the relay serves it after ${tookMs.toFixed(1)} ms.`,
    );

    vendors.close();
    const exitCode = await relay.stop();
    relay = await start();
    const restarted = await answersOf(({ name }) => `${relay.url}/${name}`, visitors);
    const lost = differencesOf(direct, restarted);
    console.log(
      `4. All vendors stop, and the relay exits with ${exitCode}. A new one serves the copies on disk. ` +
        `Differences: ${lost}`,
    );
    // The relay itself may also have sent requests.
    const isShared = requests < PROGRAMS_EACH;
    return differences === 0 && isShared && tookMs !== null && exitCode === 0 && lost === 0;
  } finally {
    await relay.stop();
    vendors.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the vendors' servers and a relay until the process is interrupted, so that you can try its admin page. */
export async function keepRelay(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sortition-relay-demo-"));
  const visitors = shopVisitors(VISITORS);
  const vendors = await startVendors(visitors);
  const environments = [
    webEnvironment(vendors.urls.eppo, folder),
    ...environmentsOf(vendors, join(folder, "copies")),
  ];
  const interrupted = Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
  const relay = await startRelay(folder, { environments }, VARIABLES);
  const closeWebPages = openWebPages(relay.url, visitors);
  try {
    vendors.announce("Sale: 25% off");
    vendors.release();
    console.log(
      `5. The vendors' servers and a relay run until you press Ctrl-C. It evaluates Eppo's flags for web pages, too.\n` +
        `     page: ${relay.admin}\n` +
        `     SDKs: ${Object.keys(vendors.urls)
          .map((name) => `${relay.url}/${name}`)
          .join("\n           ")}`,
    );
    await interrupted;
  } finally {
    closeWebPages();
    await relay.stop();
    vendors.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Answers = Readonly<Record<VendorName, readonly unknown[]>>;

/** Runs a program of each vendor with the host that a function returns. */
async function answersOf(
  hostOf: (vendor: { readonly name: VendorName }) => string,
  visitors: readonly DemoSubject[],
): Promise<Answers> {
  const names = Object.keys(PROGRAMS) as VendorName[]; // these are its keys
  const answers = names.map(
    async (name) => [name, await PROGRAMS[name](hostOf({ name }), visitors)] as const,
  );
  return Object.fromEntries(await Promise.all(answers)) as Answers; // all of the names
}

function differencesOf(left: Answers, right: Answers): number {
  const names = Object.keys(left) as VendorName[]; // these are its keys
  return names.reduce(
    (sum, name) =>
      sum + left[name].filter((it, i) => !isDeepStrictEqual(it, right[name][i])).length,
    0,
  );
}

/** Changes a feature. Resolves to the time until a streaming client serves it, or `null` if it does not. */
async function changeAndFollow(vendors: Vendors, apiHost: string): Promise<number | null> {
  const client = createClient({
    dialect: growthbook(),
    source: growthbookSource({ clientKey: KEYS.growthbook, apiHost, streaming: true }),
    assignmentLogger: null,
  });
  const text = "Sale: 25% off";
  try {
    await client.waitForInitialization();
    await isSoon(() => client.status.stream?.isUp === true);
    const startedAtMs = performance.now();
    vendors.announce(text);
    const isServed = () => client.getStringAssignment(FLAG, "visitor-1", {}, "") === text;
    return (await isSoon(isServed)) ? performance.now() - startedAtMs : null;
  } finally {
    await client.close();
  }
}

/** Resolves to whether a condition becomes true in time. */
async function isSoon(condition: () => boolean): Promise<boolean> {
  const endMs = performance.now() + FOLLOWS_WITHIN_MS;
  while (!condition()) {
    if (performance.now() > endMs) return false;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return true;
}
