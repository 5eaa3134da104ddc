import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createAbortController, onHostIdle } from "./host.js";

describe("createAbortController", () => {
  it("creates the host's controller", () => {
    expect(createAbortController()).toBeInstanceOf(AbortController);
  });

  describe("on a host without AbortController", () => {
    const { AbortController } = globalThis;
    beforeEach(() => {
      Reflect.deleteProperty(globalThis, "AbortController");
    });
    afterEach(() => {
      globalThis.AbortController = AbortController;
    });

    it("calls all listeners once, even if one of them throws", () => {
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

describe("onHostIdle", () => {
  const listeners = (): readonly (() => void)[] =>
    process.listeners("beforeExit") as (() => void)[];

  it("registers one listener for all callbacks, and removes it when all are cancelled", () => {
    const before = listeners().length;
    const cancels = Array.from({ length: 12 }, () => onHostIdle(() => {}));
    expect(listeners().length - before).toBe(1);
    for (const cancel of cancels) cancel();
    expect(listeners().length - before).toBe(0);
  });

  it("calls each callback once, unless it was cancelled", () => {
    const before = listeners();
    const calls: string[] = [];
    const cancels = ["a", "b", "c"].map((name) => onHostIdle(() => calls.push(name)));
    cancels[1]?.();
    const added = listeners().find((it) => !before.includes(it));
    added?.();
    added?.();
    expect(calls).toEqual(["a", "c"]);
    process.off("beforeExit", added as () => void);
  });
});
