/** A drop-in declares `any` where the vendor declares `any`, so that programs written for the vendor's types compile. */
// biome-ignore lint/suspicious/noExplicitAny: the vendors'
export type VendorAny = any;
