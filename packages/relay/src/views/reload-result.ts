/** Result of a reload: names of environments. */
export interface ReloadResult {
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
  /** Changed environments whose replacement got no flags, so the old ones keep serving. */
  readonly kept: readonly string[];
}
