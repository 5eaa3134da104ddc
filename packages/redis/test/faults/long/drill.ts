import { seededRandom } from "@sortition/test-kit";
import { startTcpProxy } from "@sortition/test-kit/redis";
import { expect, it } from "vitest";
import { Fleet, KEYS } from "../../support/fleet.js";
import { wait } from "../../support/times.js";

const WORKERS = 5;
const FAULTS = 14;

/** Declares runs of random consecutive faults. `SORTITION_DRILL_SEED` selects another run. */
export function drillScenarios(): void {
  const seeds = process.env["SORTITION_DRILL_SEED"]?.split(",").map(Number) ?? [1];
  it.each(seeds)("a fleet survives random consecutive faults (seed %i)", async (seed) => {
    const random = seededRandom(seed);
    await using fleet = await Fleet.start({ workers: WORKERS });
    await using proxy = await startTcpProxy(fleet.server.port);
    await fleet.add(1, { target: { kind: "url", url: proxy.url } });
    await fleet.untilAll(1);
    const { server, vendor } = fleet;
    const pick = <Item>(items: readonly Item[]): Item | undefined =>
      items[Math.floor(random() * items.length)];
    const someone = () => pick(fleet.present);
    const faults: readonly (() => Promise<unknown>)[] = [
      async () =>
        someone()
          ?.kill()
          .then(() => fleet.add(1)),
      async () => {
        const victim = (await fleet.leader(5_000).catch(() => undefined)) ?? someone();
        await victim?.kill();
        await fleet.add(1);
      },
      async () => {
        const victim = (await fleet.leader(5_000).catch(() => undefined)) ?? someone();
        victim?.stop();
        vendor.change();
        await wait(2_000 * random());
        victim?.continue();
      },
      async () => {
        const victim = someone();
        await victim?.ask("hold", 800 * random());
        vendor.change();
        await wait(500);
        victim?.stop();
        await wait(1_200);
        victim?.continue();
        await victim?.ask("hold", 0);
      },
      () => server.command("FLUSHALL"),
      () => server.command("DEL", pick(Object.values(KEYS)) ?? KEYS.lease),
      () => server.command("SCRIPT", "FLUSH"),
      () => server.command("CLIENT", "PAUSE", Math.ceil(1_500 * random()), "ALL"),
      () => server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"),
      () => server.command("CLIENT", "KILL", "TYPE", "pubsub"),
      async () => {
        await server.kill();
        vendor.change();
        await wait(2_500 * random());
        await server.start();
      },
      async () => {
        server.pause();
        await wait(2_000 * random());
        server.resume();
      },
      async () => {
        vendor.fail({ with: pick([503, 429, "reset"] as const) ?? 503 });
        await wait(2_000 * random());
        vendor.change();
        vendor.recover();
      },
      async () => {
        vendor.delayMs = 1_500 * random();
        vendor.change();
        await wait(1_500);
        vendor.delayMs = 0;
      },
      async () => {
        proxy.blackHole();
        vendor.change();
        await wait(2_000 * random());
        proxy.pass();
      },
      async () => {
        proxy.cut(Math.ceil(2_000 * random()));
        vendor.change();
        await wait(1_500);
        proxy.pass();
      },
      async () => {
        await server.command("CONFIG", "SET", "maxmemory", 1);
        vendor.change();
        await wait(2_000 * random());
        await server.command("CONFIG", "SET", "maxmemory", 0);
      },
      async () => {
        for (let i = 0; i < 3; i++) {
          vendor.change();
          await wait(700 * random());
        }
      },
    ];
    for (let i = 0; i < FAULTS; i++) {
      await pick(faults)?.();
      vendor.change();
      await wait(800 * random());
    }
    expect(await fleet.finish()).toEqual([]);
  });
}
