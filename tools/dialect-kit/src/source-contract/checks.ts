import type { ConfigurationSource } from "@sortition/core/internal";
import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import { expect } from "vitest";
import type { SourceHarness, SourceUnderTest } from "./harness.js";
import { RecordingSink, SINK_FAULT } from "./recording-sink.js";

/** One rule of the contract. */
export interface SourceCheck {
  /** Completes a sentence that starts with "the source". */
  readonly name: string;
  /** Ability of the source that the rule requires. */
  readonly needs?: "publish" | "fail" | "pollsByItself" | "severalClients";
  /** @throws if the source breaks the rule. */
  check(harness: SourceHarness): Promise<void>;
}

interface Setting extends SourceUnderTest {
  readonly clock: FakeClock;
  /** Polls now. */
  refresh(source?: ConfigurationSource): ReturnType<ConfigurationSource["refresh"]>;
}

/** All rules of the contract. */
export const SOURCE_CHECKS: readonly SourceCheck[] = [
  {
    name: "describes itself",
    check: inSetting(async ({ source }) => {
      expect(source.kind).toMatch(/^[a-z]+$/);
      expect(source.intervalMs ?? 1).toBeGreaterThan(0);
      if (source.scope !== undefined) expect(source.scope).toMatch(/^[0-9a-f]+$/);
    }),
  },
  {
    name: "offers bytes, etags and age as received",
    check: inSetting(async ({ clock, refresh, source }, harness) => {
      const sink = new RecordingSink();
      sink.subscribe(source, harness.dialect, clock);
      await refresh();
      const { firstAgeMs = 0, firstContent = "first", etag = null } = harness;
      expect(sink.offered[0]).toBe(firstContent);
      const [first] = sink.calls.filter((call) => call.kind === "offer");
      expect(first).toMatchObject({ ageMs: firstAgeMs, payloads: [{ etag }] });
    }),
  },
  {
    name: "distinguishes new content from the same content",
    needs: "publish",
    check: inSetting(async ({ clock, refresh, publish, source }, { dialect }) => {
      const sink = new RecordingSink();
      sink.subscribe(source, dialect, clock);
      await refresh();
      expect(await refresh()).toEqual({ outcome: "unchanged" });
      await publish?.("second");
      expect(await refresh()).toEqual({ outcome: "updated" });
      expect(sink.offered.at(-1)).toBe("second");
    }),
  },
  ...(["offer", "confirmed", "scheduled", "failed"] as const).map(
    (method): SourceCheck => ({
      name: `offers the next payload to a sink that threw once, in ${method}`,
      needs: "publish",
      check: inSetting(async ({ clock, refresh, publish, source }, { dialect }) => {
        const sink = new RecordingSink().throwIn(method);
        sink.subscribe(source, dialect, clock);
        await refresh();
        await refresh();
        await publish?.("second");
        // The first of these polls may fail in the sink. The next one finds the same content.
        await refresh();
        await refresh();
        expect(sink.offered.at(-1)).toBe("second");
        await publish?.("third");
        await refresh();
        expect(sink.offered.at(-1)).toBe("third");
      }),
    }),
  ),
  {
    name: "reports the error that a sink throws",
    needs: "publish",
    check: inSetting(async ({ clock, refresh, source }, { dialect }) => {
      new RecordingSink().throwIn("offer", true).subscribe(source, dialect, clock);
      expect(await refresh()).toMatchObject({ outcome: "failed", error: { cause: SINK_FAULT } });
    }),
  },
  {
    name: "continues after its origin failed, and reports the failure",
    needs: "fail",
    check: inSetting(async ({ clock, fail, refresh, publish, source }, { dialect }) => {
      const sink = new RecordingSink();
      sink.subscribe(source, dialect, clock);
      await refresh();
      await fail?.();
      const failed = await refresh();
      expect(failed).toMatchObject({ outcome: "failed" });
      expect(sink.calls.filter(({ kind }) => kind === "failed").length).toBeGreaterThan(0);
      await publish?.("second");
      expect(await refresh()).toEqual({ outcome: "updated" });
      expect(sink.offered.at(-1)).toBe("second");
    }),
  },
  {
    name: "requests again for a refresh that starts when content is offered",
    needs: "publish",
    check: inSetting(async ({ clock, refresh, publish, source }, { dialect }) => {
      const sink = new RecordingSink();
      const later = new Promise<unknown>((resolve) => {
        sink.onOffer = () => {
          sink.onOffer = () => {};
          resolve(Promise.resolve(publish?.("second")).then(() => refresh()));
        };
      });
      sink.subscribe(source, dialect, clock);
      await refresh();
      await later;
      expect(sink.offered.at(-1)).toBe("second");
    }),
  },
  {
    name: "polls by itself",
    needs: "pollsByItself",
    check: inSetting(async ({ clock, refresh, publish, source }, { dialect }) => {
      const sink = new RecordingSink();
      sink.subscribe(source, dialect, clock);
      await refresh();
      await publish?.("second");
      await clock.advance(2 * (source.intervalMs ?? 0));
      expect(sink.offered.at(-1)).toBe("second");
    }),
  },
  {
    name: "offers its content to every client",
    needs: "severalClients",
    check: inSetting(async ({ clock, refresh, source }, { dialect, firstContent = "first" }) => {
      const sinks = [new RecordingSink(), new RecordingSink()];
      for (const sink of sinks) sink.subscribe(source, dialect, clock);
      await refresh();
      await refresh();
      expect(sinks.map(({ offered }) => offered.at(-1))).toEqual([firstContent, firstContent]);
    }),
  },
  {
    name: "does not call a client that has unsubscribed, even if it unsubscribes twice",
    check: inSetting(async ({ clock, refresh, publish, source }, { dialect }) => {
      const { signal } = new AbortController();
      const sink = new RecordingSink();
      const subscription = sink.subscribe(source, dialect, clock);
      await refresh();
      await subscription.end({ signal });
      expect(clock.pending).toEqual([]);
      const before = sink.calls.length;
      await publish?.("second");
      await refresh();
      await clock.advance(2 * (source.intervalMs ?? 1_000));
      await subscription.end({ signal });
      expect(sink.calls).toHaveLength(before);
    }),
  },
  {
    name: "restarts for a new client after all others have unsubscribed",
    check: inSetting(async ({ clock, refresh, source }, { dialect, firstContent = "first" }) => {
      const { signal } = new AbortController();
      await new RecordingSink().subscribe(source, dialect, clock).end({ signal });
      const sink = new RecordingSink();
      sink.subscribe(source, dialect, clock);
      await refresh();
      expect(sink.offered).toContain(firstContent);
    }),
  },
  {
    name: "does not keep the process alive",
    check: inSetting(async ({ clock, refresh, source }, { dialect }) => {
      new RecordingSink().subscribe(source, dialect, clock);
      await refresh();
      expect(clock.pending.filter(({ holdsProcess }) => holdsProcess)).toEqual([]);
    }),
  },
  {
    name: "resolves a refresh in any state, and never rejects",
    check: inSetting(async ({ clock, refresh, source }, { dialect }) => {
      const outcomes = ["updated", "unchanged", "failed"];
      expect(outcomes).toContain((await refresh()).outcome);
      const subscription = new RecordingSink().subscribe(source, dialect, clock);
      const aborted = await source.refresh({ signal: AbortSignal.abort() });
      expect(outcomes).toContain(aborted.outcome);
      await subscription.end({ signal: AbortSignal.abort() });
      expect(outcomes).toContain((await refresh()).outcome);
    }),
  },
];

/** Creates a source for one check, and disposes of it afterwards. */
function inSetting(
  run: (setting: Setting, harness: SourceHarness) => Promise<void>,
): SourceCheck["check"] {
  return async (harness) => {
    const clock = createFakeClock();
    const made = await harness.create(clock);
    const subscriptions: { end(options: { signal: AbortSignal }): Promise<void> }[] = [];
    const { signal } = new AbortController();
    const source: ConfigurationSource = Object.create(made.source, {
      subscribe: {
        value: (...args: Parameters<ConfigurationSource["subscribe"]>) => {
          const subscription = made.source.subscribe(...args);
          subscriptions.push(subscription);
          return subscription;
        },
      },
    }) as ConfigurationSource; // inherits the other members from the source
    try {
      await run(
        { ...made, source, clock, refresh: () => made.source.refresh({ signal }) },
        harness,
      );
    } finally {
      for (const subscription of subscriptions) await subscription.end({ signal });
      await made.dispose?.();
    }
  };
}
