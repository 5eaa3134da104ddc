export declare class Timer {
  unref(): void;
}
