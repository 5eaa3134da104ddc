// All cases.
import "./decided.test.js";
