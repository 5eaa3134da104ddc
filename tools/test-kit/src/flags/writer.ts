import type { BanditDefinition, FlagDefinition, FlagType, Json } from "./definition.js";

/** Content of a payload's parts, by name. Immutable: each change creates a new object. */
export type PayloadParts = Readonly<Record<string, Json>>;

/** Writes flags in one vendor's format. */
export interface Writer {
  /** Name of the vendor in messages. */
  readonly format: string;
  /** A payload without flags. */
  readonly empty: PayloadParts;
  /** Returns the key that reads the value of a flag. Default: its own key. */
  readKeyOf?(flag: FlagDefinition): string;
  /** Returns the type of a flag in the payload; `null` if it does not exist. Absent: the format has no types. */
  typeOf?(parts: PayloadParts, key: string): FlagType | null;
  /**
   * Returns the payload with this flag, which replaces the flag with the same key.
   *
   * @throws FormatError if the format cannot express the flag.
   */
  withFlag(parts: PayloadParts, flag: FlagDefinition): PayloadParts;
  /**
   * Absent: the format has no bandits that choose among actions of the caller.
   *
   * @throws FormatError if the format cannot express the bandit.
   */
  withBandit?(parts: PayloadParts, bandit: BanditDefinition): PayloadParts;
}

/** Thrown if a format cannot express a flag. The builder adds the name of the call. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}
