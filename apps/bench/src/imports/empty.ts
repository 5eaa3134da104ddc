// Measures the cost of starting a process.
export {};
