import "./server-faults.test.js";
