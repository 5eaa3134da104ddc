import type { SeenRevision } from "../history/history.js";
import { COMPARE_SERVED } from "./subject-form.js";
import { instantText } from "./text.js";

/** The configurations that a form can select. */
export interface Configurations {
  readonly revisions: readonly SeenRevision[];
  /** The served revision; `null`: none. */
  readonly served: string | null;
}

/** Finds the configuration that a field of the form selects; `null` if it is not kept. */
export function selectedIn(
  field: string,
  { revisions, served }: Configurations,
): SeenRevision | null {
  const revision = field === "" || field === COMPARE_SERVED ? served : field;
  return revisions.find((it) => it.revision === revision) ?? null;
}

/** Returns `configuration from 2026-02-01 12:30:00Z`, with `(served now)` if it is. */
export function configurationLabel(field: string, configurations: Configurations): string {
  const seen = selectedIn(field, configurations);
  if (seen === null) return "configuration served now";
  const label = `configuration from ${instantText(seen.seenAtMs)}`;
  return seen.revision === configurations.served ? `${label} (served now)` : label;
}
