/** Colours of an explanation. */
export type PaintColor = "red" | "green" | "yellow" | "dim";

/** Adds colour to a string, or returns it unchanged. */
export type Paint = (text: string, color: PaintColor) => string;
