import type { JsonObject } from "../evaluate/request.js";

/** One row of an input, or why it cannot be read. */
export type Row =
  | {
      /** The line that it starts in, counted from 1. */
      readonly line: number;
      readonly fields: JsonObject;
      readonly problem: null;
    }
  | { readonly line: number; readonly fields: null; readonly problem: string };
