import type { JsonObject } from "../evaluate/request.js";
import type { Place } from "./place.js";

/** A row of an input, or the reason why it cannot be read. */
export type Row = Place &
  (
    | {
        readonly fields: JsonObject;
        /** Whether the values are cells of CSV, which do not show their types. Default: false. */
        readonly isText?: boolean;
        readonly problem: null;
      }
    | { readonly fields: null; readonly problem: string }
  );
