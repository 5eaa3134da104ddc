import { fileURLToPath } from "node:url";
import { describeRecordings, type Situation } from "@sortition/dialect-kit/request-recorder";
import { HttpTransport } from "@sortition/node/internal";
import { BATCHES, FAILED_BATCHES } from "./batches.js";
import { POLLS } from "./definitions.js";
import { CACHES } from "./definitions-cache.js";
import { ENDS } from "./ends.js";
import { FLAG_REQUESTS } from "./flags.js";

const groups: Readonly<Record<string, readonly Situation[]>> = {
  definitions: POLLS,
  "definitions-cache": CACHES,
  flags: FLAG_REQUESTS,
  batches: BATCHES,
  "failed-batches": FAILED_BATCHES,
  ends: ENDS,
};

/** The first request loads undici. */
async function preload(): Promise<void> {
  const url = new URL("http://preload.test");
  const { signal } = new AbortController();
  const transport = new HttpTransport();
  await transport.request({ url, headers: {}, maxBodyBytes: 0, signal });
  transport.release();
}

/** Removes the library version from events. */
function plain(line: string): string {
  return line.replace(/(version\\?":\\?")\d+\.\d+\.\d+[\w.-]*/g, "$1<version>");
}

for (const [name, situations] of Object.entries(groups)) {
  const file = fileURLToPath(new URL(`${name}.txt`, import.meta.url));
  // Batches are compressed, and events with `sendFeatureFlags` wait for a hash.
  const waitsForThreads = situations === BATCHES || situations === FLAG_REQUESTS;
  describeRecordings(name, {
    file,
    situations,
    preload,
    waitsForThreads,
    normalise: plain,
    isLong: true,
  });
}
