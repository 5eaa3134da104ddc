import { vi } from "vitest";
import { ScriptedNetwork } from "./scripted-network.js";

/**
 * Makes first requests, on real time, to servers that answer 404 at whatever address: what an HTTP library loads and
 * compiles with the first one takes the time that it takes, which fake time does not wait for.
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
