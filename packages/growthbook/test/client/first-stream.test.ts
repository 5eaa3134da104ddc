import { afterEach, describe, expect, it, vi } from "vitest";
import { clearCache, type FeatureApiResponse, GrowthBook, setPolyfills } from "../../src/index.js";

const transport = vi.hoisted(() => {
  let load = (): void => {};
  const loaded = new Promise<void>((resolve) => {
    load = resolve;
  });
  return { imports: 0, reads: 0, loaded, load: () => load(), open: vi.fn(() => ({ close() {} })) };
});

vi.mock("@sortition/node/internal", async (original) => {
  transport.imports += 1;
  await transport.loaded;
  const actual = await original<object>();
  return {
    ...actual,
    get openEventStream() {
      transport.reads += 1;
      return transport.open;
    },
  };
});

const payload: FeatureApiResponse = { features: { flag: { defaultValue: true } } };
const streamed = () =>
  Response.json(payload, { headers: { "x-sse-support": "enabled" } }) as unknown as Response;

afterEach(async () => {
  setPolyfills({ fetch: undefined });
  await clearCache();
});

/** Creates a new instance with its own stream. */
const create = (clientKey: string) => new GrowthBook({ clientKey });

// The tests run in this order, because modules are loaded only once.
describe("the first stream of a process", () => {
  it("loads its code while the first payload is requested", async () => {
    let answer = (_: Response): void => {};
    const fetch = vi.fn(
      () =>
        new Promise<Response>((resolve) => {
          answer = resolve;
        }),
    );
    setPolyfills({ fetch });
    const gb = create("sdk-1");
    const ready = gb.init({ streaming: true });
    await vi.waitFor(() => expect([transport.imports, fetch.mock.calls.length]).toEqual([1, 1]));
    transport.load();
    // The module may be evaluated long before its importer continues.
    await vi.waitFor(() => expect(transport.reads).toBeGreaterThan(0));
    expect(transport.open).not.toHaveBeenCalled();
    answer(streamed());
    expect(await ready).toMatchObject({ success: true, source: "network" });
    // Checked without waiting, because the stream must open as soon as the response is read.
    expect(transport.open).toHaveBeenCalledOnce();
    gb.destroy({ destroyAllStreams: true });
  });

  it("lets later streams open immediately, even after initSync", () => {
    transport.open.mockClear();
    const gb = create("sdk-2").initSync({ payload, streaming: true });
    expect(transport.open).toHaveBeenCalledOnce();
    gb.destroy({ destroyAllStreams: true });
  });
});
