import "./sequences.test.js";
