import type { NamedDifference } from "@sortition/dialect-kit/differential";
import type { Session } from "./calls.js";
import type { Outcome } from "./outcome.js";
import type { GeneratedPayload } from "./payloads.js";

/** A session and its two outcomes. */
export interface Case {
  readonly generated: GeneratedPayload;
  readonly session: Session;
  readonly ours: Outcome;
  readonly vendor: Outcome;
}

/** Deliberate differences that occur with generated payloads. They are also listed in `../differences.md`. */
export const DELIBERATE: readonly NamedDifference<Case>[] = [
  {
    name: "pattern that is not a string",
    because:
      'it never matches; the vendor may match a pattern with the same text that was compiled earlier, such as `"null"` for `null`',
    explains: (_, { generated: { conditions, payload }, session }) =>
      /"\$regexi?":(?!")/.test(
        JSON.stringify([payload, conditions, session.asked, session.options]),
      ),
  },
];
