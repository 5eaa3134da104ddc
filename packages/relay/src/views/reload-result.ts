/** What a reload did, by the names of environments. */
export interface ReloadResult {
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: readonly string[];
  /** Environments that changed, but whose new configuration cannot serve: they go on as before. */
  readonly kept: readonly string[];
}
