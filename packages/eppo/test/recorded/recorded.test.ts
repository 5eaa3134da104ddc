import { fileURLToPath } from "node:url";
import { describeRecordings, type Situation } from "@sortition/dialect-kit/request-recorder";
import { HttpTransport } from "@sortition/node/internal";
import { POLLS } from "./polls.js";
import { STARTS } from "./starts.js";
import { TRACKED_EVENTS } from "./tracked-events.js";

const groups: Readonly<Record<string, readonly Situation[]>> = {
  starts: STARTS,
  polls: POLLS,
  "tracked-events": TRACKED_EVENTS,
};

/** Loads undici with a first request. */
async function preload(): Promise<void> {
  const url = new URL("http://preload.test");
  const { signal } = new AbortController();
  const request = { url, headers: {}, maxBodyBytes: 0, signal };
  const transport = new HttpTransport();
  await transport.request(request);
  transport.release();
}

for (const [name, situations] of Object.entries(groups)) {
  const file = fileURLToPath(new URL(`${name}.txt`, import.meta.url));
  describeRecordings(name, { file, situations, preload, waitsForThreads: false });
}
