/** Groups of one call, as passed by a drop-in. The native client reads them from the attributes. */
export interface PosthogExtras {
  /** Keys of the person's groups, by group type. */
  readonly groups?: Readonly<Record<string, unknown>>;
  /** Properties of the groups, by group type. */
  readonly groupProperties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
