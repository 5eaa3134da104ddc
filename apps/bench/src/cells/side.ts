/** Whose figure it is: of a package of this repository, of a vendor's SDK, or of a lower bound. */
export type Side = "ours" | "vendor" | "floor";

/** The side of a participant, by its name: ours all name the project, floors all start alike. */
export function sideOf(name: string): Side {
  if (name.startsWith("floor")) return "floor";
  return name.includes("sortition") ? "ours" : "vendor";
}
