// Each client with each vendor.
import "./sdks.test.js";
