import { once } from "node:events";
import { get, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Request } from "express";
import type * as Sdk from "../../src/index.js";
import type * as SdkPlugins from "../../src/plugins.js";
import { SHOP } from "./shop-payload.js";

/** The program's observations, in order. */
export type Journal = unknown[];

/** The package and the servers, which differ between two runs. */
export interface Surroundings {
  readonly sdk: typeof Sdk;
  readonly plugins: typeof SdkPlugins;
  readonly host: string;
  /** Makes the server send a changed payload by its stream, and waits until all receivers have new features. */
  publish(receivers: readonly { getFeatures(): unknown }[]): Promise<void>;
  /** Waits until all tracked events have been received. */
  settle(): Promise<void>;
}

type ShopRequest = Request & { gb: Sdk.GrowthBook };

/** A small `EventSource` of the kind that users install. */
export class SmallEventSource {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 0;
  readonly #listeners = new Map<string, (event: { type: string; data: string }) => void>();
  #response: IncomingMessage | null = null;

  constructor(url: string, { headers = {} }: { headers?: Record<string, string> } = {}) {
    // Uses its own connection, because a connection that the server has closed would end this stream for good.
    const options = { agent: false, headers: { accept: "text/event-stream", ...headers } };
    get(url, options, (response) => {
      this.#response = response;
      this.readyState = 1;
      this.onopen?.();
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        const events = text.split("\n\n");
        text = events.pop() ?? "";
        for (const event of events) this.#receive(event);
      });
    }).on("error", () => this.onerror?.());
  }

  addEventListener(type: string, listener: (event: { type: string; data: string }) => void): void {
    this.#listeners.set(type, listener);
  }

  close(): void {
    this.readyState = 2;
    this.#response?.destroy();
  }

  #receive(event: string): void {
    const [, type = ""] = /^event: (.*)$/m.exec(event) ?? [];
    const [, data = ""] = /^data: (.*)$/m.exec(event) ?? [];
    this.#listeners.get(type)?.({ type, data });
  }
}

/** Starts a server that creates an instance for each request. */
async function startShop(
  { sdk, plugins }: Surroundings,
  features: () => Record<string, Sdk.FeatureDefinition>,
  journal: Journal,
): Promise<Server> {
  const app = express();
  app.use((request, response, next) => {
    const gb = new sdk.GrowthBook({
      features: features(),
      savedGroups: SHOP.savedGroups,
      attributes: { id: request.query["user"], country: request.query["country"] },
      url: `https://shop.example${request.url}`,
      enableDevMode: true,
      plugins: [
        plugins.devtoolsExpressPlugin({
          request: { ...request, query: request.query as Record<string, string>, cookies: {} },
        }),
      ],
      trackingCallback: (experiment, result, user) => {
        journal.push(["tracked", experiment, result, user]);
      },
      onFeatureUsage: (key, result) => journal.push(["used", key, result]),
    });
    (request as unknown as ShopRequest).gb = gb;
    response.once("finish", () => gb.destroy());
    next();
  });
  app.get("/checkout", (request, response) => {
    const { gb } = request as unknown as ShopRequest;
    response.json({
      isNew: gb.isOn("new-checkout"),
      isOld: gb.isOff("new-checkout"),
      banner: gb.getFeatureValue("banner", {}),
      premium: gb.evalFeature("premium"),
      unknown: gb.evalFeature("nope"),
      inline: gb.run({ key: "inline", variations: ["a", "b", "c"], coverage: 0.9 }),
      results: [...gb.getAllResults()],
      attributes: gb.getAttributes(),
      logs: gb.logs.map(({ timestamp: _, ...log }) => log),
    });
  });
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Runs a typical server program with the SDK from start to end. Returns its observations. */
export async function userProgram(surroundings: Surroundings): Promise<Journal> {
  const { sdk, plugins, host, publish, settle } = surroundings;
  const journal: Journal = [];
  const clientKey = "sdk-abc";
  sdk.setPolyfills({ EventSource: SmallEventSource });

  // One client for the process, with streaming and the tracking plugin.
  const client = new sdk.GrowthBookClient({
    apiHost: `${host}/`,
    clientKey,
    apiHostRequestHeaders: { "X-Team": "shop" },
    streamingHostRequestHeaders: { "X-Stream": "1" },
    globalAttributes: { site: "shop" },
    plugins: [
      plugins.growthbookTrackingPlugin({ ingestorHost: host, queueFlushInterval: 10 }),
      plugins.tracingPlugin(),
    ],
    trackingCallback: (experiment, result, user) => {
      journal.push(["client tracked", experiment.key, result.variationId, user]);
    },
  });
  journal.push(await client.init({ timeout: 20_000, streaming: true }));
  journal.push(await client.init({ timeout: 20_000 }));

  const shop = await startShop(surroundings, () => client.getFeatures(), journal);
  const { port } = shop.address() as AddressInfo;
  const debug = encodeURIComponent(JSON.stringify({ features: { banner: "forced" } }));
  for (const query of [
    "user=u1",
    "user=u1&country=DE",
    "user=u2&inline=2",
    "user=u3",
    "",
    `user=u4&_gbdebug=${debug}`,
  ]) {
    const response = await fetch(`http://127.0.0.1:${port}/checkout?${query}`);
    journal.push(["answer", query, await response.json()]);
  }

  for (const id of ["u1", "u2", "u3"]) {
    const scoped = client.createScopedInstance({
      attributes: { id },
      url: "https://shop.example/",
    });
    scoped._subscribeExperimentViewed((experiment) => journal.push(["viewed", experiment.key]));
    journal.push([
      scoped.isOn("new-checkout"),
      scoped.isOn("new-checkout"),
      scoped.getFeatureValue("members", "none"),
      plugins.getTracingTags(scoped),
      scoped.getUserContext().trackedFeatureUsage,
      [...(scoped.getUserContext().trackedExperiments ?? [])],
    ]);
    scoped.logEvent("bought", { price: 5 });
  }

  // A long-lived instance with setters, deferred tracking, subscriptions and auto experiments.
  const navigated: string[] = [];
  const gb = new sdk.GrowthBook({
    apiHost: host,
    clientKey,
    attributes: { id: "u7" },
    navigate: (url) => {
      navigated.push(url);
    },
  });
  gb.subscribe((experiment, result) => {
    journal.push(["subscribed", experiment.key, result.inExperiment, result.variationId]);
  });
  journal.push(await gb.init({ streaming: true }));
  journal.push(gb.isOn("new-checkout"), gb.getDeferredTrackingCalls());
  await gb.setURL("https://shop.example/start?from=mail");
  journal.push(gb.getRedirectUrl(), navigated, gb.triggerExperiment("visual-test"));
  gb.setTrackingCallback((experiment, result) => {
    journal.push(["late", experiment.key, result.key]);
  });
  await gb.setAttributes({ id: "u8" });
  await gb.updateAttributes({ country: "DE" });
  await gb.setAttributeOverrides({ id: "u9" });
  await gb.setForcedVariations({ "checkout-test": 1 });
  gb.setForcedFeatures(new Map([["banner", 5 as unknown]]));
  gb.forceVariation("inline", 2);
  journal.push(gb.getAttributes(), gb.getForcedVariations(), [...gb.getForcedFeatures()]);
  journal.push(gb.evalFeature("new-checkout"), gb.evalFeature("banner"));
  journal.push(gb.run({ key: "inline", variations: [1, 2, 3] }));
  journal.push([...gb.getAllResults()], gb.getCompletedChangeIds(), gb.getUrl(), gb.getApiInfo());

  // The stream delivers a change to both.
  journal.push(gb.getFeatureValue("rollout", -1));
  await publish([gb, client]);
  journal.push(gb.getFeatureValue("rollout", -1), client.getFeatureValue("rollout", -1, {}));
  journal.push(gb.getDecryptedPayload().dateUpdated, client.ready, gb.ready);

  // Sticky buckets in Express cookies.
  const cookies: Record<string, string> = {};
  const service = new sdk.ExpressCookieStickyBucketService({
    req: { cookies },
    res: {
      cookie(name: string, value: string) {
        cookies[decodeURIComponent(name)] = decodeURIComponent(value);
        return this;
      },
    },
  });
  for (const attributes of [{ deviceId: "d1" }, { id: "u1", deviceId: "d1" }, { id: "u1" }]) {
    const user = new sdk.GrowthBook({ attributes, stickyBucketService: service });
    user.initSync({ payload: SHOP });
    journal.push([user.evalFeature("sticky").experimentResult, { ...cookies }]);
    journal.push(user.getStickyBucketAssignmentDocs());
    user.destroy();
  }

  const remote = new sdk.GrowthBook({
    apiHost: host,
    clientKey,
    remoteEval: true,
    attributes: { id: "u1", plan: "pro" },
    cacheKeyAttributes: ["id"],
    forcedFeatureValues: new Map([["x", 1 as unknown]]),
  });
  journal.push(await remote.init(), remote.isOn("new-checkout"));
  await remote.setAttributes({ id: "u2" });
  await remote.setForcedVariations({ a: 1 });
  remote.destroy();

  await settle();
  gb.destroy();
  journal.push(gb.isDestroyed(), gb.isOn("new-checkout"), gb.getAllResults().size);
  client.destroy({ destroyAllStreams: true });
  journal.push(client.isDestroyed(), client.getFeatures());
  shop.close();
  await once(shop, "close");
  await sdk.clearCache();
  return journal;
}
