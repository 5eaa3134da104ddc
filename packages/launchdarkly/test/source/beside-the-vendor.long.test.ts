import { describeBesideTheVendor } from "./beside-the-vendor.js";

describeBesideTheVendor(300);
