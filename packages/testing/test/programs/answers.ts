import type { Client } from "@sortition/core";
import type { ExposureRecorder } from "../../src/index.js";
import { type Asked, DEFAULTS } from "./program.js";

/** The value of a getter, and the logged variation. `null`: nothing was logged. */
export interface Answered {
  readonly value: unknown;
  readonly logged: unknown;
}

/** Evaluates with the vendor's own SDK. */
export interface Vendor {
  ask(asked: Asked): Answered | Promise<Answered>;
  close?(): unknown;
}

/** Evaluates with our client. */
export function askOurs(
  client: Client<object>,
  exposures: ExposureRecorder,
  asked: Asked,
): Answered {
  exposures.clear();
  const value = valueIn(client, asked);
  return { value, logged: exposures.assignments[0]?.variation ?? null };
}

function valueIn(client: Client<object>, asked: Asked): unknown {
  const { attributes, flagKey, subjectKey, type } = asked;
  switch (type) {
    case "boolean":
      return client.getBooleanAssignment(flagKey, subjectKey, attributes, DEFAULTS.boolean);
    case "string":
      return client.getStringAssignment(flagKey, subjectKey, attributes, DEFAULTS.string);
    case "integer":
      return client.getIntegerAssignment(flagKey, subjectKey, attributes, DEFAULTS.integer);
    case "number":
      return client.getNumericAssignment(flagKey, subjectKey, attributes, DEFAULTS.number);
    case "json":
      return client.getJSONAssignment<object>(flagKey, subjectKey, attributes, DEFAULTS.json);
  }
}
