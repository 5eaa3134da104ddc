/** Groups of one call, as a drop-in passes them. The native client takes them from the attributes. */
export interface PosthogExtras {
  /** Keys of the groups that the person belongs to, by group type. */
  readonly groups?: Readonly<Record<string, unknown>>;
  /** Properties of the groups, by group type. */
  readonly groupProperties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
