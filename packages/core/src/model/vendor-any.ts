/** Drop-ins use `any` where the vendor uses `any`, so that programs written for the vendor's types compile. */
// biome-ignore lint/suspicious/noExplicitAny: the vendors'
export type VendorAny = any;
