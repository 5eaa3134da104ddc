import { messageOf } from "../errors/guard.js";
import type { ConditionPlace, Recorder, ShardSpace } from "../model/recorder.js";
import type { AllocationDescription, FlagDescription, SplitDescription } from "./description.js";
import {
  explainFrom,
  type Folding,
  type SeenCondition,
  type TestedAllocation,
} from "./explain-from.js";
import type {
  AllocationOutcome,
  ExplainedFlag,
  ExplainedRule,
  ExplainedShard,
  ExplainedSplit,
  TestOutcome,
} from "./explanation.js";

/** What an outcome in the dialect's terms means. */
export interface RecordedTest extends Pick<SeenCondition, "outcome" | "reason"> {
  /** Outcome of the allocation that was tried. Default: the one that follows from its rules. */
  readonly ofAllocation?: AllocationOutcome;
  /** Default: the value that was recorded. */
  readonly actual?: unknown;
}

/** How a dialect evaluates its allocations. */
interface RecordingRules extends Folding {
  /** Whether allocations are recorded by their index. */
  readonly byIndex: boolean;
  /** Whether splits are tried in order until one matches, except for malformed ones. */
  readonly endsAtMatch: boolean;
}

const NOT_TRIED: RecordedTest = { outcome: "not-reached", reason: "" };

const USUAL: RecordingRules = {
  error: "tests",
  conditions: "of-rules",
  hasBareRules: false,
  hasBareSplits: true,
  byIndex: false,
  endsAtMatch: false,
};

/** Returns the meaning of an allocation's outcome, or of the outcome of a condition that tested `actual`. */
type ReadTest = (tested: never, actual?: never) => RecordedTest;

/** Records one evaluation, and explains it. */
export class Recording implements Recorder {
  readonly #read: ReadTest;
  readonly #rules: RecordingRules;
  readonly #tried = new Map<string, RecordedTest>();
  readonly #conditions = new Map<string, SeenCondition>();
  readonly #shards = new Map<string, SeenShard>();

  constructor(read: ReadTest, rules: Partial<RecordingRules> = {}) {
    this.#read = read;
    this.#rules = { ...USUAL, ...rules };
  }

  /** Begins another evaluation. */
  clear(): void {
    this.#tried.clear();
    this.#conditions.clear();
    this.#shards.clear();
  }

  tried(allocation: string, tested: unknown): void {
    if (this.#tried.get(allocation)?.outcome === "holds") return;
    this.#tried.set(allocation, this.#read(tested as never)); // as the dialect's reader expects
  }

  condition<Tested>(place: ConditionPlace, actual: unknown, test: () => Tested): Tested {
    const key = conditionKey(place);
    try {
      const tested = test();
      this.#conditions.set(key, { actual, ...this.#read(tested as never, actual as never) }); // see above
      return tested;
    } catch (cause) {
      const error = { outcome: "error", reason: messageOf(cause), actual } as const;
      this.#conditions.set(key, error);
      if (!this.#tried.has(place.allocation)) this.#tried.set(place.allocation, error);
      throw cause;
    }
  }

  shard(allocation: string, space: Partial<ShardSpace>, shard: number, isIn?: boolean): void {
    this.#shards.set(shardKey(allocation, space), { shard, isIn });
  }

  /**
   * Combines the description of a flag with its recorded tests.
   *
   * @param adapt - changes the tests of an allocation. Default: none.
   */
  explain(
    description: FlagDescription,
    adapt: (tested: RecordedAllocation, index: number) => TestedAllocation = (it) => it,
  ): ExplainedFlag {
    const testedAt = (index: number, { key }: AllocationDescription) =>
      adapt(this.#of(this.#rules.byIndex ? String(index) : key), index);
    return explainFrom(description, testedAt, this.#rules);
  }

  #of(allocation: string): RecordedAllocation {
    const { ofAllocation, outcome: tried } = this.#tried.get(allocation) ?? NOT_TRIED;
    const isTested = ofAllocation === undefined && /^(?:holds|fails|error)$/.test(tried);
    let isTaken = false;
    return {
      key: allocation,
      tried,
      condition: (rule, index) =>
        tried === "not-reached"
          ? null
          : (this.#conditions.get(conditionKey({ allocation, rule, index })) ?? null),
      rule({ problem }, _, conditions) {
        if (tried !== "fails" || problem !== null) return tried;
        return conditions.every(({ outcome }) => outcome === "holds") ? "holds" : "fails";
      },
      split: (split, _, rules) => {
        const isSkipped = this.#rules.endsAtMatch && (isTaken || split.problem !== null);
        const tested = this.#split(split, allocation, isTested && isAnyMet(rules) && !isSkipped);
        isTaken ||= tested.outcome === "holds";
        return tested;
      },
      outcome(rules, splits) {
        if ([...rules, ...splits].some(({ outcome }) => outcome === "error")) return "error";
        if (ofAllocation !== undefined) return ofAllocation;
        if (tried === "holds") return "applies";
        if (tried !== "fails") return tried;
        return isAnyMet(rules) ? "no-split-matches" : "no-rule-holds";
      },
    };
  }

  #split(split: SplitDescription, allocation: string, isReached: boolean): ExplainedSplit {
    const shards = split.shards.map((it): ExplainedShard => {
      const { totalShards } = it;
      const seen =
        this.#shards.get(shardKey(allocation, it)) ??
        this.#shards.get(shardKey(allocation, { totalShards }));
      if (!isReached || seen === undefined) {
        return { ...it, outcome: "not-reached", shard: null, reason: "" };
      }
      const { shard } = seen;
      const isIn = seen.isIn ?? it.ranges.some(({ end, start }) => start <= shard && shard < end);
      const outcome = isIn ? "holds" : "fails";
      return { ...it, outcome, shard: Number.isNaN(shard) ? null : shard, reason: "" };
    });
    const holds = shards.every(({ outcome }) => outcome === "holds");
    const outcome = !isReached ? "not-reached" : holds ? "holds" : "fails";
    return { ...split, shards, outcome, reason: "" };
  }
}

interface SeenShard {
  readonly shard: number;
  readonly isIn: boolean | undefined;
}

/** The tests of an allocation as recorded. */
interface RecordedAllocation extends TestedAllocation {
  readonly key: string;
  readonly tried: TestOutcome;
}

function isAnyMet(rules: readonly ExplainedRule[]): boolean {
  return rules.length === 0 || rules.some(({ outcome }) => outcome === "holds");
}

function conditionKey({ allocation, index, rule }: ConditionPlace): string {
  return `${rule} ${index} ${allocation}`;
}

function shardKey(allocation: string, { salt, totalShards }: Partial<ShardSpace>): string {
  return JSON.stringify([allocation, salt, totalShards]);
}
