import type { AttributeReader } from "../../conditions/reader.js";
import type { Recorder } from "../../model/recorder.js";
import type { Subject } from "../../model/subject.js";
import type { TestRecorder } from "../compile.js";
import { isInShard, shardOfRest } from "../evaluation/shard.js";

/** Passes the tests of compiled flags to a recorder. */
export function recordTests(recorder: Recorder): TestRecorder {
  return {
    test: (matches, read, place) => (subject) =>
      recorder.condition(place, attributeOf(read, subject), () => matches(subject)),
    shard: (shard, place) =>
      shardOfRest((_, subjectKey) => {
        // What is recorded are the known shards, of which the last one is that of the condition.
        const known = new Float64Array((shard.sharder?.index ?? 0) + 1).fill(-1);
        return recorder.condition(place, known, () => isInShard(shard, subjectKey, known));
      }),
  };
}

/** Reads an attribute. Returns `undefined` if reading throws, in which case the condition also throws. */
function attributeOf(read: AttributeReader | null, subject: Subject): unknown {
  try {
    return read?.(subject);
  } catch {
    return undefined;
  }
}
