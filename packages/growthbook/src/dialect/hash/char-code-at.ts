/**
 * `String.prototype.charCodeAt`, for loops over strings: `charCodeAt.call(text, index)`.
 *
 * See the module of the same name in `@sortition/core`. A constant of another file is not compiled into a loop.
 */
export const charCodeAt: (this: string, index: number) => number = String.prototype.charCodeAt;
