import { describeBesideTheVendor } from "./beside-the-vendor.js";

// A sample. The long test has a thousand changes.
describeBesideTheVendor(60);
