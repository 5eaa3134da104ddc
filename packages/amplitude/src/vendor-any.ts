/** Where the vendor's types are `any`, so are these: code that was written for them compiles. */
// biome-ignore lint/suspicious/noExplicitAny: the vendor's
export type VendorAny = any;
