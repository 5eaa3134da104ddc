import { inspect, isDeepStrictEqual } from "node:util";
import { ODD_VALUES, type OddValue } from "./odd-values.js";
import type { Input } from "./read-inputs.js";
import { withValue } from "./with-value.js";

/**
 * Makes the call and returns its effect: what can be compared of it, for example requests and timers on
 * a fake clock. Throws what the call throws, and ends what it started.
 */
export type OddSide = (given: unknown[]) => unknown;

/** A call that is compared with every odd value at every input. */
export interface OddCall {
  /** As `readCalls` takes it: `new Client`, `init`, `Factory.create`, `Client#method`. */
  readonly callee: string;
  /** New arguments with which both sides work. */
  valid(): unknown[];
  readonly theirs: OddSide;
  readonly ours: OddSide;
  /** Whether our side offers what the input is about; if not, only what is thrown is compared. */
  readonly isOffered?: (input: string) => boolean;
  /** Which inputs are tried. Default: all. */
  readonly isTried?: (input: string) => boolean;
  /** Places that the declarations leave open, such as members of a record. Default: none. */
  readonly also?: readonly Input[];
  /** What is put to the places of `also`. Default: the values of every other input. */
  readonly contents?: readonly OddValue[];
}

/** Stands in an effect for what could not be read, because the side threw. */
export const THREW: unique symbol = Symbol("threw");

/** What `read` returns, or {@link THREW}: an answer that the vendor refuses to give is compared with nothing. */
export function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return THREW;
  }
}

/** A deliberate difference, which the migration page names. */
export interface OddDifference {
  readonly name: string;
  /** What breaks otherwise, in the words of the page: the test looks for them there. */
  readonly because: string;
  /** Keep it as narrow as possible. */
  explains(finding: OddFinding): boolean;
}

/** One call whose sides differ. */
export interface OddFinding {
  readonly callee: string;
  readonly input: string;
  readonly value: string;
  readonly kind: "only ours throws" | "effects differ";
  readonly theirs: unknown;
  readonly ours: unknown;
}

/** What the comparison of one call found. */
export interface OddResult {
  readonly calls: number;
  /** Calls that only the vendor refuses. Nobody depends on them. */
  readonly laxer: number;
  readonly findings: readonly OddFinding[];
}

/** Puts every odd value to every input of a call, one after the other. */
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

/** How deep an effect is the report of a side. Below are values of the call, which may have cycles. */
const REPORT_DEPTH = 4;

/** Ours, with the mark at each place where theirs has it. */
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

/** A finding as one paragraph of a report: of two effects the first place where they differ. */
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
