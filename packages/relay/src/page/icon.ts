/** The project's logo, a circle split in two. */
const MARK =
  '<circle cx="8" cy="8" r="7" fill="#1f7a4d"/><path d="M8 1a7 7 0 0 1 6.06 10.5L8 8z" fill="#8fdcb2"/>';

/** The icon of all pages. */
export const ICON: string = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${MARK}</svg>`;
