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
