import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import * as vendor from "@growthbook/growthbook";
import { EventSource } from "eventsource";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SHOP } from "./shop-payload.js";
import { ShopServer, until } from "./shop-server.js";

const CHANGED = 'event: features\ndata: {"features":{}}\n\n';

/**
 * Responses to a reconnection that are not a stream. For our SDK, see test/recorded/streams.txt: it tries again after
 * five minutes.
 */
const REFUSALS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "204": (response) => void response.writeHead(204).end(),
  "401": (response) => void response.writeHead(401).end(),
  "403": (response) => void response.writeHead(403).end(),
  "404": (response) => void response.writeHead(404).end(),
  "302": (response) => void response.writeHead(302, { location: "/gone" }).end(),
  "307": (response) => void response.writeHead(307, { location: "/gone" }).end(),
  HTML: (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>"),
  JSON: (response) => void response.writeHead(200, { "content-type": "text/json" }).end("{}"),
  // The vendor's `fetch` decompresses the stream.
  gzip(response) {
    const headers = { "content-type": "text/event-stream", "content-encoding": "gzip" };
    response.writeHead(200, headers).end(gzipSync(`retry: 10\n${CHANGED}`));
  },
};

describe("the vendor's client with the EventSource that its documentation recommends", () => {
  beforeAll(() => vendor.setPolyfills({ EventSource }));
  afterAll(async () => {
    await vendor.clearCache();
    vendor.setPolyfills({ EventSource: undefined });
  });

  it.concurrent.each(Object.keys(REFUSALS))(
    "tries a stream again after its reconnection was refused by %s",
    async (name) => {
      const server = await new ShopServer({ payload: SHOP, hasStream: true }).start();
      let streams = 0;
      server.interceptor = ({ target }, response) => {
        if (target === "/gone") response.writeHead(404).end();
        if (!target.startsWith("/sub/")) return target === "/gone";
        streams += 1;
        if (streams === 2 || streams === 3) REFUSALS[name]?.(response);
        if (streams === 1) {
          response.writeHead(200, { "content-type": "text/event-stream" });
          response.end(`retry: 10\n${CHANGED}`);
        }
        return streams < 4;
      };
      const gb = new vendor.GrowthBook({ apiHost: server.url, clientKey: `sdk-${name}` });
      await gb.init({ streaming: true });
      await until(() => server.streams.size === 1, "the stream after two refusals");
      expect(streams).toBe(4);
      gb.destroy();
      await server.close();
    },
  );
});
