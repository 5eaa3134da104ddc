// All cases.
import "./history.test.js";
