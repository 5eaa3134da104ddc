import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Contexts } from "../../src/context/contexts.js";
import { observeFailure } from "../../src/context/observe-failure.js";
import { Scope, type ScopeValues } from "../../src/context/scope.js";

const contexts = new Contexts();

function within<T>(
  tags: Record<string, unknown>,
  work: () => T,
  options: { isFresh?: boolean; signal?: AbortSignal; values?: ScopeValues } = {},
): T {
  const { isFresh = false, signal, values } = options;
  return contexts.run(new Scope(contexts.current(), { isFresh, signal }, values, tags), work);
}

const tags = (): unknown => contexts.current()?.tags() ?? null;

describe("a scope", () => {
  it("has the tags of surrounding scopes, which its own override", () => {
    expect(tags()).toBeNull();
    within({ a: 1, b: 1 }, () => {
      within({ b: 2 }, () => expect(tags()).toEqual({ a: 1, b: 2 }));
      expect(tags()).toEqual({ a: 1, b: 1 });
    });
    expect(tags()).toBeNull();
  });

  it("passes on written values to inner scopes, but not to outer ones", () => {
    within({ a: 1 }, () => {
      within({}, () => contexts.current()?.tag("inner", 1));
      contexts.current()?.tag("own", 1);
      within({}, () => expect(tags()).toEqual({ a: 1, own: 1 }));
    });
  });

  it("returns copies of its tags", () => {
    within({ a: 1 }, () => {
      const copy = contexts.current()?.tags() ?? {};
      copy["a"] = 2;
      expect(tags()).toEqual({ a: 1 });
    });
  });

  it("ends with all inner scopes that are not fresh when its signal is aborted", () => {
    const controller = new AbortController();
    within(
      { a: 1 },
      () => {
        within({ b: 1 }, () => {
          const work = (): void => expect(tags()).toEqual({ c: 1 });
          controller.abort();
          expect(tags()).toBeNull();
          within({ c: 1 }, work, { isFresh: true });
        });
      },
      { signal: controller.signal },
    );
  });

  it("can be entered for the rest of a task", async () => {
    await (async () => {
      contexts.enter(new Scope(null, { isFresh: false }, {}, { entered: 1 }));
      await sleep(1);
      expect(tags()).toEqual({ entered: 1 });
    })();
  });
});

it("a failure is observed before the caller receives it", async () => {
  const error = new Error("boom");
  const order: unknown[] = [];
  const result = observeFailure(
    () => Promise.reject(error),
    (cause) => order.push(cause),
  );
  await result.catch((cause: unknown) => order.push("caller", cause));
  expect(order).toEqual([error, "caller", error]);
});
