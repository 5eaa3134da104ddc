export { describeSurface, type SurfaceLists } from "./describe.js";
export { readSurface, type SurfaceSource } from "./read-surface.js";
