import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAbortController } from "./host.js";

describe("createAbortController", () => {
  it("is the host's", () => {
    expect(createAbortController()).toBeInstanceOf(AbortController);
  });

  describe("where the host has none", () => {
    const { AbortController } = globalThis;
    beforeEach(() => {
      Reflect.deleteProperty(globalThis, "AbortController");
    });
    afterEach(() => {
      globalThis.AbortController = AbortController;
    });

    it("calls all listeners once, whatever one of them does", () => {
      const controller = createAbortController();
      const calls: string[] = [];
      controller.signal.addEventListener("abort", () => {
        calls.push("first");
        throw new Error("no");
      });
      controller.signal.addEventListener("abort", () => calls.push("second"));
      controller.abort();
      controller.abort();
      expect([controller.signal.aborted, ...calls]).toEqual([true, "first", "second"]);
    });

    it("does not call a listener that was removed", () => {
      const controller = createAbortController();
      const calls: string[] = [];
      const listener = (): void => void calls.push("called");
      controller.signal.addEventListener("abort", listener);
      controller.signal.removeEventListener("abort", listener);
      controller.abort();
      expect(calls).toEqual([]);
    });
  });
});
