import type { JsonObject } from "../evaluate/request.js";
import type { Place } from "./place.js";

/** One row of an input, or why it cannot be read. */
export type Row = Place &
  (
    | { readonly fields: JsonObject; readonly problem: null }
    | { readonly fields: null; readonly problem: string }
  );
