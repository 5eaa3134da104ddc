import { messageOf } from "../errors/guard.js";
import type { ConditionPlace, Recorder, ShardSpace } from "../model/recorder.js";
import type { FlagDescription, SplitDescription } from "./description.js";
import {
  explainFrom,
  type Folding,
  type SeenCondition,
  type TestedAllocation,
} from "./explain-from.js";
import type { ExplainedFlag, ExplainedRule, ExplainedSplit, TestOutcome } from "./explanation.js";

/** Returns what an outcome in the dialect's terms means. */
type ReadOutcome = (tested: never) => Omit<SeenCondition, "actual">;

const FOLDING: Folding = {
  error: "tests",
  conditions: "of-rules",
  hasBareRules: false,
  hasBareSplits: true,
};

/** Records one evaluation, and explains it. */
export class Recording implements Recorder {
  readonly #read: ReadOutcome;
  readonly #tried = new Map<string, TestOutcome>();
  readonly #conditions = new Map<string, SeenCondition>();
  readonly #shards = new Map<string, number>();

  constructor(read: ReadOutcome) {
    this.#read = read;
  }

  tried(allocation: string, tested: unknown): void {
    if (this.#tried.get(allocation) === "holds") return;
    this.#tried.set(allocation, this.#read(tested as never).outcome); // as the dialect's reader expects
  }

  condition<Tested>(place: ConditionPlace, actual: unknown, test: () => Tested): Tested {
    const key = conditionKey(place);
    try {
      const tested = test();
      this.#conditions.set(key, { ...this.#read(tested as never), actual }); // see above
      return tested;
    } catch (cause) {
      this.#conditions.set(key, { outcome: "error", reason: messageOf(cause), actual });
      throw cause;
    }
  }

  shard(allocation: string, space: ShardSpace, shard: number): void {
    this.#shards.set(shardKey(allocation, space), shard);
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
    return explainFrom(description, (index, { key }) => adapt(this.#of(key), index), FOLDING);
  }

  #of(allocation: string): RecordedAllocation {
    const tried = this.#tried.get(allocation) ?? "not-reached";
    const isTested = tried === "holds" || tried === "fails";
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
      split: (split, _, rules) => this.#split(split, allocation, isTested && isAnyMet(rules)),
      outcome(rules) {
        if (tried === "holds") return "applies";
        if (tried !== "fails") return tried;
        return isAnyMet(rules) ? "no-split-matches" : "no-rule-holds";
      },
    };
  }

  #split(split: SplitDescription, allocation: string, isReached: boolean): ExplainedSplit {
    const shards = split.shards.map((it) => {
      const shard = isReached ? (this.#shards.get(shardKey(allocation, it)) ?? null) : null;
      const isIn =
        shard !== null && it.ranges.some(({ end, start }) => start <= shard && shard < end);
      const outcome: TestOutcome = shard === null ? "not-reached" : isIn ? "holds" : "fails";
      return { ...it, outcome, shard, reason: "" };
    });
    const holds = shards.every(({ outcome }) => outcome === "holds");
    const outcome = !isReached ? "not-reached" : holds ? "holds" : "fails";
    return { ...split, shards, outcome, reason: "" };
  }
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

function shardKey(allocation: string, { salt, totalShards }: ShardSpace): string {
  return JSON.stringify([allocation, salt, totalShards]);
}
