import "./two-vendors.test.js";
