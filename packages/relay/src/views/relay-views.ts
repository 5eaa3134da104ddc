import type { EnvironmentViews } from "./environment-views.js";
import { RequestProblem } from "./request-problem.js";

/** The environments by name. */
export type RelayViews = ReadonlyMap<string, EnvironmentViews>;

/**
 * Finds an environment.
 *
 * @param name - `undefined`: the only one.
 * @throws RequestProblem if there is none of this name, and without a name if there are several.
 */
export function environmentOf(views: RelayViews, name: string | undefined): EnvironmentViews {
  const [only] = views.values();
  const found = name === undefined && views.size === 1 ? only : views.get(name ?? "");
  if (found !== undefined) return found;
  const names = [...views.keys()].join(", ");
  throw name === undefined
    ? new RequestProblem(400, `environment: expected one of ${names}`)
    : new RequestProblem(404, `there is no such environment. The relay serves ${names}`);
}
