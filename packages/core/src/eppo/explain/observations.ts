import type { Decoded } from "../../conditions/decode.js";
import type { Predicate } from "../../conditions/predicate.js";
import type { AttributeReader } from "../../conditions/reader.js";
import { messageOf } from "../../errors/guard.js";
import type { TestOutcome } from "../../explain/explanation.js";
import type { Subject } from "../../model/subject.js";
import type { CompiledAllocation, CompiledSplit } from "../flags/compile.js";
import type { AllocationEvaluationCode } from "../flags/details.js";
import type { AllocationListener } from "../flags/evaluate.js";
import type { CompiledRule } from "../flags/rule.js";
import { type CompiledShard, isInShard } from "../flags/shard.js";
import type { ConditionWire, RuleWire, ShardWire } from "../flags/wire.js";
import type { Observer } from "./observer.js";

/** What one test came to. */
export interface Observation {
  readonly outcome: Exclude<TestOutcome, "not-reached">;
  /** Of a condition: the attribute's value, where one was read. Of a shard condition: the shard. */
  readonly actual: unknown;
  /** The message of an error, else empty. */
  readonly error: string;
}

/** Which of an allocation's splits the subject got. */
export interface ObservedMatch {
  readonly allocation: CompiledAllocation;
  readonly split: CompiledSplit;
}

/** Keeps what was seen of the evaluation in progress. Tests are known by their wire form. */
export class Observations implements Observer, AllocationListener {
  #tests = new Map<object, Observation>();
  #missed: AllocationEvaluationCode[] = [];
  #match: ObservedMatch | null = null;
  #subject: Subject | null = null;

  /** Forgets everything: a call begins, which need not come to an evaluation. */
  clear(): void {
    this.#tests = new Map();
    this.#missed = [];
    this.#match = null;
    this.#subject = null;
  }

  /** An evaluation begins. */
  begin(subject: Subject): void {
    this.#subject = subject;
  }

  /** Who the flag was evaluated for; `null` if it was not. */
  get subject(): Subject | null {
    return this.#subject;
  }

  /** What a test came to; `undefined` if it was not reached. */
  of(wire: object): Observation | undefined {
    return this.#tests.get(wire);
  }

  /** Of the allocations that did not apply, in order. */
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

  /** Shard conditions are data: this one notes when the algorithm comes to look at it. */
  shard(wire: Decoded<ShardWire>, shard: CompiledShard): CompiledShard {
    const look = (): void => this.#test(wire, shard);
    return {
      ...shard,
      get sharder() {
        look();
        return shard.sharder;
      },
    };
  }

  /** Asks the same question as the algorithm is about to ask, and of the same function. */
  #test(wire: Decoded<ShardWire>, shard: CompiledShard): void {
    const index = shard.sharder?.index ?? 0;
    const known = new Float64Array(index + 1).fill(-1);
    this.#observe(
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

/** Where a value cannot be read, the condition says so itself. */
function attributeOf(read: AttributeReader | null, subject: Subject): unknown {
  try {
    return read?.(subject);
  } catch {
    return undefined;
  }
}
