/**
 * `String.prototype.charCodeAt`, for loops over strings: `charCodeAt.call(text, index)`.
 *
 * Once any module of the process defines a class that extends `String`, as ioredis 6 does, V8 does not inline
 * `text.charCodeAt(index)` any more: a loop takes six times as long (Node 20). A constant function is inlined always,
 * but only within one file of the build, and only if it is declared as `const name = …`, not by destructuring.
 */
export const charCodeAt: (this: string, index: number) => number = String.prototype.charCodeAt;
