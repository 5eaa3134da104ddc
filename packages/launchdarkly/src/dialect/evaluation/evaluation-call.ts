import type { Scope, Subject } from "@sortition/core/dialect";
import { EvaluationContext } from "../context/evaluation-context.js";
import type { LaunchdarklyExtras } from "../extras.js";
import type { Outcome } from "./outcome.js";
import { FAILS, MALFORMED, type Tested } from "./test-outcome.js";

/** A flag that others require. */
export interface Prerequisite {
  outcomeFor(call: EvaluationCall): Outcome;
}

/** A segment of contexts. */
export interface TestedSegment {
  readonly key: string;
  test(call: EvaluationCall): Tested;
}

/** The memberships of a context in big segments, by `<segment key>.g<generation>`. */
export type BigSegmentMemberships = Readonly<Record<string, boolean>>;

/** Returns the memberships of a context, or `null` if it has none. */
export type BigSegmentLookup = (contextKeyHash: string) => BigSegmentMemberships | null | undefined;

/** The part of a configuration that evaluations read. */
export interface EvaluatedConfiguration {
  readonly bigSegments: BigSegmentLookup | null;
  flag(key: string): Prerequisite | null;
  segment(key: string): TestedSegment | null;
}

/** The state of one evaluation. */
export class EvaluationCall {
  readonly context: EvaluationContext = new EvaluationContext();
  /** The requested flag. */
  flagKey = "";
  configuration!: EvaluatedConfiguration;
  scope!: Scope<LaunchdarklyExtras>;
  /** Keys of the required flags that are being evaluated. */
  readonly flags: string[] = [];
  /** Keys of the segments that are being tested. */
  readonly #segments: string[] = [];
  /** Memberships in big segments, by hash of the context's key. */
  memberships: Map<string, BigSegmentMemberships | null> | null = null;
  /** Whether a big segment was looked up. `null`: none was needed. */
  bigSegmentsStatus: "HEALTHY" | "NOT_CONFIGURED" | null = null;

  /** @returns why the subject is not a context, or `null`. */
  begin(flagKey: string, subject: Subject, scope: Scope<LaunchdarklyExtras>): string | null {
    this.flagKey = flagKey;
    this.scope = scope;
    this.configuration = scope.configuration as typeof scope.configuration & EvaluatedConfiguration; // always belongs to this dialect
    this.flags.length = 0;
    this.#segments.length = 0;
    this.memberships = null;
    this.bigSegmentsStatus = null;
    const given = scope.extras?.context;
    const isGiven = given !== undefined;
    const problem = isGiven
      ? this.context.useContext(given)
      : this.context.useSubject(subject.key, subject.attributes, scope);
    if (problem === null && (isGiven || scope.isKeyless)) scope.hashedBy(this.context.subjectKey);
    return problem;
  }

  /** Releases the data of the caller and the configuration. */
  end(): void {
    this.context.clear();
    this.memberships = null;
    this.configuration = undefined as never; // set again by `begin`
    this.scope = undefined as never;
  }

  /** Tests a segment. A segment that does not exist has no members. */
  testSegment(key: string): Tested {
    const segment = this.configuration.segment(key);
    if (segment === null) return FAILS;
    if (this.#segments.includes(segment.key)) return MALFORMED;
    this.#segments.push(segment.key);
    const tested = segment.test(this);
    this.#segments.pop();
    return tested;
  }
}
