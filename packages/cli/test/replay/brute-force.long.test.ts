import "./brute-force.test.js";
