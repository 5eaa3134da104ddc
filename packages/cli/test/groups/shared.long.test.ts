// All pairs of vendors.
import "./shared.test.js";
