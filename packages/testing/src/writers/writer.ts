import type { BanditDefinition, FlagDefinition, FlagType, Json } from "../flags/definition.js";

/** Content of the parts of a payload, by name. Not modified: each change is a new object. */
export type PayloadParts = Readonly<Record<string, Json>>;

/** Writes flags in the words of one vendor's format. */
export interface Writer {
  /** The vendor, as messages name it. */
  readonly format: string;
  /** A payload without flags. */
  readonly empty: PayloadParts;
  /** Type of a flag of the payload; `null`: it has none, or there is no such flag. */
  typeOf(parts: PayloadParts, key: string): FlagType | null;
  /**
   * The payload with this flag in place of the one of its key.
   *
   * @throws FormatError for what the format cannot say.
   */
  withFlag(parts: PayloadParts, flag: FlagDefinition): PayloadParts;
  /** @throws FormatError for what the format cannot say. */
  withBandit(parts: PayloadParts, bandit: BanditDefinition): PayloadParts;
}

/** What a format cannot say. The builder adds the call. */
export class FormatError extends Error {
  override readonly name = "FormatError";
}
