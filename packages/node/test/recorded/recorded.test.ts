import { fileURLToPath } from "node:url";
import {
  describeRecordings,
  preloadTransport,
  type Situation,
} from "@sortition/dialect-kit/request-recorder";
import { HttpTransport } from "../../src/internal.js";
import { ENDS } from "./ends.js";
import { EVENT_STREAMS } from "./event-streams.js";
import { PARTS } from "./parts.js";
import { POLLS } from "./polls.js";
import { REFRESHES } from "./refreshes.js";

const groups: Readonly<Record<string, readonly Situation[]>> = {
  polls: POLLS,
  refreshes: REFRESHES,
  parts: PARTS,
  ends: ENDS,
  "event-streams": EVENT_STREAMS,
};

/** Loads undici with a first request, and the module for disk copies. */
async function preload(): Promise<void> {
  await preloadTransport(new HttpTransport());
  await import("../../src/disk/disk-cached-run.js");
}

/** Replaces the temporary folder of a disk copy. */
function withoutFolder(line: string): string {
  return line.replaceAll(/'\S*sortition-[^/]+\//g, "'<folder>/");
}

for (const [name, situations] of Object.entries(groups)) {
  const file = fileURLToPath(new URL(`${name}.txt`, import.meta.url));
  describeRecordings(name, {
    file,
    situations,
    preload,
    waitsForThreads: false,
    normalise: withoutFolder,
  });
}
