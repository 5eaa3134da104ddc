const SHAPES =
  '<circle cx="8" cy="8" r="7" fill="#1f7a4d"/><path d="M8 1a7 7 0 0 1 6.06 10.5L8 8z" fill="#8fdcb2"/></svg>';

/** The product mark, a circle split in two, as inline SVG. Hidden from screen readers, because the name is next to it. */
export const MARK: string = `<svg viewBox="0 0 16 16" aria-hidden="true">${SHAPES}`;

/** The product mark as an SVG file, for the icon of the browser's tab. */
export const MARK_FILE: string = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${SHAPES}`;
