import type { Report } from "../conditions/decode.js";
import type { ConditionDescription } from "../explain/description.js";
import type { CompileCondition } from "./condition/rule.js";
import type { FlagWire } from "./wire.js";

/** How a format that descends from Eppo's reads and tests flags. */
export interface UfcFormat {
  /**
   * Decodes a flag.
   *
   * @param key - the key that it was found by.
   * @throws DecodeError if the flag is malformed: it then fails for every subject.
   */
  readonly decodeFlag: (raw: unknown, key: string, path: string, report: Report) => FlagWire;
  readonly compileCondition: CompileCondition;
  /** Explains the outcome of a condition that was observed. */
  readonly reasonOf: (condition: ConditionDescription, actual: unknown, holds: boolean) => string;
}
