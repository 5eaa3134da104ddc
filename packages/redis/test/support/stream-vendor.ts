import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ConfigurationOrigin } from "@sortition/core/internal";
import { linkOptions, openEventStream, streamedOrigin } from "@sortition/node/internal";
import { listenOnOwnPort } from "@sortition/test-kit";
import { startVendor, type Vendor } from "@sortition/test-kit/redis";

/** A vendor that also sends each change to its streams. */
export interface StreamVendor extends Vendor {
  readonly streamUrl: string;
  /** Workers that opened streams, in order. */
  readonly opened: readonly string[];
  /** Number of open streams. */
  readonly open: number;
}

/** Starts a vendor with version 1. */
export async function startStreamVendor(): Promise<StreamVendor> {
  const vendor = await startVendor();
  const streams = new Set<ServerResponse>();
  const opened: string[] = [];
  const server = createServer((request, response) => {
    opened.push(String(request.headers["x-worker"]));
    streams.add(response);
    response.once("close", () => streams.delete(response));
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
  });
  await listenOnOwnPort(server);
  const { port } = server.address() as AddressInfo; // a TCP server has a port
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    await vendor.close();
  };
  return Object.create(vendor, {
    streamUrl: { value: `http://127.0.0.1:${port}/stream` },
    opened: { value: opened },
    open: { get: () => streams.size },
    change: {
      value() {
        const version = vendor.change();
        for (const stream of streams) stream.write(`data: ${vendor.body}\n\n`);
        return version;
      },
    },
    close: { value: close },
    [Symbol.asyncDispose]: { value: close },
  }) as StreamVendor; // inherits the other members from the vendor
}

/**
 * Adds the vendor's stream to an origin. A request comes first, and each event contains all
 * payloads.
 */
export function withStream(
  origin: ConfigurationOrigin,
  url: string,
  headers: Readonly<Record<string, string>>,
): ConfigurationOrigin {
  return streamedOrigin(origin, {
    startsWith: "fetch",
    readyMs: null,
    silenceMs: null,
    onGarbage: "fetch",
    open: (link) => openEventStream({ url: new URL(url), headers, ...linkOptions(link) }),
    read({ data }) {
      const bytes = Buffer.from(data);
      const fetchedAtMs = Date.now();
      const payloads = [
        { part: "flags", bytes, etag: null, fetchedAtMs, from: "network" },
      ] as const;
      return { kind: "payloads", payloads, isWhole: true };
    },
    reopenMs: () => 1_000,
  });
}
