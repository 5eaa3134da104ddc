import type { Decoded } from "../../conditions/decode.js";
import type { Predicate } from "../../conditions/predicate.js";
import type { AttributeReader } from "../../conditions/reader.js";
import type { CompiledShard } from "../evaluation/shard.js";
import type { ConditionWire, RuleWire, ShardWire } from "../wire.js";

/**
 * Wraps the tests of a flag while it is compiled, to observe their outcomes in an evaluation. Flags that
 * are not observed are compiled without wrappers.
 */
export interface Observer {
  rule(wire: Decoded<RuleWire>, matches: Predicate): Predicate;
  /** @param read - reads the condition's attribute. `null` if the condition is malformed. */
  condition(
    wire: Decoded<ConditionWire>,
    matches: Predicate,
    read: AttributeReader | null,
  ): Predicate;
  shard(wire: Decoded<ShardWire>, shard: CompiledShard): CompiledShard;
}

/** An observer that wraps nothing. */
export const UNOBSERVED: Observer = {
  rule: (_, matches) => matches,
  condition: (_, matches) => matches,
  shard: (_, shard) => shard,
};
