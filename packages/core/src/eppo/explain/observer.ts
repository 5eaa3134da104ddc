import type { Decoded } from "../../conditions/decode.js";
import type { Predicate } from "../../conditions/predicate.js";
import type { AttributeReader } from "../../conditions/reader.js";
import type { CompiledShard } from "../flags/shard.js";
import type { ConditionWire, RuleWire, ShardWire } from "../flags/wire.js";

/**
 * Given to the compiler, it puts itself around what is compiled, to see what each test of an
 * evaluation came to. Flags that nobody observes are compiled as if there were no observers.
 */
export interface Observer {
  rule(wire: Decoded<RuleWire>, matches: Predicate): Predicate;
  /** @param read - how it reads its attribute; `null` if it is malformed. */
  condition(
    wire: Decoded<ConditionWire>,
    matches: Predicate,
    read: AttributeReader | null,
  ): Predicate;
  shard(wire: Decoded<ShardWire>, shard: CompiledShard): CompiledShard;
}

/** Leaves everything as it is. */
export const UNOBSERVED: Observer = {
  rule: (_, matches) => matches,
  condition: (_, matches) => matches,
  shard: (_, shard) => shard,
};
