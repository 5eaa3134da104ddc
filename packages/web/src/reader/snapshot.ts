/** Version of the snapshots that this release writes and reads. */
export const SNAPSHOT_VERSION = 1;

/**
 * The flags of one visitor for one page, as plain JSON, created by `snapshot` of `@sortition/web/server`. In a `<script>`,
 * write `<` as `\u003c`.
 */
export interface Snapshot {
  readonly v: typeof SNAPSHOT_VERSION;
  /** Values by flag key. If a flag assigns nothing, this is the server's default. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Keys of the flags whose exposures are logged when the visitor sees them. */
  readonly logs: readonly string[];
  /** For each flag of `logs`, what identifies its exposures in this browser. It changes with the subject and the variation. */
  readonly ids: readonly string[];
  /** Keys of the flags whose value is an override. */
  readonly overridden: readonly string[];
  /** Address of the route that receives exposures. */
  readonly url: string;
  /** The encrypted exposures. `null`: there are none. */
  readonly token: string | null;
}
