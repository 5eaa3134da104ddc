import { fileURLToPath } from "node:url";
import {
  describeRecordings,
  preloadTransport,
  type Situation,
} from "@sortition/dialect-kit/request-recorder";
import { HttpTransport } from "@sortition/node/internal";
import { POLLS } from "./polls.js";
import { STARTS } from "./starts.js";
import { TRACKED_EVENTS } from "./tracked-events.js";

const groups: Readonly<Record<string, readonly Situation[]>> = {
  starts: STARTS,
  polls: POLLS,
  "tracked-events": TRACKED_EVENTS,
};

const preload = (): Promise<void> => preloadTransport(new HttpTransport());

for (const [name, situations] of Object.entries(groups)) {
  const file = fileURLToPath(new URL(`${name}.txt`, import.meta.url));
  describeRecordings(name, { file, situations, preload, waitsForThreads: false, isLong: true });
}
