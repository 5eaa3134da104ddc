import { describe, expect, it } from "vitest";
import { abortableFetch } from "./abortable-fetch.js";

interface Answer {
  readonly body: Promise<void>;
}

/** A promise with its functions, because Node 20 has no `Promise.withResolvers`. */
function deferred<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise;
    reject = rejectPromise;
  });
  return { promise, resolve, reject };
}

/** A server whose responses the test controls. */
function setUp(bodyTimeoutMs = 60_000) {
  const requests: {
    readonly signal: AbortSignal;
    answer(): void;
    endBody(): void;
  }[] = [];
  const requester = abortableFetch<string, { signal?: AbortSignal }, Answer>(
    (_, { signal }) => {
      const headers = deferred<Answer>();
      const body = deferred<void>();
      signal?.addEventListener("abort", () => {
        headers.reject(new Error("aborted"));
        body.reject(new Error("aborted"));
      });
      body.promise.catch(() => {});
      requests.push({
        signal: signal!, // it always sets one
        answer: () => headers.resolve({ body: body.promise }),
        endBody: () => body.resolve(),
      });
      return headers.promise;
    },
    { read: ({ body }) => body, bodyTimeoutMs },
  );
  return { requester, requests };
}

describe("abortableFetch", () => {
  it("aborts a request without a response", async () => {
    const { requester, requests } = setUp();
    const answer = requester.fetch("url");
    requester.abortAll();
    await expect(answer).rejects.toThrow("aborted");
    expect(requests[0]?.signal.aborted).toBe(true);
  });

  it("aborts a request whose response has no complete body yet", async () => {
    const { requester, requests } = setUp();
    const answer = requester.fetch("url");
    requests[0]?.answer();
    await answer;
    requester.abortAll();
    expect(requests[0]?.signal.aborted).toBe(true);
  });

  it("forgets a request when its body has ended", async () => {
    const { requester, requests } = setUp();
    const answer = requester.fetch("url");
    requests[0]?.answer();
    await answer;
    requests[0]?.endBody();
    await new Promise(setImmediate);
    requester.abortAll();
    expect(requests[0]?.signal.aborted).toBe(false);
  });

  it("aborts a body that takes longer than its time-out", async () => {
    const { requester, requests } = setUp(20);
    const answer = requester.fetch("url");
    requests[0]?.answer();
    await answer;
    await expect.poll(() => requests[0]?.signal.aborted).toBe(true);
  });

  it("runs later requests normally, and passes their own signal on", async () => {
    const { requester, requests } = setUp();
    requester.abortAll();
    const controller = new AbortController();
    const answer = requester.fetch("url", { signal: controller.signal });
    expect(requests[0]?.signal.aborted).toBe(false);
    controller.abort();
    await expect(answer).rejects.toThrow("aborted");
  });
});
