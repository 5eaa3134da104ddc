/** Width of text output, in characters. */
export const WIDTH = 100;
