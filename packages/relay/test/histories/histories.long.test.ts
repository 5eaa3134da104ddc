import { seededRandom } from "@sortition/test-kit/random";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHistory, live, type Outcome } from "./history.js";

/** They take about a quarter of a minute of processor time. `SORTITION_HISTORIES=2000` runs more. */
const HISTORIES = Number(process.env["SORTITION_HISTORIES"] ?? 60);
const SEED = 1;
/** Histories wait most of the time. */
const AT_A_TIME = 40;

describe.skipIf(!hasRedis)("a fleet whose Redis, service, disk and processes fail", () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());

  it(`reports each loss and no other, in ${HISTORIES} histories`, async () => {
    const outcomes: Outcome[] = [];
    const failures: string[] = [];
    let next = 0;
    const liveMany = async (): Promise<void> => {
      for (let index = next++; index < HISTORIES; index = next++) {
        const history = createHistory(seededRandom(SEED + index));
        try {
          outcomes.push(await live(history, server, `history-${index}`));
        } catch (error) {
          failures.push(`history ${index}: ${error}\n${JSON.stringify(history)}`);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, liveMany));
    expect(failures).toEqual([]);
    const sum = (of: keyof Outcome): number => outcomes.reduce((total, it) => total + it[of], 0);
    const { accepted, ...others } = {
      ...{ accepted: sum("accepted"), dead: sum("dead"), lost: sum("lost") },
      ...{ taken: sum("taken"), unconfirmed: sum("unconfirmed") },
    };
    console.log(JSON.stringify({ histories: HISTORIES, accepted, ...others }));
    // Each outcome occurred, so the faults had an effect.
    expect(accepted).toBeGreaterThan(HISTORIES * 10);
    for (const count of [others.lost, others.taken, others.unconfirmed]) {
      expect(count).toBeGreaterThan(0);
    }
  }, 3_600_000);
});
