import type { AssignmentEvent, BanditEvent } from "../model/exposure.js";

/** An event with its kind. */
export type LoggedEvent =
  | { readonly kind: "assignment"; readonly event: AssignmentEvent }
  | { readonly kind: "bandit"; readonly event: BanditEvent };

/** The kinds of events. */
export type EventKind = LoggedEvent["kind"];
