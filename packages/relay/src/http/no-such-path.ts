/** Paths of the server for operators. */
const ADMIN = /^\/(metrics|status|reload|page)(?:\/|$)/;
const HEALTH = /\/(health|healthz|health-?check|live|liveness|ready|readiness|ping)\/?$/;

/**
 * Returns the response for a path that no route has: what to write, if it looks like another one. It contains nothing from
 * the path.
 *
 * @param templates - templates of all routes.
 */
export function noSuchPath(path: string, templates: readonly string[]): string {
  return `there is no such path${adviceFor(path, templates)}`;
}

function adviceFor(path: string, templates: readonly string[]): string {
  const [, admin] = ADMIN.exec(path) ?? [];
  if (admin !== undefined) return `: /${admin} is served at admin.listen`;
  if (HEALTH.test(path)) return ": use /livez or /readyz";
  for (const template of templates) {
    const [begin = ""] = template.split("/:");
    const at = path.lastIndexOf(begin);
    if (at <= 0 || !["", "/"].includes(path.charAt(at + begin.length))) continue;
    const isSlash = path.charAt(at - 1) === "/";
    if (isSlash) return ": remove the slash at the end of the SDK's address";
    if (path.lastIndexOf("/", at - 1) <= 0) continue;
    return `: the path must be /ENVIRONMENT${begin}, so end the SDK's address with the name of an environment`;
  }
  return "";
}
