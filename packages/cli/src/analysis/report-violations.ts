import type { Io } from "../io.js";
import type { Messages } from "../messages.js";

/** Reports exceeded limits as errors. In GitHub Actions, also creates annotations. */
export function reportViolations(
  command: string,
  violations: readonly string[],
  messages: Messages,
  { env }: Pick<Io, "env">,
): void {
  for (const violation of violations) {
    messages.error(violation);
    if (env["GITHUB_ACTIONS"] === "true") {
      messages.plain(`::error title=sortition ${command}::${violation}`);
    }
  }
}
