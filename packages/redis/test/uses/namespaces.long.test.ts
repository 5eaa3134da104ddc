import "./namespaces.test.js";
