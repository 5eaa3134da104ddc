// The same with the vendor's package.
import "./beside-the-vendor.test.js";
