import type { BanditDefinition, FlagDefinition } from "./definition.js";

/** Takes what a builder describes. */
export interface Publisher {
  /**
   * Puts a flag in place of the one of its key.
   *
   * @param call - the call of the builder, as errors name it.
   * @throws OptionError for what the format cannot say; nothing has changed then.
   */
  publishFlag(flag: FlagDefinition, call: string): void;
  /** As {@link publishFlag}, for a bandit with its flag. */
  publishBandit(bandit: BanditDefinition, call: string): void;
}
