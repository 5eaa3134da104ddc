import { vi } from "vitest";
import { ScriptedNetwork } from "./scripted-network.js";

/**
 * Makes first requests in real time to servers that return 404 for every address. The first request
 * makes an HTTP library load and compile modules, which takes real time, and fake time would not
 * wait for it.
 */
export async function preloadWith(request: () => Promise<unknown>): Promise<void> {
  const network = new ScriptedNetwork({ onRequest() {}, onEvent() {}, onTraffic() {} });
  try {
    await request();
  } finally {
    network.close();
    vi.restoreAllMocks();
  }
}

/** The part of `HttpTransport` of `@sortition/node` that {@link preloadTransport} uses. */
interface Transport {
  request(request: {
    readonly url: URL;
    readonly headers: Readonly<Record<string, string>>;
    readonly maxBodyBytes: number;
    readonly signal: AbortSignal;
  }): Promise<unknown>;
  release(): void;
}

/** Loads undici with a first request, and releases the transport. */
export async function preloadTransport(transport: Transport): Promise<void> {
  const url = new URL("http://preload.test");
  const { signal } = new AbortController();
  await transport.request({ url, headers: {}, maxBodyBytes: 0, signal });
  transport.release();
}
