// All faults.
import "./remote-faults.test.js";
