import type { Random } from "@sortition/proof";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";

/** An exposure in the format of Sortition's loggers. */
export interface LoggedExposure {
  readonly featureFlag: string;
  readonly allocation: string;
  readonly experiment: string;
  readonly subject: string;
  readonly variation: string;
  readonly timestamp: string;
  readonly messageId: string;
  readonly subjectAttributes: Readonly<Record<string, string>>;
}

/** The parameters of a simulation. */
export interface Simulation {
  readonly subjects: number;
  /** The share of the variation `a`. All others get `b`. */
  readonly share: number;
  readonly random: Random;
}

const START_MS = Date.parse("2026-02-01T00:00:00Z");
const DAY_MS = 86_400_000;

/** Simulates exposures of ten days by subjects with four plans. */
export function simulated({ random, share, subjects }: Simulation): LoggedExposure[] {
  return Array.from({ length: subjects }, (_, i) => ({
    featureFlag: "checkout",
    allocation: "split",
    experiment: "checkout-split",
    subject: `user-${i}`,
    variation: random() < share ? "a" : "b",
    timestamp: new Date(START_MS + Math.floor(random() * 10 * DAY_MS)).toISOString(),
    messageId: `m${i}`,
    subjectAttributes: { plan: ["free", "pro", "team", "trial"][Math.floor(random() * 4)] ?? "" },
  }));
}

/** An Eppo configuration with one experiment. */
export function experimentConfig(share: number, createdAt = "2026-01-05T00:00:00.000Z"): object {
  const percent = Math.round(share * 10_000) / 100;
  const shares = { a: percent, b: 100 - percent };
  const flag = splitFlag({ key: "checkout", name: "split", salt: "s", shares });
  return { ...flagsPayload("eppo", [flag]), createdAt };
}
