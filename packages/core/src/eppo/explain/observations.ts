import type { Decoded } from "../../conditions/decode.js";
import type { Predicate } from "../../conditions/predicate.js";
import type { AttributeReader } from "../../conditions/reader.js";
import { messageOf } from "../../errors/guard.js";
import type { TestOutcome } from "../../explain/explanation.js";
import type { Subject } from "../../model/subject.js";
import type { CompiledRule } from "../condition/rule.js";
import type { AllocationListener } from "../evaluation/evaluate.js";
import { type CompiledShard, isInShard } from "../evaluation/shard.js";
import type { AllocationEvaluationCode } from "../evaluation-details.js";
import type { CompiledAllocation, CompiledSplit } from "../flag.js";
import type { ConditionWire, RuleWire, ShardWire } from "../wire.js";
import type { Observer } from "./observer.js";

/** Outcome of one test. */
export interface Observation {
  readonly outcome: Exclude<TestOutcome, "not-reached">;
  /** For a condition, the attribute's value, if one was read. For a shard condition, the shard. */
  readonly actual: unknown;
  /** The message of an error, otherwise empty. */
  readonly error: string;
}

/** The split that the subject matched. */
export interface ObservedMatch {
  readonly allocation: CompiledAllocation;
  readonly split: CompiledSplit;
}

/** Records the evaluation in progress. Tests are identified by the objects that they were compiled from. */
export class Observations implements Observer, AllocationListener {
  #tests = new Map<object, Observation>();
  #missed: AllocationEvaluationCode[] = [];
  #match: ObservedMatch | null = null;
  #subject: Subject | null = null;

  /** Clears all observations. Called when a call begins, because it may end without an evaluation. */
  clear(): void {
    this.#tests = new Map();
    this.#missed = [];
    this.#match = null;
    this.#subject = null;
  }

  begin(subject: Subject): void {
    this.#subject = subject;
  }

  /** The subject for which the flag was evaluated. `null` if it was not evaluated. */
  get subject(): Subject | null {
    return this.#subject;
  }

  /** Returns the outcome of a test, or `undefined` if it was not reached. */
  of(wire: object): Observation | undefined {
    return this.#tests.get(wire);
  }

  /** Codes of the allocations that did not apply, in order. */
  get codes(): readonly AllocationEvaluationCode[] {
    return this.#missed;
  }

  get match(): ObservedMatch | null {
    return this.#match;
  }

  missed(_: CompiledAllocation, code: AllocationEvaluationCode): void {
    this.#missed.push(code);
  }

  matched(allocation: CompiledAllocation, _: CompiledRule | null, split: CompiledSplit): void {
    this.#match = { allocation, split };
  }

  rule(wire: Decoded<RuleWire>, matches: Predicate): Predicate {
    return (subject) => this.#observe(wire, () => matches(subject));
  }

  condition(
    wire: Decoded<ConditionWire>,
    matches: Predicate,
    read: AttributeReader | null,
  ): Predicate {
    return (subject) =>
      this.#observe(
        wire,
        () => matches(subject),
        () => attributeOf(read, subject),
      );
  }

  /** Returns a condition without ranges, so that the algorithm calls its `rest`, which tests the original condition. */
  shard(wire: Decoded<ShardWire>, shard: CompiledShard): CompiledShard {
    return {
      ...shard,
      sharder: null,
      start: 0,
      end: 0,
      others: [],
      rest: () => this.#isIn(wire, shard),
    };
  }

  #isIn(wire: Decoded<ShardWire>, shard: CompiledShard): boolean {
    const index = shard.sharder?.index ?? 0;
    const known = new Float64Array(index + 1).fill(-1);
    return this.#observe(
      wire,
      () => isInShard(shard, this.#subject?.key ?? "", known),
      () => known[index],
    );
  }

  #observe(wire: object, test: () => boolean, actual?: () => unknown): boolean {
    try {
      const holds = test();
      const outcome = holds ? "holds" : "fails";
      this.#tests.set(wire, { outcome, actual: actual?.(), error: "" });
      return holds;
    } catch (cause) {
      this.#tests.set(wire, { outcome: "error", actual: actual?.(), error: messageOf(cause) });
      throw cause;
    }
  }
}

/** Reads an attribute. Returns `undefined` if reading throws, in which case the condition also throws. */
function attributeOf(read: AttributeReader | null, subject: Subject): unknown {
  try {
    return read?.(subject);
  } catch {
    return undefined;
  }
}
