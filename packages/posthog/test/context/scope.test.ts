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

  it("has only its own tags if it is fresh", () => {
    within({ a: 1 }, () => {
      within({ b: 2 }, () => expect(tags()).toEqual({ b: 2 }), { isFresh: true });
    });
  });

  it("reads identities from the nearest scope that has one, up to a fresh one", () => {
    const read = (): unknown => [
      contexts.current()?.read("distinctId"),
      contexts.current()?.read("sessionId"),
    ];
    const values = { distinctId: "alice", sessionId: "s" };
    within(
      {},
      () => {
        within({}, () => expect(read()).toEqual(["bob", "s"]), { values: { distinctId: "bob" } });
        within({}, () => expect(read()).toEqual([undefined, undefined]), { isFresh: true });
        contexts.current()?.write("distinctId", "carol");
        within({}, () => expect(read()).toEqual(["carol", "s"]));
      },
      { values },
    );
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

  it("accepts any name", () => {
    within({}, () => {
      contexts.current()?.tag("__proto__", 1);
      expect(Object.keys(contexts.current()?.tags() ?? {})).toEqual(["__proto__"]);
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

  it("applies to promises, timers and generators that it starts", async () => {
    const seen: unknown[] = [];
    await within({ a: 1 }, async () => {
      await sleep(1);
      seen.push(tags());
      await new Promise<void>((resolve) =>
        setTimeout(() => {
          seen.push(tags());
          resolve();
        }, 1),
      );
      const generator = (function* () {
        yield tags();
      })();
      seen.push(...generator);
    });
    expect(seen).toEqual([{ a: 1 }, { a: 1 }, { a: 1 }]);
    expect(tags()).toBeNull();
  });

  it("can be entered for the rest of a task", async () => {
    await (async () => {
      contexts.enter(new Scope(null, { isFresh: false }, {}, { entered: 1 }));
      await sleep(1);
      expect(tags()).toEqual({ entered: 1 });
    })();
  });

  it("is never mixed up among a thousand interleaved requests", async () => {
    const handle = (request: number): Promise<void> =>
      within({ request }, async () => {
        for (let step = 0; step < 5; step++) {
          await (step % 2 === 0 ? sleep(Math.random() * 3) : null);
          contexts.current()?.tag("step", step);
          expect(tags()).toEqual({ request, step });
        }
      });
    await Promise.all(Array.from({ length: 1_000 }, (_, i) => handle(i)));
  });
});

describe("a failure is observed before the caller receives it", () => {
  const error = new Error("boom");
  const order: unknown[] = [];
  const failed = (cause: unknown): void => void order.push(cause);

  it("when a function throws", () => {
    order.length = 0;
    const work = (): never => {
      throw error;
    };
    expect(() => observeFailure(work, failed)).toThrow(error);
    expect(order).toEqual([error]);
  });

  it("when a promise is rejected", async () => {
    order.length = 0;
    const result = observeFailure(() => Promise.reject(error), failed);
    await result.catch((cause: unknown) => order.push("caller", cause));
    expect(order).toEqual([error, "caller", error]);
  });

  it("or a result is passed on", async () => {
    order.length = 0;
    expect(observeFailure(() => 1, failed)).toBe(1);
    expect(await observeFailure(async () => 2, failed)).toBe(2);
    expect(order).toEqual([]);
  });
});
