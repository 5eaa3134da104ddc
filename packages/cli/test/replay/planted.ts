import { type Configuration, createClient } from "@sortition/core";
import type { Random } from "@sortition/proof";
import { flagsPayload, splitFlag } from "@sortition/test-kit/flags";
import { generatedSubjects } from "../generated/flags.js";

/** An exposure as a client logs it. */
export type Logged = Readonly<Record<string, unknown>> & { readonly subject: string };

/** The planted faults, named after the count that must find them. */
export const FAULTS = [
  "wrong-variation",
  "not-in-experiment",
  "no-such-flag",
  "another-revision",
  "attributes-missing",
  "overridden",
  "duplicates",
  "twoVariations",
  "outOfOrder",
] as const;

/** One of {@link FAULTS}. */
export type Fault = (typeof FAULTS)[number];

/** When each revision was published. */
export const REVISION_TIMES: readonly number[] = [
  "2026-02-01T00:00:00Z",
  "2026-02-02T00:00:00Z",
  "2026-02-03T00:00:00Z",
].map((time) => Date.parse(time));
const DAY_MS = 86_400_000;

/** A configuration with one flag whose salt differs in each revision. The experiment includes only Danes. */
export function revision(index: number): object {
  const [shares, when] = [{ a: 50, b: 50 }, { country: ["DK"] }];
  const flag = splitFlag({ key: "checkout", name: "danes", salt: `s${index}`, shares, when });
  const createdAt = new Date(REVISION_TIMES[index] ?? 0).toISOString();
  return { ...flagsPayload("eppo", [flag]), createdAt };
}

/** How many events to generate, and how many faults to plant. */
export interface Plan {
  readonly random: Random;
  readonly events: number;
  readonly ofEach: number;
  readonly revisions: readonly Configuration[];
}

/**
 * Generates exposures of three days in order, with the planted faults among them. Each revision produces a third of
 * them; within 30 s after a change, every other exposure still comes from the revision before.
 */
export function plantedEvents({ events, ofEach, random, revisions }: Plan): readonly Logged[] {
  const step = (3 * DAY_MS) / events;
  const subjects = generatedSubjects(random, events);
  const start = REVISION_TIMES[0] ?? 0;
  const every = Math.floor(events / (ofEach * FAULTS.length));
  const log = logging(revisions);
  const logged: Logged[] = [];
  let planted = 0;
  for (const [i, { subjectKey }] of subjects.entries()) {
    const timeMs = start + Math.floor(i * step);
    const revised = Math.min(2, Math.floor((timeMs - start) / DAY_MS));
    const isInFlight = timeMs - (REVISION_TIMES[revised] ?? 0) < 30_000 && i % 2 === 0;
    const by = isInFlight ? Math.max(0, revised - 1) : revised;
    const event = log(by, `${subjectKey}-${i}`, timeMs);
    // Within the grace period, an exposure of the other revision is not a fault.
    const isNear = REVISION_TIMES.some((changedMs) => Math.abs(timeMs - changedMs) <= 61_000);
    const isDue = planted < ofEach * FAULTS.length && i >= (planted + 0.5) * every;
    const fault = isDue && !isNear ? FAULTS[planted++ % FAULTS.length] : undefined;
    if (fault === undefined) logged.push(event);
    else logged.push(...faulty(event, fault, { timeMs, revised, log }));
  }
  return logged;
}

type Log = (revision: number, subject: string, timeMs: number) => Logged;

function faulty(
  event: Logged,
  fault: Fault,
  { log, revised, timeMs }: { timeMs: number; revised: number; log: Log },
): readonly Logged[] {
  const other = event["variation"] === "a" ? "b" : "a";
  switch (fault) {
    case "wrong-variation": {
      // No revision gives `c`, because the experiment has only two variations.
      return [{ ...event, variation: "c" }];
    }
    case "not-in-experiment":
      return [{ ...event, subjectAttributes: { country: "SE" } }];
    case "no-such-flag":
      return [{ ...event, featureFlag: "chekout" }];
    case "another-revision":
      return [differing(log, event, revised, timeMs)];
    case "attributes-missing":
      return [{ ...event, subjectAttributes: {} }];
    case "overridden":
      return [{ ...event, variation: other, forced: true }];
    case "duplicates":
      return [event, event];
    case "twoVariations":
      return [event, { ...event, variation: "c", messageId: `${String(event["messageId"])}-2` }];
    case "outOfOrder":
      return [
        event,
        {
          ...log(revised, `${event.subject}-late`, timeMs - 1_000),
        },
      ];
  }
}

/** An exposure that only a revision of another day produces. */
function differing(log: Log, event: Logged, revised: number, timeMs: number): Logged {
  const by = revised === 2 ? 0 : 2;
  for (let n = 0; ; n++) {
    const subject = `${event.subject}-${n}`;
    const foreign = log(by, subject, timeMs);
    if (foreign["variation"] !== log(revised, subject, timeMs)["variation"]) return foreign;
  }
}

function logging(revisions: readonly Configuration[]): Log {
  let nowMs = 0;
  let latest: Logged | null = null;
  const clients = revisions.map((initialConfiguration) =>
    createClient({
      dialect: initialConfiguration.dialect,
      initialConfiguration,
      assignmentLogger: {
        logAssignment: (event) => {
          latest = event as unknown as Logged; // its members are JSON
        },
      },
      deduplication: { assignments: false, bandits: false },
      clock: { now: () => nowMs, monotonicMs: () => nowMs },
      diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    }),
  );
  return (revision, subject, timeMs) => {
    nowMs = timeMs;
    latest = null;
    clients[revision]?.getStringAssignment("checkout", subject, { country: "DK" }, "none");
    if (latest === null) throw new Error("nothing was logged");
    return latest;
  };
}
