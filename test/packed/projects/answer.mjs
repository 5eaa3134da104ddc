// Evaluates the cases of `data.mjs`. Uses only the language, and no API of a runtime.
import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { cases, flags } from "./data.mjs";

const GETTERS = {
  BOOLEAN: "getBooleanAssignment",
  INTEGER: "getIntegerAssignment",
  NUMERIC: "getNumericAssignment",
  STRING: "getStringAssignment",
  JSON: "getJSONAssignment",
};

/** Returns the values and the content of the exposures as one line of JSON. */
export function answerAll() {
  const events = [];
  const client = createClient({
    initialConfiguration: Configuration.from({ dialect: eppo(), payloads: { flags } }),
    assignmentLogger: {
      logAssignment: (event) => events.push([event.experiment, event.variation, event.subject]),
    },
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const values = cases.map(({ type, flag, subject, attributes, fallback }) =>
    client[GETTERS[type]](flag, subject, attributes, fallback),
  );
  return JSON.stringify({ values, events });
}
