import type { Io } from "../io.js";
import type { Messages } from "../messages.js";

/** Reports exceeded limits as errors, and as annotations in a job of GitHub Actions. */
export function reportViolations(
  violations: readonly string[],
  messages: Messages,
  { env }: Pick<Io, "env">,
): void {
  for (const violation of violations) {
    messages.error(violation);
    if (env["GITHUB_ACTIONS"] === "true") {
      messages.plain(`::error title=sortition diff::${violation}`);
    }
  }
}
