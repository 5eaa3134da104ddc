// All faults.
import "./roles.test.js";
