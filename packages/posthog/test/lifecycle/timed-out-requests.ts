import { HttpTransport } from "@sortition/node/internal";
import { createFakeClock, signalListeners } from "@sortition/test-kit";
import { expect } from "vitest";
import { requestFlags } from "../../src/flags/remote-flags.js";
import { createShutdownController } from "../../src/http/closing.js";
import { createRequester, type FetchOption } from "../../src/http/requester.js";

/** Requests flags, half of which time out, and expects that neither a listener nor a timer is left. */
export async function expectNothingLeft(requests: number): Promise<void> {
  const clock = createFakeClock();
  const { signal } = createShutdownController();
  let count = 0;
  const fetch: FetchOption = async (_url, { signal: ended }) => {
    if (count++ % 2 === 0)
      return { status: 200, text: async () => '{"flags":{}}', json: null as never };
    return new Promise((_, reject) => {
      ended?.addEventListener("abort", () => reject(ended.reason));
    });
  };
  const send = createRequester(new HttpTransport(), () => fetch, clock);
  const settings = {
    host: "https://flags.example",
    projectApiKey: "phc_key",
    timeoutMs: 3_000,
    maxRetries: 0,
    retryDelayMs: 0,
    evaluationContexts: [],
    headers: {},
  };
  const person = { distinctId: "anna", groups: {}, personProperties: {}, groupProperties: {} };
  const ask = (): Promise<unknown> =>
    requestFlags(
      settings,
      { ...person, disableGeoip: true, flagKeys: undefined },
      { clock, send, signal },
    ).then(
      () => "answered",
      (error: { readonly code: string }) => error.code,
    );
  const outcomes = new Map<unknown, number>();
  for (let i = 0; i < requests / 200; i++) {
    const asked = Array.from({ length: 200 }, ask);
    await clock.advance(3_000);
    for (const it of await Promise.all(asked)) outcomes.set(it, (outcomes.get(it) ?? 0) + 1);
  }
  expect(Object.fromEntries(outcomes)).toEqual({
    answered: requests / 2,
    SORTITION_TIMEOUT: requests / 2,
  });
  expect(signalListeners(signal)).toBe(0);
  expect(clock.pending).toHaveLength(0);
}
