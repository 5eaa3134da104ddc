import * as vendor from "@growthbook/growthbook";
import * as vendorPlugins from "@growthbook/growthbook/plugins";
import { expect, it } from "vitest";
import * as ours from "../../src/index.js";
import * as ourPlugins from "../../src/plugins.js";
import { CHANGED_SHOP, SHOP } from "./shop-payload.js";
import { type SeenRequest, ShopServer, until } from "./shop-server.js";
import { type Journal, type Surroundings, userProgram } from "./user-program.js";

/** What the program has seen, and what its servers have. */
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

it("the same file of user code sees the same with both packages, and the servers too", async () => {
  const theirs = await runWith({
    // The same names; the vendor's types say `any` where ours say `unknown`.
    sdk: vendor as unknown as typeof ours,
    plugins: vendorPlugins as unknown as typeof ourPlugins,
  });
  const own = await runWith({ sdk: ours, plugins: ourPlugins });
  expect(own.journal.length).toBeGreaterThan(40);
  expect(asSeen(own.journal)).toEqual(asSeen(theirs.journal));
  const paths = ["/api/features/", "/api/eval/", "/sub/"];
  for (const path of paths) {
    // Between those of different paths, the order is a matter of milliseconds.
    const [sent, expected] = [own, theirs].map(({ requests }) =>
      requests.filter(({ target }) => target.startsWith(path)).map(comparable),
    );
    expect(sent, path).toEqual(expected);
    expect(sent, path).not.toHaveLength(0);
  }
  // How many events are in one request is a matter of milliseconds too.
  expect(eventsIn(own.requests)).toEqual(eventsIn(theirs.requests));
  const tracks = [own, theirs].map(({ requests }) =>
    requests
      .filter(({ target }) => target.startsWith("/track"))
      .map((request) => comparable({ ...request, body: "", headers: lengthless(request) })),
  );
  expect(tracks[0]?.[0]).toEqual(tracks[1]?.[0]);
});

/** Number of events that the program causes. */
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

/** Without the port, which differs from server to server. */
function asSeen(journal: Journal): unknown {
  return JSON.parse(JSON.stringify(journal).replaceAll(/127\.0\.0\.1:\d+/g, "host"));
}

/** Everything but the port and the name and version of the library. */
function comparable({ method, target, headers, body }: SeenRequest): unknown {
  const { host: _, "user-agent": __, connection: ___, ...others } = headers;
  return {
    method,
    target,
    headers: others,
    body,
  };
}
