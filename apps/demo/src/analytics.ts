import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import { Analytics } from "@segment/analytics-node";
import { type Configuration, createClient } from "@sortition/node";
import { rudderstackLogger } from "@sortition/rudderstack";
import { segmentLogger } from "@sortition/segment";
import { snowplowLogger } from "@sortition/snowplow";
import { startCollector } from "@sortition/test-kit";
import { countReceived, SERVICES } from "./analytics-collector.js";
import { offerShoes } from "./shoe-bandit.js";
import type { DemoSubject } from "./subjects.js";

const SUBJECTS = 300;
const CLOSE_WITHIN_MS = 15_000;

/**
 * Offers shoes to some of the subjects, logs to three analytics services at once, and prints what they received. Two
 * loggers use instances of their vendor's library. Returns whether each event was received exactly once.
 */
export async function logToAnalytics(
  configuration: Configuration,
  subjects: readonly DemoSubject[],
): Promise<boolean> {
  const { close, requests, url } = await startCollector();
  const client = createClient({
    initialConfiguration: configuration,
    pollIntervalMs: null,
    assignmentLogger: [
      segmentLogger({ analytics: new Analytics({ writeKey: "segment", host: url }) }),
      rudderstackLogger({
        analytics: new RudderAnalytics("rudderstack", { dataPlaneUrl: url, errorHandler() {} }),
      }),
      snowplowLogger({ endpoint: url, appId: "shop" }),
    ],
  });
  try {
    const { chosen } = offerShoes(client, subjects.slice(0, SUBJECTS));
    const actions = [...chosen.values()].reduce((sum, count) => sum + count, 0);
    const assignments = Math.min(SUBJECTS, subjects.length);
    await client.close({ timeoutMs: CLOSE_WITHIN_MS });

    console.log(`\n  ${assignments} of them logged to three analytics services:`);
    let isComplete = true;
    for (const service of SERVICES) {
      const assigned = countReceived(requests, service, "assignment");
      const chose = countReceived(requests, service, "bandit action");
      const isExact =
        assigned.events === assignments &&
        chose.events === actions &&
        assigned.repeated + chose.repeated === 0;
      if (!isExact) isComplete = false;
      console.log(
        `    ${service.padEnd(22)} received ${assigned.events} assignments and ${chose.events} bandit actions` +
          `${isExact ? ", each exactly once" : `: NOT AS EXPECTED (${assignments} and ${actions})`}`,
      );
    }
    return isComplete;
  } finally {
    await close();
  }
}
