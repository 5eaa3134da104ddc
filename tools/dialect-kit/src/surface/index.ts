export { checkSurface, describeSurface, type SurfaceLists } from "./describe.js";
export { Surface } from "./surface.js";
export type { SurfaceSource } from "./surface-names.js";
