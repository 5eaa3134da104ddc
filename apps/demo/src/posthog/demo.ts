import { isDeepStrictEqual } from "node:util";
import { PostHog } from "@sortition/posthog";
import { PostHog as VendorPostHog } from "posthog-node";
import { ROUNDS, sideBySide } from "../side-by-side.js";
import { shopVisitors } from "../subjects.js";
import { type PosthogServer, startPosthogServer } from "./server.js";
import { type DemoPerson, personOf, shopDefinitions } from "./shop.js";

const VISITORS = 10_000;
/** Number of visitors whose exposures and orders are sent. Small, to keep the demo fast. */
const CUSTOMERS = 2_000;

/** The members of both packages that the demo uses. */
type Client = Pick<
  PostHog,
  "capture" | "evaluateFlags" | "flush" | "shutdown" | "waitForLocalEvaluationReady"
>;

type Answers = Readonly<Record<string, readonly unknown[]>>;

/** Evaluates the shop's flags in PostHog's format with both packages. Resolves to true if they agree and all events were received. */
export async function runPosthogDemo(): Promise<boolean> {
  const people = shopVisitors(VISITORS).map(personOf);
  const definitions = shopDefinitions();
  const servers = await Promise.all([0, 1].map(() => startPosthogServer(definitions)));
  const [theirServer, ourServer] = servers as [PosthogServer, PosthogServer];
  const options = (host: string) => ({ host, secretKey: "phs_demo", strictLocalEvaluation: true });
  const vendor = new VendorPostHog("phc_demo", options(theirServer.url)) as unknown as Client; // has the same methods
  const ours = new PostHog("phc_demo", options(ourServer.url));
  try {
    const areReady = await Promise.all(
      [vendor, ours].map((it) => it.waitForLocalEvaluationReady(5_000)),
    );
    if (areReady.includes(false)) throw new Error("the definitions could not be loaded");
    console.log("1. Both packages have loaded the definitions from a server on loopback.");

    const evaluated = await sideBySide({
      vendor: () => answersOf(vendor, people),
      ours: () => answersOf(ours, people),
    });
    const { result: theirs } = evaluated.vendor;
    const { result: mine } = evaluated.ours;
    console.log(
      `2. Evaluated all flags for ${people.length} visitors, fastest of ${ROUNDS} rounds: posthog-node in ` +
        `${evaluated.vendor.ms} ms, our drop-in in ${evaluated.ours.ms} ms.`,
    );
    for (const [key, share] of sharesOf(mine)) console.log(`     ${key}: ${share}`);
    const differences = people.filter(
      ({ distinctId }) => !isDeepStrictEqual(mine[distinctId], theirs[distinctId]),
    ).length;
    console.log(`3. Differences between the two: ${differences}`);

    const customers = people.slice(0, CUSTOMERS);
    const sold = await sell(ours, customers);
    const { ms: theirMs } = await sell(vendor, customers);
    await Promise.all([vendor.shutdown(), ours.shutdown()]);
    const ids = new Set(ourServer.events.map(({ uuid }) => uuid));
    const isOnce = ids.size === ourServer.events.length && ids.size === sold.events;
    console.log(
      `4. ${sold.events} events were captured; the collector received ${ourServer.events.length}, ` +
        `${isOnce ? "each exactly once" : "NOT EACH EXACTLY ONCE"}. Including the evaluation of their flags, posthog-node took ` +
        `${theirMs} ms to send them, our drop-in ${sold.ms} ms.`,
    );
    const unlike = differencesOfEvents(theirServer, ourServer);
    console.log(`5. Differences between the events of posthog-node and ours: ${unlike}`);
    return differences === 0 && isOnce && unlike === 0;
  } finally {
    await Promise.all([vendor.shutdown(), ours.shutdown()]);
    for (const server of servers) server.close();
  }
}

async function answersOf(client: Client, people: readonly DemoPerson[]): Promise<Answers> {
  const answers: Record<string, readonly unknown[]> = {};
  for (const { distinctId, personProperties } of people) {
    const flags = await client.evaluateFlags(distinctId, { personProperties });
    answers[distinctId] = flags.keys
      .toSorted()
      .map((key) => [key, flags.getFlag(key, { sendFeatureFlagEvents: false })]);
  }
  return answers;
}

/** Shows each customer the checkout and places an order. Resolves when the events were sent. */
async function sell(client: Client, customers: readonly DemoPerson[]) {
  const startedAtMs = performance.now();
  for (const { distinctId, personProperties } of customers) {
    const flags = await client.evaluateFlags(distinctId, { personProperties });
    const button = flags.getFlag("checkout-button");
    flags.getFlag("checkout-button"); // a repetition, which is not sent
    client.capture({ distinctId, event: "order placed", properties: { button }, flags });
  }
  await client.flush();
  return { events: customers.length * 2, ms: Math.round(performance.now() - startedAtMs) };
}

/** Counts events that only one of the servers received, ignoring identifiers, times and our version. */
function differencesOfEvents(theirs: PosthogServer, ours: PosthogServer): number {
  const [left, right] = [theirs, ours].map(({ events }) => events.map(comparable).sort());
  const others = new Set(right);
  return Math.max(
    Math.abs((left?.length ?? 0) - others.size),
    (left ?? []).filter((text) => !others.has(text)).length,
  );
}

function comparable({ distinct_id, event, properties }: PosthogServer["events"][number]): string {
  const { sortition_version, ...rest } = properties;
  const members = Object.entries(rest).filter(([name]) => !TIMES.has(name));
  return JSON.stringify([distinct_id, event, members.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

const TIMES: ReadonlySet<string> = new Set([
  "$feature_flag_evaluated_at",
  "$feature_flag_definitions_loaded_at",
]);

/** Returns the shares of each flag's values. */
function sharesOf(answers: Answers): readonly (readonly [flag: string, shares: string])[] {
  const counts = new Map<string, Map<string, number>>();
  for (const values of Object.values(answers)) {
    for (const [key, value] of values as readonly (readonly [string, unknown])[]) {
      const byValue = counts.get(key) ?? new Map<string, number>();
      byValue.set(String(value), (byValue.get(String(value)) ?? 0) + 1);
      counts.set(key, byValue);
    }
  }
  const total = Object.keys(answers).length;
  return [...counts].map(([key, byValue]) => [
    key,
    [...byValue]
      .sort()
      .map(([value, count]) => `${value} ${((count / total) * 100).toFixed(1)}%`)
      .join(", "),
  ]);
}
