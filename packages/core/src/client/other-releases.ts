import type { Diagnostics } from "../runtime/diagnostics.js";
import { type Release, releaseOf } from "../runtime/release.js";

/**
 * Warns once if parts of a client come from packages of another version than the client, because the interfaces between
 * our packages may change in any version.
 *
 * @param parts - source, dialect and loggers.
 */
export function warnOfOtherReleases(
  parts: readonly object[],
  own: Release,
  diagnostics: Diagnostics,
): void {
  const others = new Map<string, string>();
  for (const part of parts) {
    const release = releaseOf(part);
    if (release !== null && release.version !== own.version)
      others.set(release.name, release.version);
  }
  if (others.size === 0) return;
  const found = [...others].map(([name, version]) => `${name} ${version}`).join(", ");
  const wanted = [...others.keys()].map((name) => `${name}@${own.version}`).join(" ");
  diagnostics.warn(
    `the client has version ${own.version}, but it was given parts from ${found}; ` +
      `all Sortition packages must have the same version: npm install ${wanted}`,
  );
}
