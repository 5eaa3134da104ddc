import fc from "fast-check";
import { expect } from "vitest";
import { INTERVAL_MS, ScriptedWorld, type Variant, type Versions } from "./scripted-world.js";

/** One step of a history. Steps without `async` happen in the same turn. */
type Step = (world: ScriptedWorld) => void | Promise<void>;

const step = (name: string, run: Step): Step => Object.assign(run, { toString: () => name });

const key = fc.constantFrom("a", "b", "c");
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(key, fc.constantFrom("patch", "put", "notice"))
      .map(([flag, as]) => step(`publish ${flag} ${as}`, (it) => it.publish(flag, as as "patch"))),
  },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom("ok", "ok", "fail")
      .map((how) => step(`answer ${how}`, (it) => it.answer(how as "ok"))),
  },
  { weight: 4, arbitrary: fc.constant(step("take", (it) => it.take())) },
  { weight: 2, arbitrary: fc.constant(step("complete", (it) => it.completeNews())) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom("open", "open", "mute", "refuse")
      .map((how) => step(`accept ${how}`, (it) => it.accept(how as "open"))),
  },
  { weight: 2, arbitrary: fc.constant(step("cut", (it) => it.cut())) },
  { weight: 2, arbitrary: fc.constant(step("repair", (it) => it.repair())) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("garbage", "ping", "other")
      .map((type) => step(type, (it) => it.chatter(type as "ping"))),
  },
  { weight: 5, arbitrary: fc.constant(step("settle", (it) => it.settle())) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom(1, 1_000, 10_000, INTERVAL_MS, 3 * INTERVAL_MS)
      .map((ms) => step(`advance ${ms}`, (it) => it.clock.advance(ms))),
  },
  {
    weight: 1,
    arbitrary: fc.constant(
      step("refresh", (it) => void it.source.refresh({ signal: new AbortController().signal })),
    ),
  },
  { weight: 1, arbitrary: fc.constant(step("join anew", (it) => it.join())) },
);

/** A period without faults. */
const calm = fc
  .constantFrom(0, 2 * INTERVAL_MS)
  .map((ms) => step(`calm ${ms}`, (it) => it.calm(ms)));

const variants: fc.Arbitrary<Variant> = fc.record({
  startsWith: fc.constantFrom("fetch", "stream"),
  onGarbage: fc.constantFrom("fetch", "reopen"),
  readyMs: fc.constantFrom(null, 5_000),
  silenceMs: fc.constantFrom(null, 17_000),
  completes: fc.boolean(),
  lifeMs: fc.constantFrom(null, 50_000),
  selfReopening: fc.boolean(),
  isDeaf: fc.boolean(),
});

/**
 * Checks that no history of pushes, responses, aborts and cuts serves anything that was received or
 * requested earlier, and that the last change is served in the end, without a request.
 */
export async function checkOrder(numRuns: number): Promise<void> {
  const history = fc.array(
    fc.oneof({ weight: 10, arbitrary: steps }, { weight: 1, arbitrary: calm }),
    {
      maxLength: 60,
    },
  );
  const property = fc.asyncProperty(
    variants,
    fc.boolean(),
    history,
    async (variant, isUp, history) => {
      const world = new ScriptedWorld(variant);
      world.join();
      if (isUp) await world.calm(2 * INTERVAL_MS);
      for (const it of history) {
        await it(world);
        expectInOrder(world.served);
        expect(world.openConnections.length).toBeLessThanOrEqual(1);
        expect(world.peak).toBeLessThanOrEqual(1);
      }
      await world.calm(20 * INTERVAL_MS);
      expectInOrder(world.served);
      expect(world.served.at(-1)).toEqual(world.versions);
      expect(world.source.stream?.isUp).toBe(true);

      // While the stream is up, changes cost no request.
      const { requested } = world;
      world.publish("a", "patch");
      await world.calm(5 * INTERVAL_MS);
      expect(world.served.at(-1)).toEqual(world.versions);
      if (variant.lifeMs === null) expect(world.requested).toBe(requested);

      await world.leave();
      expect(world.openConnections).toEqual([]);
      await world.settle();
      expect(world.clock.pending).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns });
}

/** Checks that no flag has an older version than in an earlier set. */
function expectInOrder(served: readonly Versions[]): void {
  for (const [i, versions] of served.entries()) {
    for (const [flag, version] of Object.entries(served[i - 1] ?? {})) {
      expect(versions[flag], `${flag} in ${JSON.stringify(served)}`).toBeGreaterThanOrEqual(
        version,
      );
    }
  }
}
