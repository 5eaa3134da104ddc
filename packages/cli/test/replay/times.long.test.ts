import "./times.test.js";
