import type { Client } from "@sortition/node";
import type { FlagShape } from "./expected-shares.js";
import type { DemoSubject } from "./subjects.js";

/** Evaluates each flag for each subject with the getter of its type. Returns the number of calls. */
export function assignAll(
  client: Client,
  flags: readonly FlagShape[],
  subjects: readonly DemoSubject[],
): number {
  for (const { key, variationType } of flags) {
    for (const { subjectKey, subjectAttributes } of subjects) {
      switch (variationType) {
        case "BOOLEAN":
          client.getBooleanAssignment(key, subjectKey, subjectAttributes, false);
          break;
        case "INTEGER":
          client.getIntegerAssignment(key, subjectKey, subjectAttributes, 0);
          break;
        case "NUMERIC":
          client.getNumericAssignment(key, subjectKey, subjectAttributes, 0);
          break;
        case "STRING":
          client.getStringAssignment(key, subjectKey, subjectAttributes, "");
          break;
        case "JSON":
          client.getJSONAssignment(key, subjectKey, subjectAttributes, {});
          break;
      }
    }
  }
  return flags.length * subjects.length;
}
