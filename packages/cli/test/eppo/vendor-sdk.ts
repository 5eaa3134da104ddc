import { getInstance, init } from "@eppo/node-server-sdk";
import { type Reply, type Responder, startTestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, vi } from "vitest";

/** Starts the vendor's SDK with a fake clock before the tests. It fetches once and does not poll. */
export function useVendor(
  served: Reply | Responder,
  loggers: Omit<Parameters<typeof init>[0], "apiKey" | "baseUrl">,
): void {
  beforeAll(async () => {
    await using server = await startTestServer(served);
    vi.spyOn(console, "error").mockImplementation(() => {}); // the SDK prints caught errors
    await init({ apiKey: "key", baseUrl: server.url, ...loggers });
    getInstance().stopPolling();
    vi.useFakeTimers({ toFake: ["Date"] });
  });

  afterAll(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}

/**
 * Removes what may differ from a result: `configFetchedAt`, the name of the package, and messages of the JavaScript
 * engine.
 *
 * @param engineText - matches a description with such a message, and captures the text before it.
 */
export function comparable(result: unknown, engineText: RegExp): unknown {
  return JSON.parse(
    JSON.stringify(result, (key, value: unknown) => {
      if (["id", "message", "configFetchedAt", "metaData"].includes(key)) return undefined;
      if (key !== "flagEvaluationDescription") return value;
      return String(value).replace(engineText, "$1…");
    }),
  );
}
