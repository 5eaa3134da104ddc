export type { VendorAny } from "@sortition/core/dialect";
