import { fileURLToPath } from "node:url";
import {
  describeRecordings,
  preloadTransport,
  type Situation,
} from "@sortition/dialect-kit/request-recorder";
import { HttpTransport } from "@sortition/node/internal";
import { COHORTS } from "./cohorts.js";
import { REMOTE } from "./remote.js";
import { START } from "./start.js";
import { TRACKING } from "./tracking.js";

const groups: Readonly<Record<string, readonly Situation[]>> = {
  start: START,
  cohorts: COHORTS,
  tracking: TRACKING,
  remote: REMOTE,
};

/** Loads undici with a first request, and the analytics library. */
async function preload(): Promise<void> {
  await import("@amplitude/analytics-node");
  await preloadTransport(new HttpTransport());
}

/** Decodes users, which are sent as Base64. */
function withUser(line: string): string {
  return line.replace(
    /(x-amp-exp-user: )(\S+)/,
    (_, name, user) => `${name}${Buffer.from(user, "base64url")}`,
  );
}

for (const [name, situations] of Object.entries(groups)) {
  const file = fileURLToPath(new URL(`${name}.txt`, import.meta.url));
  describeRecordings(name, {
    file,
    situations,
    preload,
    waitsForThreads: false,
    normalise: withUser,
    isLong: true,
  });
}
