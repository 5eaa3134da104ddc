import type { Answers } from "../cells/cell.js";

/** A message to a participant's process, which sends one reply. */
export type Request =
  | { readonly kind: "warm-up"; readonly operations: number }
  | { readonly kind: "round"; readonly operations: number; readonly collectsGarbage: boolean };

/** One measured round. */
export interface Round {
  readonly operations: number;
  /** Of one operation, in the unit of the cell. */
  readonly figure: number;
  /** Other figures of the same operations, by the name of their row in the table. */
  readonly also?: Readonly<Record<string, number>>;
  /** See `Task.run`. */
  readonly checksum: number;
}

/** A message from a participant's process. It sends `ready` or `absent` unasked, once it is prepared. */
export type Reply =
  | { readonly kind: "ready"; readonly answers: Answers }
  | { readonly kind: "absent"; readonly reason: string }
  | { readonly kind: "warm" }
  | { readonly kind: "round"; readonly round: Round }
  | { readonly kind: "failed"; readonly message: string };
