import { DependencyCycleError } from "@sortition/amplitude/dialect";
import { userOfSubject } from "@sortition/amplitude/explain";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import type { CliAnswer, ExplainSupport } from "../dialect.js";

/** What Amplitude adds to `sortition explain`. */
export const amplitudeExplain: ExplainSupport = {
  requestOf: ({ attributes, flag, subjectKey }) => ({
    request: { user: userOfSubject(subjectKey, attributes), flagKeys: [flag] },
    type: null,
  }),
  extrasOf({ answer, question }) {
    const isCycle = answer.kind === "throws" && answer.error instanceof DependencyCycleError;
    const fields = isCycle
      ? { cycle: answer.error.cycle }
      : withoutDependencies(answer, question.flag);
    return { fields, paragraphs: [] };
  },
};

/** Removes the flags that the requested flag depends on, which the vendor's result also contains. */
function withoutDependencies(answer: CliAnswer, flag: string): JsonObject {
  const variants = answer.kind === "result" ? answer.fields["variants"] : null;
  if (!isJsonObject(variants)) return {};
  return { variants: Object.fromEntries(Object.entries(variants).filter(([key]) => key === flag)) };
}
