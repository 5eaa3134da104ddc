// All pairs of vendors.
import "./shadow.test.js";
