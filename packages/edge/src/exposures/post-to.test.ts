import { describe, expect, it } from "vitest";
import { postTo } from "./post-to.js";
import type { EdgeExposure } from "./send.js";

const signal = new AbortController().signal;
const exposure = {
  kind: "assignment",
  event: { messageId: "id-1", subject: "alice" },
} as unknown as EdgeExposure;

/** Creates a receiver that responds with these statuses in order. 0: the connection breaks. */
function receiver(...statuses: readonly number[]) {
  const requests: { url: string; init: { headers: object; body: string } }[] = [];
  const fetch = async (url: string, init: object): Promise<Response> => {
    requests.push({ url, init: init as never });
    const status = statuses[requests.length - 1] ?? 200;
    if (status === 0) throw new Error("connection reset");
    return new Response(null, { status });
  };
  return { fetch, requests };
}

describe("postTo", () => {
  it("sends all exposures in one POST", async () => {
    const { fetch, requests } = receiver(204);
    const send = postTo({ url: "https://x.example/e", headers: { Authorization: "t" }, fetch });
    await send([exposure, exposure], { signal });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      url: "https://x.example/e",
      init: {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "t" },
      },
    });
    expect(JSON.parse(requests[0]?.init.body ?? "")).toEqual({
      exposures: [
        { kind: "assignment", messageId: "id-1", subject: "alice" },
        { kind: "assignment", messageId: "id-1", subject: "alice" },
      ],
    });
  });

  it.each(["https://collector.example/", new URL("https://collector.example/")])(
    "refuses an address alone, and says what to write: %s",
    (address) => {
      expect(() => postTo(address as never)).toThrow(/write postTo\(\{ url \}\)/);
    },
  );

  it("builds the body with the option `body`", async () => {
    const { fetch, requests } = receiver();
    const body = (exposures: readonly EdgeExposure[]): string => `${exposures.length} lines`;
    await postTo({ url: "https://x.example", body, fetch })([exposure], { signal });
    expect(requests[0]?.init.body).toBe("1 lines");
  });

  it.each([0, 500, 503])("retries once after %d, with the same body", async (status) => {
    const { fetch, requests } = receiver(status);
    await postTo({ url: "https://x.example", fetch })([exposure], { signal });
    expect(requests).toHaveLength(2);
    expect(requests[1]?.init.body).toBe(requests[0]?.init.body);
  });

  it.each([
    { statuses: [400], requests: 1 },
    { statuses: [302], requests: 1 },
    { statuses: [500, 500], requests: 2 },
    { statuses: [0, 0], requests: 2 },
    { statuses: [0, 401], requests: 2 },
  ])("rejects after $statuses without the receiver's path", async (expected) => {
    const { fetch, requests } = receiver(...expected.statuses);
    const sending = postTo({ url: "https://x.example/secret", fetch })([exposure], { signal });
    await expect(sending).rejects.toThrow(/^(?!.*secret)/);
    expect(requests).toHaveLength(expected.requests);
  });

  it.each([
    { status: 401, hint: "are the headers of postTo right?" },
    { status: 404, hint: "is the url of postTo right?" },
    { status: 429, hint: "too many requests" },
  ])("names what to check after $status", async ({ hint, status }) => {
    const { fetch } = receiver(status);
    const sending = postTo({ url: "https://x.example", fetch })([exposure], { signal });
    await expect(sending).rejects.toThrow(`answered with status ${status}: ${hint}`);
  });

  it.each([
    { statuses: [422, 422, 200], result: { refused: ["a"], failed: [] } },
    { statuses: [503, 503, 503, 200], result: { refused: [], failed: ["a"] } },
  ])("reports the exposure that fails alone after $statuses", async ({ result, statuses }) => {
    const { fetch } = receiver(...statuses);
    const send = postTo({ url: "https://x.example", fetch }) as (
      of: unknown,
      to: object,
    ) => unknown;
    expect(await send(["a", "b"], { signal })).toEqual(result);
  });

  it("rejects after five requests if the receiver refuses everything", async () => {
    const { fetch, requests } = receiver(...Array.from({ length: 9 }, () => 403));
    const send = postTo({ url: "https://x.example", fetch });
    const exposures = Array.from({ length: 99 }, () => ({ ...exposure }));
    await expect(send(exposures, { signal })).rejects.toMatchObject({ httpStatus: 403 });
    expect(requests).toHaveLength(5);
  });

  it.each([
    { options: { url: "x" }, option: "postTo.url" },
    { options: { url: undefined }, option: "postTo.url" },
    { options: { url: "https://x.example", body: "text" }, option: "postTo.body" },
    { options: { url: "https://x.example", headers: 5 }, option: "postTo.headers" },
    { options: { url: "https://x.example", header: {} }, option: "postTo.header" },
  ])("refuses $options", ({ option, options }) => {
    expect(() => postTo(options as never)).toThrow(expect.objectContaining({ option }));
  });
});
