// All faults.
import "./delivery-faults.test.js";
