import { fileURLToPath } from "node:url";
import {
  describeRecordings,
  preloadTransport,
  type Situation,
} from "@sortition/dialect-kit/request-recorder";
import { HttpTransport } from "@sortition/node/internal";
import { CACHE } from "./cache.js";
import { GIVEN_EVENT_SOURCE } from "./given-event-source.js";
import { INIT } from "./init.js";
import { POLLS } from "./polls.js";
import { REMOTE } from "./remote.js";
import { SHARING } from "./sharing.js";
import { STREAMS } from "./streams.js";
import { TRACKING } from "./tracking.js";

const groups: Readonly<Record<string, readonly Situation[]>> = {
  init: INIT,
  cache: CACHE,
  polls: POLLS,
  streams: STREAMS,
  "given-event-source": GIVEN_EVENT_SOURCE,
  sharing: SHARING,
  remote: REMOTE,
  tracking: TRACKING,
};

/** The first requests load Node's `fetch` and undici. Polls and sources load what they need themselves. */
async function preload(): Promise<void> {
  await preloadTransport(new HttpTransport());
  await (await fetch("http://preload.test")).text();
  await import("@sortition/node/internal");
}

/**
 * Removes what depends on the version of Node.js or of the library: the encodings that `fetch` accepts, and a member of
 * events.
 */
function plain(line: string): string {
  return line
    .replace(/(accept-encoding: )(?:\w+, )*gzip, deflate(?:, \w+)*$/, "$1<of fetch>")
    .replace(/(version\\?":\\?")\d+\.\d+\.\d+[\w.-]*/g, "$1<version>");
}

for (const [name, situations] of Object.entries(groups)) {
  const file = fileURLToPath(new URL(`${name}.txt`, import.meta.url));
  // Some payloads are encrypted.
  const waitsForThreads = situations === INIT || situations === SHARING;
  // The package reports some failures once per process.
  const isLong = situations !== TRACKING;
  describeRecordings(name, {
    file,
    situations,
    preload,
    waitsForThreads,
    normalise: plain,
    isLong,
  });
}
