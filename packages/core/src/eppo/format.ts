import type { Report } from "../conditions/decode.js";
import type { ConditionDescription } from "../explain/description.js";
import type { CompileCondition } from "./condition/rule.js";
import type { FlagWire } from "./wire.js";

/** Decodes and tests flags of a format that is based on Eppo's. */
export interface UfcFormat {
  /**
   * Decodes a flag.
   *
   * @param key - the flag's key in the map.
   * @throws DecodeError if the flag is malformed. It then fails for every subject.
   */
  readonly decodeFlag: (raw: unknown, key: string, path: string, report: Report) => FlagWire;
  readonly compileCondition: CompileCondition;
  /** Explains the outcome of a condition that was observed. */
  readonly reasonOf: (condition: ConditionDescription, actual: unknown, holds: boolean) => string;
}
