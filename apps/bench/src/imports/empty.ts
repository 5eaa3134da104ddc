// What starting a process costs by itself.
export {};
