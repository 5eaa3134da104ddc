import type { Answers } from "../cells/cell.js";

/** From the one who measures to a participant's process. Each is answered by one reply. */
export type Request =
  | { readonly kind: "warm-up"; readonly operations: number }
  | { readonly kind: "round"; readonly operations: number; readonly collectsGarbage: boolean };

/** One measured round. */
export interface Round {
  readonly operations: number;
  /** What one operation came to, in the unit of its cell. */
  readonly figure: number;
  /** See `Task.run`. */
  readonly checksum: number;
}

/** From a participant's process. `ready` or `absent` comes unasked, when it has prepared itself. */
export type Reply =
  | { readonly kind: "ready"; readonly answers: Answers }
  | { readonly kind: "absent"; readonly reason: string }
  | { readonly kind: "warm" }
  | { readonly kind: "round"; readonly round: Round }
  | { readonly kind: "failed"; readonly message: string };
