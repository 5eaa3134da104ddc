// All vendors.
import "./manifest.test.js";
