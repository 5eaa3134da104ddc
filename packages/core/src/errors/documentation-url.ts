/** Address of the documentation, followed by a page: `/guides/edge.md`. Messages contain it because packages do not contain `docs`. */
export const DOCUMENTATION_URL = "https://github.com/sortition/sortition/blob/main/docs";
