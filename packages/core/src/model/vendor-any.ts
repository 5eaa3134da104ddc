/** Where a vendor's types are `any`, so are those of the package in its place: code that was written for them compiles. */
// biome-ignore lint/suspicious/noExplicitAny: the vendors'
export type VendorAny = any;
