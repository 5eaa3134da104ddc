import * as vendor from "@growthbook/growthbook";
import * as vendorPlugins from "@growthbook/growthbook/plugins";
import { expect, it } from "vitest";
import * as ours from "../../src/index.js";
import * as ourPlugins from "../../src/plugins.js";
import { CHANGED_SHOP, SHOP } from "./shop-payload.js";
import { type SeenRequest, ShopServer, until } from "./shop-server.js";
import { type Journal, type Surroundings, userProgram } from "./user-program.js";

/** What the program and its servers have recorded. */
interface Run {
  readonly journal: Journal;
  readonly requests: readonly SeenRequest[];
}

async function runWith(sdk: Pick<Surroundings, "sdk" | "plugins">): Promise<Run> {
  const server = await new ShopServer({ payload: SHOP, hasStream: true }).start();
  const publish: Surroundings["publish"] = async (receivers) => {
    await until(() => server.streams.size > 0, "a stream");
    const features = (): string[] => receivers.map((it) => JSON.stringify(it.getFeatures()));
    const before = features();
    server.options.payload = CHANGED_SHOP;
    server.push("features", JSON.stringify(CHANGED_SHOP));
    await until(() => features().every((it, i) => it !== before[i]), "the change");
  };
  try {
    const settle = (): Promise<void> =>
      until(() => eventsIn(server.requests).length >= EVENTS, "the tracked events", 15_000);
    const journal = await userProgram({ ...sdk, host: server.url, publish, settle });
    return { journal, requests: server.requests };
  } finally {
    await server.close();
  }
}

it("the same user code has the same results and requests with both packages", async () => {
  const theirs = await runWith({
    // Both have the same names, but the vendor's types use `any` where ours use `unknown`.
    sdk: vendor as unknown as typeof ours,
    plugins: vendorPlugins as unknown as typeof ourPlugins,
  });
  const own = await runWith({ sdk: ours, plugins: ourPlugins });
  expect(own.journal.length).toBeGreaterThan(40);
  expect(asSeen(own.journal)).toEqual(asSeen(theirs.journal));
  const paths = ["/api/features/", "/api/eval/", "/sub/"];
  for (const path of paths) {
    // Requests to different paths are not compared by order, because a few milliseconds decide it.
    const [sent, expected] = [own, theirs].map(({ requests }) =>
      requests.filter(({ target }) => target.startsWith(path)).map(comparable),
    );
    expect(sent, path).toEqual(expected);
    expect(sent, path).not.toHaveLength(0);
  }
  // A few milliseconds also decide how many events are in one request.
  expect(eventsIn(own.requests)).toEqual(eventsIn(theirs.requests));
  const tracks = [own, theirs].map(({ requests }) =>
    requests
      .filter(({ target }) => target.startsWith("/track"))
      .map((request) => comparable({ ...request, body: "", headers: lengthless(request) })),
  );
  expect(tracks[0]?.[0]).toEqual(tracks[1]?.[0]);
});

/** Number of events that the program sends. */
const EVENTS = 13;

function eventsIn(requests: readonly SeenRequest[]): readonly unknown[] {
  return requests
    .filter(({ target }) => target.startsWith("/track"))
    .flatMap(({ body }) => JSON.parse(body) as { sdk_version: string }[])
    .map((event) => ({ ...event, sdk_version: "…" }));
}

function lengthless({ headers }: SeenRequest): SeenRequest["headers"] {
  const { "content-length": _, ...others } = headers;
  return others;
}

/** Removes the port, which differs between servers. */
function asSeen(journal: Journal): unknown {
  return JSON.parse(JSON.stringify(journal).replaceAll(/127\.0\.0\.1:\d+/g, "host"));
}

/** Removes the port, and the library's name and version. */
function comparable({ method, target, headers, body }: SeenRequest): unknown {
  const { host: _, "user-agent": __, connection: ___, ...others } = headers;
  return {
    method,
    target,
    headers: others,
    body,
  };
}
