import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AssignmentEvent } from "../../packages/core/src/index.ts";
import { type FlagServer, flagServer } from "../../packages/testing/src/server.ts";
import {
  DIALECTS,
  describeFlags,
  factsOf,
  loggedClient,
} from "../../packages/web/test/support/flags.ts";
import { type RunningWorker, startWorker } from "./start-worker.ts";

const SUBJECTS = 1_000;
const AT_A_TIME = 50;

/** The events that the Worker sent, by dialect. */
const received = new Map<string, AssignmentEvent[]>();
const collector = createServer(async (request, response) => {
  const name = request.url?.slice(1) ?? "";
  const { exposures } = JSON.parse(Buffer.concat(await request.toArray()).toString());
  const events = exposures.map(
    ({ kind: _, ...event }: AssignmentEvent & { kind: string }) => event,
  );
  received.set(name, [...(received.get(name) ?? []), ...events]);
  response.end();
});

const vendors = DIALECTS.map(({ create, dialect }) => {
  const flags = create();
  describeFlags(flags, { fast: 50, standard: 50 });
  return { name: dialect.toLowerCase(), flags };
});
let servers: readonly FlagServer[] = [];
let worker: RunningWorker;

beforeAll(async () => {
  servers = await Promise.all(vendors.map(({ flags }) => flagServer({ flags })));
  await once(collector.listen(0, "127.0.0.1"), "listening");
  const addresses = vendors.map(({ name }, i) => [
    name,
    `${servers[i]?.url}${name === "eppo" ? "/api" : ""}`,
  ]);
  worker = await startWorker(join(import.meta.dirname, "programs/web-worker.mjs"), {
    ...Object.fromEntries(addresses),
    COLLECTOR: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  });
});

afterAll(async () => {
  await worker?.close();
  collector.closeAllConnections();
  collector.close();
  await Promise.all(servers.map((it) => it.close()));
});

/** Facts in an order that does not depend on when requests end, without the package that logged them. */
function sorted(events: readonly AssignmentEvent[]): readonly string[] {
  return factsOf(events)
    .map((it) => JSON.stringify({ ...it, metaData: null }))
    .toSorted();
}

describe.each(vendors)("a page of a Worker with flags of $name", ({ flags, name }) => {
  it("shows the values and logs the events of a native client on Node, for 1,000 subjects", async () => {
    const { client, events } = loggedClient(flags);
    const visit = async (subject: string): Promise<void> => {
      const page = await fetch(`${worker.url}/page/${name}?subject=${subject}`);
      expect(page.headers.get("cache-control")).toBe("private, no-cache");
      const { logs, token, values } = (await page.json()) as Record<string, unknown>;
      const attributes = { country: "DK" };
      expect(values).toEqual({
        checkout: client.getStringAssignment("checkout", subject, attributes, "none"),
        search: client.getStringAssignment("search", subject, attributes, "none"),
        ui: client.getBooleanAssignment("ui", subject, attributes, false),
      });
      const body = JSON.stringify({ t: token, f: (logs as unknown[]).map((_, i) => i) });
      const posted = await fetch(`${worker.url}/exposures/${name}`, { method: "POST", body });
      expect(posted.status).toBe(204);
    };
    for (let i = 0; i < SUBJECTS; i += AT_A_TIME) {
      await Promise.all(Array.from({ length: AT_A_TIME }, (_, at) => visit(`user-${i + at}`)));
    }
    expect(events.length).toBeGreaterThanOrEqual(2 * SUBJECTS);
    await expect.poll(() => received.get(name)).toHaveLength(events.length);
    expect(sorted(received.get(name) ?? [])).toEqual(sorted(events));
  });
});
