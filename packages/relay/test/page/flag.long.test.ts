// All vendors.
import "./flag.test.js";
