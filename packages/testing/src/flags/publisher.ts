import type { BanditDefinition, FlagDefinition } from "@sortition/test-kit/flags";

/** Receives flags and bandits from their builders. */
export interface Publisher {
  /**
   * Adds a flag, or replaces the flag with the same key.
   *
   * @param call - name of the builder's call in errors.
   * @throws OptionError if the format cannot express the flag. Nothing has changed in that case.
   */
  publishFlag(flag: FlagDefinition, call: string): void;
  /** Like {@link publishFlag}, for a bandit with its flag. */
  publishBandit(bandit: BanditDefinition, call: string): void;
}
