import { inspect, isDeepStrictEqual } from "node:util";
import { ODD_VALUES, type OddValue } from "./odd-values.js";
import type { Input } from "./read-inputs.js";
import { withValue } from "./with-value.js";

/**
 * Makes the call and returns its comparable effect, for example requests and timers on a fake
 * clock. Throws whatever the call throws, and ends everything that it started.
 */
export type OddSide = (given: unknown[]) => unknown;

/** A call that is compared for every odd value of every input. */
export interface OddCall {
  /**
   * Callee in the format of `VendorCalls`: `new Client`, `init`, `Factory.create`, `Client#method`.
   */
  readonly callee: string;
  /** Creates new arguments that work on both sides. */
  valid(): unknown[];
  readonly theirs: OddSide;
  readonly ours: OddSide;
  /** Whether our side offers the input. If not, only exceptions are compared. */
  readonly isOffered?: (input: string) => boolean;
  /** Selects the inputs to try. Default: all. */
  readonly isTried?: (input: string) => boolean;
  /**
   * Additional inputs that the declarations do not list, such as members of a record. Default:
   * none.
   */
  readonly also?: readonly Input[];
  /** Values for the inputs of `also`. Default: the values of every other input. */
  readonly contents?: readonly OddValue[];
}

/** Marks a value in an effect that could not be read, because the side threw. */
export const THREW: unique symbol = Symbol("threw");

/**
 * Returns the result of `read`, or {@link THREW} if it throws. If the vendor's side throws, nothing
 * is compared.
 */
export function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return THREW;
  }
}

/** A deliberate difference, which a page lists. */
export interface OddDifference {
  readonly name: string;
  /** What breaks otherwise. The test checks that the page contains these words. */
  readonly because: string;
  /** Keep the condition as narrow as possible. */
  explains(finding: OddFinding): boolean;
}

/** A call for which the sides differ. */
export interface OddFinding {
  readonly callee: string;
  readonly input: string;
  readonly value: string;
  readonly kind: "only ours throws" | "effects differ";
  readonly theirs: unknown;
  readonly ours: unknown;
}

/** Result of the comparison of one call. */
export interface OddResult {
  readonly calls: number;
  /** Number of calls that only the vendor rejects. Nobody depends on these. */
  readonly laxer: number;
  readonly findings: readonly OddFinding[];
}

/** Passes every odd value to every input of a call, one at a time. */
export async function compareOddCall(call: OddCall, inputs: readonly Input[]): Promise<OddResult> {
  const { also = [], contents = ODD_VALUES } = call;
  const findings: OddFinding[] = [];
  let calls = 0;
  let laxer = 0;
  for (const input of [...inputs, ...also]) {
    for (const odd of also.includes(input) ? contents : ODD_VALUES) {
      calls++;
      const given = (): unknown[] => withValue(call.valid(), input, odd.create());
      const theirs = await outcomeOf(call.theirs, given());
      const ours = await outcomeOf(call.ours, given());
      if (theirs.hasThrown && !ours.hasThrown) laxer++;
      const isCompared = call.isOffered?.(input.name) !== false;
      if (theirs.hasThrown || (!ours.hasThrown && !isCompared)) continue;
      if (!ours.hasThrown && isAlike(theirs.effect, ours.effect)) continue;
      findings.push({
        callee: call.callee,
        input: input.name,
        value: odd.name,
        kind: ours.hasThrown ? "only ours throws" : "effects differ",
        theirs: theirs.effect,
        ours: ours.effect,
      });
    }
  }
  return { calls, laxer, findings };
}

function isAlike(theirs: unknown, ours: unknown): boolean {
  return isDeepStrictEqual(theirs, withThrews(theirs, ours, REPORT_DEPTH));
}

/** Depth of a side's report. Deeper objects are values of the call, which may have cycles. */
const REPORT_DEPTH = 4;

/** Returns our effect with the mark wherever the vendor's effect has it. */
function withThrews(theirs: unknown, ours: unknown, depth: number): unknown {
  if (theirs === THREW) return THREW;
  if (depth === 0 || !isRecord(theirs) || !isRecord(ours)) return ours;
  return Object.fromEntries(
    Object.entries(ours).map(([name, part]) => [name, withThrews(theirs[name], part, depth - 1)]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isPlain(value) && Object.getPrototypeOf(value) === Object.prototype;
}

/**
 * Formats a finding as one paragraph of a report. For effects, shows the first place where they
 * differ.
 */
export function tellOf({ callee, input, value, kind, theirs, ours }: OddFinding): string {
  const [place, left, right] = placeOf(theirs, ours);
  const told = (effect: unknown): string =>
    inspect(effect, { depth: 8, breakLength: Number.POSITIVE_INFINITY }).slice(0, 600);
  const call = `${callee}: ${input} = ${value}: ${kind}${place}`;
  return `${call}\n  theirs ${told(left)}\n  ours   ${told(right)}`;
}

function placeOf(theirs: unknown, ours: unknown, place = ""): [string, unknown, unknown] {
  if (isPlain(theirs) && isPlain(ours)) {
    for (const name of Object.keys({ ...theirs, ...ours })) {
      const [left, right] = [theirs[name], ours[name]];
      if (left !== THREW && !isDeepStrictEqual(left, right))
        return placeOf(left, right, `${place}.${name}`);
    }
  }
  return [place && ` at ${place}`, theirs, ours];
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !(value instanceof Error);
}

async function outcomeOf(
  side: OddSide,
  given: unknown[],
): Promise<{ readonly hasThrown: boolean; readonly effect: unknown }> {
  try {
    return { hasThrown: false, effect: await side(given) };
  } catch (error) {
    return { hasThrown: true, effect: error };
  }
}
