import type { Answers, Reading } from "../cells/cell.js";

/** A request to a participant's process, which sends one reply. */
export type Request =
  | { readonly kind: "warm-up"; readonly operations: number }
  | { readonly kind: "round"; readonly operations: number; readonly collectsGarbage: boolean };

export interface Round extends Reading {
  readonly operations: number;
}

/** A message from a participant's process. It sends `ready` without a request, once it is prepared. */
export type Reply =
  | { readonly kind: "ready"; readonly answers: Answers }
  | { readonly kind: "warm" }
  | { readonly kind: "round"; readonly round: Round }
  | { readonly kind: "failed"; readonly message: string };
