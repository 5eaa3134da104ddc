export { assertAssigned, assertExposed, assertExposedNothing } from "./matchers/assertions.js";
export type { ExpectedExposure } from "./matchers/exposed.js";
